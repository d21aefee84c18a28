"""The e-mail that tells of newly confirmed flags.

It holds no figure of those who answered. An e-mail is forwarded and kept; and where a question has
two groups, the count of one and of all gives the other away, however small it is.
"""

from flask_babel import force_locale, gettext, ngettext
from werkzeug.routing import Map

from analysis.representation.comparison.gaps import State
from analysis.representation.telling.sentences import percents
from analysis.tables import matching_key
from consult.config import Settings
from consult.document.model import Consultation as Document
from consult.document.texts import localised
from consult.models import FlagNotice
from consult.services.watching import organisations, respondents
from consult.services.watching.digests import Digest
from consult.sign_in.mail import Letter

SWITCH = "#digest"
"""Where on the page of outreach the e-mails are switched off."""


def letter(settings: Settings, addresses: Map, digest: Digest, document: Document) -> Letter:
    """The e-mail for one person, in the language of their account.

    Parameters
    ----------
    settings : Settings
        With the public address of the service.
    addresses : werkzeug.routing.Map
        Of the application.
    digest : Digest
    document : consult.document.model.Consultation
        The consultation that it is about.
    """
    language = digest.account.language if digest.account.language in settings.languages else "en"
    with force_locale("en_GB" if language == "en" else language):
        shown = localised(document, language)
        return Letter(
            to=digest.account.email,
            # Translators: subject of an e-mail
            subject=gettext("Consult: a group is clearly under or over"),
            text="\n\n".join(_parts(settings, addresses, digest, shown, language)) + "\n",
        )


def _parts(
    settings: Settings, addresses: Map, digest: Digest, shown: Document, language: str
) -> list[str]:
    count = len(digest.notices)
    dashboard = _address(settings, addresses, "staff.watch", digest, language)
    outreach = _address(settings, addresses, "staff.outreach", digest, language)
    return [
        ngettext(
            "In the consultation “%(title)s” one flag is newly confirmed:",
            "In the consultation “%(title)s” %(num)s flags are newly confirmed:",
            count,
            title=str(shown.title),
        ),
        "\n".join(f"- {_sentence(notice, shown)}" for notice in digest.notices),
        gettext("A flag is a reason to reach out. It never makes a response count less."),
        gettext("The figures are on the dashboard, and not in this e-mail:") + f"\n{dashboard}",
        gettext("Whom to ask, and how many:") + f"\n{outreach}",
        gettext(
            "You get this e-mail because you asked for it, at most once a day for each "
            "consultation. To get no more, switch it off here:"
        )
        + f"\n{outreach}{SWITCH}",
    ]


def _sentence(notice: FlagNotice, shown: Document) -> str:
    """One flag in words."""
    group, share = _name(notice, shown), _share(notice, shown)
    if share is None:
        if notice.state == State.UNDER:
            return gettext("%(group)s: clearly under.", group=group)
        return gettext("%(group)s: clearly over.", group=group)
    if notice.state == State.UNDER:
        return gettext(
            "%(group)s: clearly under. Their share of responses is clearly below their share of "
            "residents, which is %(share)s.",
            group=group,
            share=share,
        )
    return gettext(
        "%(group)s: clearly over. Their share of responses is clearly above their share of "
        "residents, which is %(share)s.",
        group=group,
        share=share,
    )


def _name(notice: FlagNotice, shown: Document) -> str:
    """A group with its question, and its ward where the flag is of one."""
    areas = {matching_key(area.code): area.name for area in shown.areas}
    if notice.dimension == respondents.area_dimension(shown):
        return areas.get(matching_key(notice.category), notice.category)
    asked = {each.name: each for each in organisations.dimensions_of(shown)}
    if notice.dimension not in asked:
        return notice.category
    dimension = asked[notice.dimension]
    names = {matching_key(held): str(label) for held, label in dimension.categories.items()}
    name, label = names.get(matching_key(notice.category), notice.category), str(dimension.label)
    if notice.area:
        ward = areas.get(matching_key(notice.area), notice.area)
        # Translators: a group of people, the question that they answered so, and their ward
        return gettext(
            "%(group)s (%(question)s), in %(ward)s", group=name, question=label, ward=ward
        )
    # Translators: a group of people, and the question that they answered so
    return gettext("%(group)s (%(question)s)", group=name, question=label)


def _share(notice: FlagNotice, shown: Document) -> str | None:
    """A group's share of residents, where there are figures of it still."""
    population = respondents.population(shown)
    area = notice.area or None
    if not population.has(notice.dimension, area):
        return None
    reference = population.dimension(notice.dimension, area).answered()
    for category, count in zip(reference.categories, reference.counts, strict=True):
        if matching_key(category) == matching_key(notice.category):
            return str(percents(count / reference.total)[0])
    return None


def _address(
    settings: Settings, addresses: Map, endpoint: str, digest: Digest, language: str
) -> str:
    """A page's address for people, wherever the service runs."""
    values = {"language": language, "slug": digest.stored.slug}
    return f"{settings.public_url}{addresses.bind('localhost').build(endpoint, values)}"
