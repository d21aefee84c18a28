"""The sentences of the analysis in the language of the page, and names in them.

Sentences are written once, in :mod:`analysis.representation.telling`, which knows no catalogue.
Each that a page can show stands here once more, word for word, so that catalogues get it; a test
compares them.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from babel.lists import format_list
from flask_babel import format_decimal, format_percent, get_locale, gettext

from analysis.disclosure import Percentage, Published, Reason
from analysis.representation.telling.sentences import Count, Message, Percent, Value
from analysis.tables import matching_key
from consult.document.model import OUTSIDE_AREA, QuestionKind
from consult.document.model import Consultation as Document
from consult.forms.bidirectional import isolated
from consult.services.watching.respondents import asked
from consult.telling.marking import N_

# Translators: what follows is said about groups of residents, such as "Muslim" or "16 to 24".
# "Under" means fewer than their share of residents, "over" means more; a "flag" is a sign that
# a group is missing. %% stands for one percent sign.
MARKED = (
    N_(
        "%(group)s: %(respondents)s of %(known)s responses (%(share)s), but %(population)s of"
        " residents. That is clearly under."
    ),
    N_(
        "%(group)s: %(respondents)s of %(known)s responses (%(share)s), but %(population)s of"
        " residents. That looks under. It is an early sign and may change."
    ),
    N_(
        "%(group)s: %(respondents)s of %(known)s responses (%(share)s), but %(population)s of"
        " residents. That looks under, but among so many groups one can look so by chance."
    ),
    N_(
        "%(group)s: %(respondents)s of %(known)s responses (%(share)s), but %(population)s of"
        " residents. That is clearly over."
    ),
    N_(
        "%(group)s: %(respondents)s of %(known)s responses (%(share)s), but %(population)s of"
        " residents. That looks over. It is an early sign and may change."
    ),
    N_(
        "%(group)s: %(respondents)s of %(known)s responses (%(share)s), but %(population)s of"
        " residents. That looks over, but among so many groups one can look so by chance."
    ),
    N_(
        "%(group)s: %(respondents)s of %(known)s responses (%(share)s), and %(population)s of"
        " residents. That is in line."
    ),
    N_(
        "%(group)s: %(respondents)s of %(known)s responses (%(share)s), and %(population)s of"
        " residents. There are too few responses to tell."
    ),
    N_(
        "%(group)s: none of %(known)s responses so far, and %(population)s of residents. It "
        "needs about %(needed)s responses before silence means anything."
    ),
    N_("%(group)s: nobody has answered this question yet."),
    N_("%(group)s: there is no figure for residents to compare with."),
    N_("%(group)s: all residents are in this group, so there is nothing to compare."),
    N_("%(group)s: it needs about %(needed)s responses before silence means anything."),
    N_("%(group)s: these counts fit a share from %(low)s to %(high)s of those who respond."),
    N_("Under"),
    N_("In line"),
    N_("Over"),
    N_("Too few to tell"),
    N_("Confirmed"),
    N_("Early sign"),
    N_("No flag"),
    N_("%(unknown)s of %(everybody)s people (%(share)s) did not say."),
    N_("%(group)s: with those who did not say, from %(low)s to %(high)s of all who responded."),
    N_(
        "%(group)s: the flag would disappear if at least %(tipping)s of the %(unknown)s who "
        "did not say belong to this group."
    ),
    N_(
        "%(group)s: the flag would disappear if at least %(tipping)s of the %(unknown)s who "
        "did not say belong to other groups."
    ),
    N_(
        "%(group)s: even if all who did not say (%(unknown)s) belonged to this group, it "
        "would still be under."
    ),
    N_(
        "%(group)s: even if all who did not say (%(unknown)s) belonged to other groups, it "
        "would still be over."
    ),
    N_("So many people did not say that this counts as an early sign only."),
    N_(
        "%(dimension)s: the make-up of responses is %(similarity)s like that of residents. A "
        "random sample of the same size would be %(by_chance)s like it."
    ),
    N_(
        "%(dimension)s: the make-up of responses is %(similarity)s like that of residents, as"
        " close as a random sample of the same size."
    ),
    N_("%(share)s of responses would have to come from other groups to match."),
    N_(
        "Weighted to residents, these %(known)s responses would tell as much as about "
        "%(effective)s."
    ),
    N_("Weighting cannot mend this: there is no response from %(groups)s."),
    N_("%(dimension)s: nobody has answered yet, so there is no score."),
    N_("%(dimension)s: residents are all in one group, so there is no score."),
    N_(
        "%(group)s: however often one looks, the share of those who respond lies from %(low)s"
        " to %(high)s (with 95 %% confidence)."
    ),
    N_("Confirmed flags rest on the responses of this stage alone: %(stage)s."),
    N_("%(group)s: confirmed as under in an earlier stage: %(stages)s."),
    N_("%(group)s: confirmed as over in an earlier stage: %(stages)s."),
    N_("If responses arrived independently, a gap this size would be unlikely by chance."),
    N_("This is not a margin of error for residents' opinions: respondents chose themselves."),
    N_("A group that is in line can still differ from residents in what was not asked."),
    N_("A flag is a reason to reach out. It never makes a response count less."),
    N_(
        "Confirmed flags may be looked at every day: on average at most %(rate)s of them are false."
    ),
    N_("Early signs may go again as more responses arrive."),
    N_(
        "People could choose several answers, so shares can add up to more than 100 %%. Each "
        "group is compared with everybody else."
    ),
    N_("Compared with: %(base)s, %(source)s, %(date)s."),
    N_(
        "Shares of responses beside shares of residents for %(groups)s groups: %(under)s "
        "under, %(in_line)s in line, %(over)s over, %(too_few)s with too few responses to "
        "tell. Below its share by most: %(lowest)s."
    ),
    N_(
        "Shares of responses beside shares of residents for %(groups)s groups: %(under)s "
        "under, %(in_line)s in line, %(over)s over, %(too_few)s with too few responses to "
        "tell."
    ),
    N_("No group has responses to compare yet."),
    N_("%(responses)s responses from %(first)s to %(last)s. Most came on %(busiest)s: %(most)s."),
    N_(
        "%(responses)s responses from %(first)s to %(last)s. Most came in the %(days)s days "
        "from %(busiest)s: %(most)s."
    ),
    N_("No responses yet."),
    N_("Group"),
    N_("Responses"),
    N_("Share of responses"),
    N_("Share of residents"),
    N_("State"),
    N_("Day"),
    N_("Days from"),
    N_("Total so far"),
    N_("No group is flagged."),
    N_("In line: %(groups)s."),
    N_("Too few responses to tell: %(groups)s."),
    N_(
        "Too few responses to tell; in brackets how many it needs before silence means "
        "anything: %(groups)s."
    ),
    N_(
        "%(people)s people answered what the population file has no category for. They are "
        "counted here and compared with nobody: %(answers)s."
    ),
    N_(
        "If this is the one analysis that was planned for after closing, early signs stand as well."
    ),
    N_(
        "If everybody answered alike, %(enough)s of %(areas)s areas would have five responses"
        " or more. For most areas it is too early to judge."
    ),
)
"""English sentences of the analysis that pages show."""

ONE_DECIMAL_FROM = 1_000
"""As :func:`analysis.disclosure.percentage` has it."""

TOO_SMALL: Mapping[str, str] = {
    "under.confirmed": N_("%(group)s: clearly under their %(population)s of residents."),
    "under.early": N_(
        "%(group)s: this looks under their %(population)s of residents. It is an early sign and "
        "may change."
    ),
    "under.none": N_(
        "%(group)s: this looks under their %(population)s of residents, but among so many groups "
        "one can look so by chance."
    ),
    "over.confirmed": N_("%(group)s: clearly over their %(population)s of residents."),
    "over.early": N_(
        "%(group)s: this looks over their %(population)s of residents. It is an early sign and "
        "may change."
    ),
    "over.none": N_(
        "%(group)s: this looks over their %(population)s of residents, but among so many groups "
        "one can look so by chance."
    ),
}
"""What is said of a group whose number is too small to be shown, by its state and its tier."""


def sentence(said: Message) -> str:
    """A sentence of the analysis, in the language and the digits of the page."""
    return gettext(said.text) % {name: value_words(value) for name, value in said.values.items()}


def value_words(value: Value) -> str:
    """A number, a share or a name within a sentence."""
    if isinstance(value, Count):
        return str(format_decimal(value.value))
    if isinstance(value, Percent):
        return percent_words(value)
    return isolated(value)


def percent_words(share: Percent) -> str:
    """A share with as many decimals as the analysis gives it."""
    english = str(share).removesuffix(" %")
    pattern = "#,##0.0%" if "." in english else "#,##0%"
    if english.startswith("<"):
        # Translators: a share of people that is very small, but not nothing
        return gettext(
            "under %(percent)s", percent=format_percent(Decimal(english[1:]) / 100, pattern)
        )
    if english.startswith(">"):
        # Translators: a share of people that is nearly all, but not quite
        return gettext(
            "over %(percent)s", percent=format_percent(Decimal(english[1:]) / 100, pattern)
        )
    return str(format_percent(Decimal(english) / 100, pattern))


def public_decimals(people: Published) -> int:
    """How many decimals a share of published numbers has, by the rule."""
    return 0 if people.value is None or people.value < ONE_DECIMAL_FROM else 1


def public_percent(share: Percentage, people: Published) -> Percent:
    """A share of published numbers as a part of a sentence."""
    return Percent((share.value or 0.0) / 100, public_decimals(people))


def number_words(figure: Published) -> str:
    """A number of people, or why it is not said."""
    if figure.value is not None:
        return str(format_decimal(figure.value))
    if figure.reason is Reason.SMALL and figure.high is not None:
        # Translators: in place of a number of people that is too small to be shown
        return gettext("fewer than %(number)s", number=format_decimal(figure.high + 1))
    # Translators: in place of a number of people that is held back
    return gettext("not shown")


def listed(names: Iterable[str]) -> str:
    """Names in a row, each with its own direction of writing."""
    return str(format_list([isolated(name) for name in names], locale=get_locale() or "en"))


def dimension_name(dimension: str) -> str:
    """What people are compared by, as a heading."""
    words = {
        "age": gettext("Age"),
        "sex": gettext("Sex"),
        "gender_identity": gettext("Gender identity"),
        "ethnic_group": gettext("Ethnic group"),
        "religion": gettext("Religion"),
        "disability": gettext("Disability"),
        "sexual_orientation": gettext("Sexual orientation"),
        "main_language": gettext("Main language"),
        "ward": gettext("Ward"),
    }
    plain = dimension.replace("_", " ")
    # Figures that come along may be of the same thing, cut otherwise: "age_18".
    base = dimension.rstrip("0123456789").rstrip("_")
    return words.get(base, plain[:1].upper() + plain[1:])


def category_names(document: Document, dimension: str) -> dict[str, str]:
    """What the answers of a dimension are called, by category, in the document's language.

    Several options of one category are named together.
    """
    question = asked(document).get(dimension)
    if question is None:
        return {}
    if question.kind is QuestionKind.WARD:
        return ward_names(document)
    found: dict[str, list[str]] = {}
    for option in question.options:
        found.setdefault(matching_key(option.category or option.key), []).append(str(option.label))
    return {key: " / ".join(labels) for key, labels in found.items()}


def ward_names(document: Document) -> dict[str, str]:
    """The names of wards by their codes."""
    names = {matching_key(area.code): area.name for area in document.areas}
    return names | {matching_key(OUTSIDE_AREA): gettext("Outside the area")}


def category_name(names: Mapping[str, str], category: str) -> str:
    """The name of one category, or what the figures of residents call it."""
    return names.get(matching_key(category), category)
