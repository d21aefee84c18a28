"""When answers are taken, to the second."""

from datetime import UTC, datetime, timedelta

import pytest

from consult.services.timing import Phase, Timing, TooLate, judge, phase
from tests.support.consultations import example

SECOND = timedelta(seconds=1)
OPENS = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CLOSES = datetime(2026, 3, 31, 22, 59, tzinfo=UTC)  # 23:59 in summer time
DEADLINE = datetime(2026, 3, 31, 23, 29, tzinfo=UTC)  # after half an hour of grace
LATE_UNTIL = datetime(2026, 4, 2, 11, 0, tzinfo=UTC)
BEGUN = datetime(2026, 3, 31, 22, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (OPENS - SECOND, Phase.BEFORE),
        (OPENS, Phase.OPEN),
        (CLOSES - SECOND, Phase.OPEN),
        (CLOSES, Phase.GRACE),
        (DEADLINE - SECOND, Phase.GRACE),
        (DEADLINE, Phase.CLOSED),
        (LATE_UNTIL + SECOND, Phase.CLOSED),
    ],
)
def test_phases_begin_and_end_to_the_second(now, expected):
    assert phase(example(), now) is expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (OPENS - SECOND, Phase.BEFORE),
        (OPENS, Phase.PAUSED),
        (DEADLINE - SECOND, Phase.PAUSED),
        (DEADLINE, Phase.CLOSED),
    ],
)
def test_a_pause_counts_while_answers_would_be_taken(now, expected):
    assert phase(example().model_copy(update={"paused": True}), now) is expected


def test_without_grace_closing_is_the_end():
    strict = example().model_copy(update={"grace_minutes": 0})
    assert phase(strict, CLOSES - SECOND) is Phase.OPEN
    assert phase(strict, CLOSES) is Phase.CLOSED


@pytest.mark.parametrize(
    ("started", "finished", "received", "expected"),
    [
        # The server has it before the deadline: whatever the device says.
        (BEGUN, None, BEGUN, Timing.ON_TIME),
        (BEGUN, None, DEADLINE - SECOND, Timing.ON_TIME),
        (CLOSES - SECOND, None, DEADLINE - SECOND, Timing.ON_TIME),
        (BEGUN, DEADLINE, DEADLINE - SECOND, Timing.ON_TIME),
        (BEGUN, BEGUN - timedelta(days=400), DEADLINE - SECOND, Timing.ON_TIME),
        # From the deadline on the device's clock has to say that it was finished in time.
        (BEGUN, None, DEADLINE, None),
        (BEGUN, DEADLINE - SECOND, DEADLINE, Timing.LATE),
        (BEGUN, DEADLINE, DEADLINE, None),
        (BEGUN, DEADLINE + timedelta(minutes=5), DEADLINE, None),
        # Finished long after it was received: a clock that is wrong settles nothing.
        (BEGUN, DEADLINE + timedelta(minutes=5, seconds=1), DEADLINE, Timing.DOUBTFUL),
        (BEGUN, LATE_UNTIL + timedelta(days=1), LATE_UNTIL, Timing.DOUBTFUL),
        (BEGUN, DEADLINE - SECOND, LATE_UNTIL, Timing.LATE),
        (BEGUN, BEGUN, LATE_UNTIL, Timing.LATE),
        (BEGUN, BEGUN - SECOND, LATE_UNTIL, Timing.DOUBTFUL),
        # What was begun after closing is never taken.
        (CLOSES, None, CLOSES + SECOND, None),
        (CLOSES, CLOSES, DEADLINE - SECOND, None),
        (CLOSES - SECOND, CLOSES, DEADLINE, Timing.LATE),
        # Nothing is taken after late_until.
        (BEGUN, CLOSES, LATE_UNTIL + SECOND, None),
        (BEGUN, None, LATE_UNTIL + SECOND, None),
    ],
)
def test_responses_are_judged_by_when_they_came(started, finished, received, expected):
    def judged():
        return judge(
            example(), started_at=started, finished_at_device=finished, received_at=received
        )

    if expected is None:
        with pytest.raises(TooLate):
            judged()
    else:
        assert judged() is expected


@pytest.mark.parametrize(
    ("started", "finished", "received", "expected"),
    [
        # A clock that was moved refuses nothing, and proves nothing.
        (BEGUN, BEGUN, DEADLINE - SECOND, Timing.ON_TIME),
        (CLOSES + timedelta(days=9), None, CLOSES - SECOND, Timing.ON_TIME),
        (CLOSES + timedelta(days=9), None, DEADLINE - SECOND, Timing.ON_TIME),
        (BEGUN, DEADLINE - SECOND, DEADLINE, Timing.DOUBTFUL),
        (BEGUN, DEADLINE, DEADLINE, Timing.DOUBTFUL),
        (CLOSES, DEADLINE, LATE_UNTIL, Timing.DOUBTFUL),
        (BEGUN, CLOSES, LATE_UNTIL + SECOND, None),
    ],
)
def test_a_clock_that_was_moved_is_not_judged_by(started, finished, received, expected):
    def judged():
        return judge(
            example(),
            started_at=started,
            finished_at_device=finished,
            received_at=received,
            clock_is_credible=False,
        )

    if expected is None:
        with pytest.raises(TooLate):
            judged()
    else:
        assert judged() is expected
