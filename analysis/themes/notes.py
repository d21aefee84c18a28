"""What a reader of a run should know before relying on it, a line each."""

from analysis.themes.centring import CentringReport
from analysis.themes.embedding.protocol import Embedder
from analysis.themes.prepare import Prepared, RowStatus, content_languages


def notes_on(prepared: Prepared, embedder: Embedder, centring: CentringReport) -> tuple[str, ...]:
    """Return the notes on a run, most important first.

    Parameters
    ----------
    prepared : Prepared
    embedder : Embedder
        The one that was used.
    centring : CentringReport
        What was done about the languages of the distinct units.
    """
    notes = []
    repeated = len(prepared.respondent) - len(prepared.respondents)
    if repeated:
        notes.append(
            f"{number(repeated, 'row')} with an id that occurred before: rows of one id are "
            "counted as one respondent."
        )
    letters = int(prepared.campaign.max(initial=-1)) + 1
    if letters:
        copies = int((prepared.campaign >= 0).sum())
        notes.append(
            f"{copies:,} respondents sent a copy of {number(letters, 'letter')}. They are in "
            "every count; beside it stands the count with each letter taken once."
        )
    uncertain = sum(
        unsure and status is RowStatus.CONTENT
        for unsure, status in zip(prepared.uncertain, prepared.status, strict=True)
    )
    if uncertain:
        notes.append(f"The language of {number(uncertain, 'answer')} could not be told for sure.")
    long_texts = len(embedder.long_texts(prepared.key_text))
    if long_texts:
        notes.append(f"{number(long_texts, 'statement')} too long to be read in one piece.")
    # In one language there is no shift to take out.
    if centring.centred or len(content_languages(prepared)) > 1:
        notes += centring.notes
    return tuple(notes)


def number(count: int, noun: str) -> str:
    """Return a count with its noun, which takes an s in the plural.

    Examples
    --------
    >>> number(1, "letter"), number(1200, "row")
    ('1 letter', '1,200 rows')
    """
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
