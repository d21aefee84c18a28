"""Words about sessions: where they stand, what tablets owe, why something waits."""

from collections.abc import Mapping
from datetime import timedelta

from flask_babel import format_timedelta, gettext, ngettext

from consult.models import Device
from consult.services.assisting.outcomes import Reason
from consult.services.assisting.planning import State
from consult.views.clock import now

STATE_COLOURS: Mapping[str, str] = {State.PLANNED: "blue", State.HELD: "green"}
"""Of the tags; the words say it, the colour repeats it."""


def state_words(state: str) -> str:
    """Where a session stands, for a tag."""
    return {
        # Translators: of a session of a partner that is still to come
        State.PLANNED: gettext("Planned"),
        # Translators: of a session of a partner that took place
        State.HELD: gettext("Held"),
        State.CALLED_OFF: gettext("Called off"),
    }[State(state)]


def state_colour(state: str) -> str:
    """The colour of a session's tag."""
    return STATE_COLOURS.get(state, "grey")


def owed_words(device: Device) -> str:
    """What a tablet said that it still holds, when it was last heard of."""
    if device.seen_at is None:
        return gettext("It has not been heard of yet.")
    parts = []
    if device.owes:
        parts.append(
            ngettext(
                "It still holds %(num)s finished response.",
                "It still holds %(num)s finished responses.",
                device.owes,
            )
        )
        if device.oldest_owed_at is not None:
            age = max(now() - device.oldest_owed_at, timedelta())
            # Translators: %(age)s is a length of time, such as "3 hours"
            parts.append(gettext("The oldest is %(age)s old.", age=format_timedelta(age)))
    else:
        parts.append(gettext("It has sent everything that was finished."))
    if device.unfinished:
        parts.append(
            ngettext(
                "%(num)s person has begun on it and not finished.",
                "%(num)s people have begun on it and not finished.",
                device.unfinished,
            )
        )
    return " ".join(parts)


def kind_words(kind: str) -> str:
    """What an item that waits is."""
    words = {
        "response": gettext("One person’s answers"),
        "talk": gettext("What a table said"),
    }
    return words.get(kind, gettext("Something that cannot be read"))


def why_words(reason: Reason) -> str:
    """Why an item waits, in plain words, for a heading or a table."""
    return {
        Reason.DIFFERENT: gettext("It differs from what was stored before"),
        Reason.CHANGED_SINCE: gettext("Its person has changed it since, with their code"),
        Reason.REVOKED: gettext("The tablet was revoked before it came"),
        Reason.SIGNATURE: gettext("It is not signed by the tablet that it names"),
        Reason.UNKNOWN_DEVICE: gettext("It names a tablet that is not known here"),
        Reason.MISMATCH: gettext("It says two things about where it comes from"),
        Reason.UNKNOWN_KEY: gettext("The key that would open it is not here"),
        Reason.UNREADABLE: gettext("It was damaged on the way"),
        Reason.UNKNOWN_SESSION: gettext("It names a session that this partner does not have"),
        Reason.UNKNOWN_PACK: gettext("It answers questions that nobody was given"),
        Reason.NOT_OPEN: gettext("It came before the consultation opened"),
        Reason.CODE_CLASH: gettext("Its receipt code belongs to another response"),
        Reason.BAD_ANSWERS: gettext("An answer in it is none that the form takes"),
        Reason.NO_ANSWERS: gettext("Nothing is answered in it"),
        Reason.DOUBTFUL: gettext("Nobody can say whether it was written in time"),
    }[reason]


def advice_words(reason: Reason) -> str:
    """What that means, and what may be done about it."""
    return {
        Reason.DIFFERENT: gettext(
            "The tablet sent this once before, with other words, and what came first is stored. "
            "Ask the partner which of the two the person meant. Accepting this one puts it in "
            "the place of the other; refusing leaves the other as it is."
        ),
        Reason.CHANGED_SINCE: gettext(
            "The person has changed their response with their code after the tablet sent it. "
            "Accepting this puts the tablet’s words back in place of the person’s own: refuse "
            "it unless the person asks for that."
        ),
        Reason.REVOKED: gettext(
            "Somebody revoked this tablet, because it was lost or stolen. If the partner has it "
            "back and knows of these answers, accept them. If not, somebody else may have "
            "written them: refuse them."
        ),
        Reason.SIGNATURE: gettext(
            "Somebody may have made it up. It cannot be accepted. Ask the partner whether "
            "anything is missing."
        ),
        Reason.UNKNOWN_DEVICE: gettext(
            "Somebody may have made it up, or the tablet was enrolled at another council. It "
            "cannot be accepted."
        ),
        Reason.MISMATCH: gettext(
            "The outside names another tablet or another response than what is within. Somebody "
            "may have tampered with it. It cannot be accepted."
        ),
        Reason.UNKNOWN_KEY: gettext(
            "It was sealed to a key that this installation does not have any more, for example "
            "after an old backup was restored. The person who runs this installation may have a "
            "newer key file. Without it nobody can read this."
        ),
        Reason.UNREADABLE: gettext(
            "It can be opened, but what stands in it is nothing that a tablet writes. Ask the "
            "partner whether anything is missing; there may be a saved copy of it."
        ),
        Reason.UNKNOWN_SESSION: gettext(
            "The session was of another partner, or is not here any more. Ask the partner where "
            "it was written. It cannot be accepted as long as no such session exists."
        ),
        Reason.UNKNOWN_PACK: gettext(
            "What the tablet asked is not known here, so nobody can say what the answers mean. "
            "It cannot be accepted."
        ),
        Reason.NOT_OPEN: gettext(
            "It was finished and sent before residents could answer: it may have been a trial. "
            "Accept it only if it was not."
        ),
        Reason.CODE_CLASH: gettext(
            "Another person’s response has the same receipt code. Accepting this one gives it a "
            "new code, which its person does not know: they can then not read or withdraw it."
        ),
        Reason.BAD_ANSWERS: gettext(
            "An answer is missing that is required, or is none that can be chosen. Accepting "
            "leaves such answers out and stores the others."
        ),
        Reason.NO_ANSWERS: gettext(
            "Somebody went through the questions without answering any. It cannot be accepted, "
            "because nothing in it could count."
        ),
        Reason.DOUBTFUL: gettext(
            "It came after the consultation closed, and the tablet’s clock does not say when it "
            "was written. Ask the partner on which day the table talked. Accept it only if that "
            "was in time."
        ),
    }[reason]
