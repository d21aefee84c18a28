"""Words for findings about privacy, age, contact, and whom respondents are compared with."""

from datetime import date

from flask_babel import gettext, ngettext

from consult.forms.bidirectional import isolated
from consult.i18n import local_date
from consult.readiness.findings import Code, Finding, Value

Words = tuple[str, str]


def legal(finding: Finding) -> Words | None:
    """What is wrong and the mend; nothing where the finding is about something else."""
    return _privacy(finding) or _age(finding) or _contact(finding) or _population(finding)


def _privacy(finding: Finding) -> Words | None:
    values = finding.values
    match finding.code:
        case Code.ARTICLE_6_UNNAMED:
            return (
                gettext("The text does not name a point of Article 6(1)."),
                gettext("Name it, such as 6(1)(e), public task. The page offers the usual text."),
            )
        case Code.ARTICLE_9_UNNAMED:
            return (
                ngettext(
                    "%(num)s question asks for special category data, and the text does not name "
                    "a point of Article 9(2).",
                    "%(num)s questions ask for special category data, and the text does not name "
                    "a point of Article 9(2).",
                    finding.number("count"),
                ),
                gettext(
                    "Name it, such as 9(2)(g), substantial public interest. The page offers the "
                    "usual text."
                ),
            )
        case Code.SPECIAL_UNMARKED:
            return (
                gettext("This asks for what the law protects most, and is not marked so."),
                gettext("Set “How sensitive the answers are” to special category data."),
            )
        case Code.DELETES_IN_PAST:
            return (
                gettext("The deletion date, %(day)s, is over.", day=_day(values["day"])),
                gettext("Give a day after the consultation and its report."),
            )
        case Code.DELETES_SOON:
            return (
                gettext(
                    "The answers are deleted on %(day)s, less than four weeks after the last can "
                    "come.",
                    day=_day(values["day"]),
                ),
                gettext("Leave time to read them, to report and to decide."),
            )
        case Code.DELETES_LATE:
            return (
                gettext(
                    "The answers are kept until %(day)s, longer than %(years)s years.",
                    day=_day(values["day"]),
                    years=values["years"],
                ),
                gettext(
                    "Keep them only as long as you need them. If that is so long, your data "
                    "protection officer should know why."
                ),
            )
    return None


def _age(finding: Finding) -> Words | None:
    values = finding.values
    match finding.code:
        case Code.AGE_ASSUMED:
            return (
                gettext(
                    "Nobody has said how old people must be: %(age)s is taken.", age=values["age"]
                ),
                gettext("Open the page of dates, look at the age, and save it."),
            )
        case Code.AGE_OF_CHILDREN:
            return (
                gettext("Children of %(age)s may answer.", age=values["age"]),
                gettext(
                    "Children need a privacy text that they understand, and your impact "
                    "assessment has to cover them. Else set an age of 13 or more."
                ),
            )
        case Code.AGE_LEAVES_OUT:
            return (
                gettext(
                    "People may answer from the age of %(age)s, but the ages to choose from begin "
                    "at %(youngest)s.",
                    age=values["age"],
                    youngest=values["youngest"],
                ),
                gettext("Add an answer for the younger ones, or set another age."),
            )
        case Code.AGE_NEVER_CHOSEN:
            return (
                gettext(
                    "People may answer from the age of %(age)s, so nobody can choose “%(label)s”.",
                    age=values["age"],
                    label=isolated(values["label"]),
                ),
                gettext("Remove that answer, or set another age."),
            )
    return None


def _contact(finding: Finding) -> Words | None:
    values = finding.values
    match finding.code:
        case Code.NO_PHONE:
            return (
                gettext("There is no phone number for people who need help."),
                gettext("Give one, and say when it is answered."),
            )
        case Code.NO_EMAIL:
            return (
                gettext("There is no e-mail address for people who need help."),
                gettext("Give one, if people may write."),
            )
        case Code.NO_PAPER:
            return (
                gettext("Nobody is told how to answer on paper."),
                gettext("Say how people get the questions on paper, and where to send them."),
            )
        case Code.NO_LARGE_PRINT:
            return (
                gettext("Nobody is told how to get large print, Braille or a recording."),
                gettext("Say whom to ask. Disabled people have a right to it."),
            )
        case Code.NO_SIGN_LANGUAGE:
            return (
                gettext("Nobody is told how to take part in British Sign Language."),
                gettext("Say whom to ask for an interpreter or a video call."),
            )
        case Code.EXAMPLE_ADDRESS:
            return (
                gettext(
                    "“%(address)s” is an address for examples: nothing that people send there "
                    "arrives.",
                    address=isolated(values["address"]),
                ),
                gettext("Write the council’s own."),
            )
    return None


def _population(finding: Finding) -> Words | None:
    values = finding.values
    name = isolated(values.get("name", ""))
    match finding.code:
        case Code.NO_POPULATION:
            return (
                gettext(
                    "There are no figures to compare with, so nobody will see whose voices are "
                    "missing."
                ),
                gettext("Add figures of the Census or your own, with their source and date."),
            )
        case Code.NO_RESIDENTS:
            return (
                gettext("Everybody who answers is compared with the people who live here."),
                gettext("Say which answer tells that somebody lives here, if visitors may answer."),
            )
        case Code.DIMENSION_NOT_COUNTED:
            return (
                gettext("“%(name)s” has no figures to compare the answers with.", name=name),
                gettext("Add the figures, or take the comparison out of the question."),
            )
        case Code.DIMENSION_NOT_ASKED:
            return (
                gettext("There are figures of “%(name)s”, and no question asks for it.", name=name),
                gettext("Add the question, or remove the figures."),
            )
        case Code.OPTION_NOT_COUNTED:
            return (
                gettext(
                    "“%(label)s” has no category in the figures of “%(name)s”.",
                    label=isolated(values["label"]),
                    name=name,
                ),
                gettext("Choose its category, or add it to the figures."),
            )
        case Code.CATEGORY_NOT_ASKED:
            return (
                gettext(
                    "Nobody can choose “%(category)s” of “%(name)s”: all its people would count as "
                    "missing.",
                    category=isolated(values["category"]),
                    name=name,
                ),
                gettext("Give it an answer, or take it out of the figures."),
            )
        case Code.BASE_DIFFERS:
            names = values["names"]
            return (
                gettext(
                    "The figures of %(names)s count “%(base)s”, but people from %(age)s on may "
                    "answer.",
                    names=", ".join(isolated(each) for each in names)
                    if isinstance(names, tuple)
                    else "",
                    base=isolated(values["base"]),
                    age=values["age"],
                ),
                gettext("Take figures of the same ages, or say so beside every comparison."),
            )
        case Code.COUNTS_EMPTY:
            return (
                gettext("All figures of “%(name)s” are zero.", name=name),
                gettext("Write the figures, or remove them."),
            )
        case Code.COUNTS_UNREADABLE:
            return (
                gettext("Two names in “%(name)s” differ in capital letters only.", name=name),
                gettext("Give each a name of its own."),
            )
        case Code.COUNTS_IN_FUTURE:
            return (
                gettext(
                    "The figures of “%(name)s” are of %(day)s, a day to come.",
                    name=name,
                    day=_day(values["day"]),
                ),
                gettext("Correct the date."),
            )
        case Code.COUNTS_OLD:
            return (
                gettext(
                    "The figures of “%(name)s” are of %(day)s.", name=name, day=_day(values["day"])
                ),
                gettext("Take newer ones, if there are any."),
            )
    return None


def _day(value: Value) -> str:
    return local_date(value) if isinstance(value, date) else str(value)
