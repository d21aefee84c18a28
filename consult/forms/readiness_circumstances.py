"""Words for findings about dates, the way through the questions, and people's part in it."""

from datetime import date, datetime

from flask_babel import gettext, ngettext

from consult.forms.bidirectional import isolated
from consult.i18n import local_date, local_time
from consult.languages import native_name
from consult.readiness.findings import Code, Finding, Value
from consult.services.sign_offs import State

Words = tuple[str, str]


def circumstance(finding: Finding) -> Words | None:
    """What is wrong and the mend; nothing where the finding is about something else."""
    return _dates(finding) or _seasons(finding) or _way(finding) or _people(finding)


def _dates(finding: Finding) -> Words | None:
    values = finding.values
    match finding.code:
        case Code.OPENING_PASSED:
            return (
                gettext(
                    "The opening time, %(time)s, is over: it would open at once.",
                    time=_time(values["time"]),
                ),
                gettext("Set another time, if it should open later."),
            )
        case Code.CLOSING_PASSED:
            return (
                gettext("The closing time, %(time)s, is over.", time=_time(values["time"])),
                gettext("Set a later one."),
            )
        case Code.SHORT:
            return (
                ngettext(
                    "It is open for %(num)s day. The law gives no number, but under %(wanted)s "
                    "days groups that meet once a month, and people who need it on paper or in "
                    "another language, are often too late.",
                    "It is open for %(num)s days. The law gives no number, but under %(wanted)s "
                    "days groups that meet once a month, and people who need it on paper or in "
                    "another language, are often too late.",
                    finding.number("days"),
                    wanted=values["wanted"],
                ),
                gettext("Close later, or say under “enough time” why it is enough."),
            )
        case Code.TOO_SHORT:
            return (
                ngettext(
                    "It is open for %(num)s day only. So short a time can be challenged in "
                    "court as unfair.",
                    "It is open for %(num)s days only. So short a time can be challenged in "
                    "court as unfair.",
                    finding.number("days"),
                ),
                gettext(
                    "Close later. Or take a lawyer’s advice, and answer under “enough time” that "
                    "you have."
                ),
            )
        case Code.REOPENS:
            return (
                gettext(
                    "It is open already, and would be closed until %(time)s.",
                    time=_time(values["time"]),
                ),
                gettext("Put the opening time back, or pause it."),
            )
        case Code.CLOSES_EARLIER:
            return (
                gettext(
                    "It would close at %(time)s. Residents were told %(promised)s.",
                    time=_time(values["time"]),
                    promised=_time(values["promised"]),
                ),
                gettext(
                    "Keep what was promised. To end it today, use “Close now” on the page of "
                    "opening and closing."
                ),
            )
        case Code.LANGUAGE_REMOVED:
            return (
                gettext(
                    "%(language)s would be taken away from people who are answering in it.",
                    language=isolated(native_name(str(values["language"]))),
                ),
                gettext("Keep it, unless nobody uses it."),
            )
    return None


def _seasons(finding: Finding) -> Words | None:
    values = finding.values
    match finding.code:
        case Code.CLOSES_ON_WEEKEND:
            return (
                gettext(
                    "It closes at the weekend (%(day)s), when nobody answers the phone.",
                    day=_day(values["day"]),
                ),
                gettext("Close on a working day, so that people can get help on the last one."),
            )
        case Code.CHRISTMAS:
            return (
                gettext("Christmas and New Year fall into it, when many people are away."),
                gettext("Add a week or two to make up for it."),
            )
        case Code.RAMADAN:
            return (
                gettext(
                    "Ramadan falls into it, from about %(begins)s to about %(ends)s. The moon "
                    "decides, so it may be a day or two earlier or later.",
                    begins=_day(values["begins"]),
                    ends=_day(values["ends"]),
                ),
                gettext("Plan visits and meetings so that people who fast can come."),
            )
        case Code.USUAL_ELECTION_DAY:
            return (
                gettext(
                    "%(day)s is the usual day of local elections, and it or the six weeks before "
                    "fall into the consultation. The answer says that there is no election.",
                    day=_day(values["day"]),
                ),
                gettext("Ask your elections team, and answer again if there is one."),
            )
    return None


def _way(finding: Finding) -> Words | None:
    match finding.code:
        case Code.UNREACHABLE:
            return (
                gettext("Nobody can ever be asked this: its conditions exclude each other."),
                gettext("Change the conditions, or remove the question."),
            )
        case Code.REQUIRED_PERSONAL:
            return (
                gettext("It asks for something personal, and nobody can go on without answering."),
                gettext("Let people skip it, unless you cannot do without it."),
            )
        case Code.REQUIRED_WORDS:
            return (
                gettext("Nobody can go on without answering, not even who does not know."),
                gettext("Let people skip it, unless you cannot do without it."),
            )
        case Code.REQUIRED_WITHOUT_WAY_OUT:
            return (
                gettext("Somebody whom none of the answers fits cannot go on."),
                gettext("Add an answer such as “None of these”, or let people skip it."),
            )
    return None


def _people(finding: Finding) -> Words | None:
    values = finding.values
    match finding.code:
        case Code.UNANSWERED:
            return (
                gettext("Nobody has answered this question yet."),
                gettext("Answer it in your own words. Your name and the day are noted."),
            )
        case Code.ANSWER_OUTDATED:
            return (
                gettext("%(name)s answered this for other dates.", name=isolated(values["name"])),
                gettext("Read the answer again: change it, or confirm that it is still right."),
            )
        case Code.NOT_PREVIEWED:
            return (
                gettext("No colleague has gone through it and sent test answers."),
                gettext("Make a private link, and ask somebody to try it on their phone."),
            )
        case Code.NOT_SIGNED_OFF:
            return _sign_off(State(str(values["state"])))
    return None


def _sign_off(state: State) -> Words:
    match state:
        case State.WAITING:
            return (
                gettext("A second person was asked to sign it off, and has not yet."),
                gettext("Ask them to look at it."),
            )
        case State.DECLINED:
            return (
                gettext("The second person declined to sign it off."),
                gettext("Read why, put it right, and ask again."),
            )
        case State.VOID:
            return (
                gettext("Something has changed since it was signed off."),
                gettext("Ask for the second person’s word again."),
            )
    return (
        gettext("No second person has signed it off."),
        gettext("Ask for it: another officer has to agree before residents see this."),
    )


def _day(value: Value) -> str:
    return local_date(value) if isinstance(value, date) else str(value)


def _time(value: Value) -> str:
    return local_time(value) if isinstance(value, datetime) else str(value)
