"""A catalogue in the PO format of gettext, as Poedit, Weblate and Lokalise read it.

``msgctxt`` names the text, ``msgid`` is the source. A translation that somebody has to look at
is marked ``fuzzy``, and one whose source has changed shows the earlier source after ``#|``.
"""

from collections.abc import Iterable, Iterator

from consult.translation_files.entries import Entry, Outgoing

MARK = "mark:"
"""Begins the comment that tells the translation that was there from what comes back. One word,
for programs break comments into lines between words."""

DIGEST = "X-Consult-Content"
"""The header field of what stands for all source texts."""

_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n", "\t": r"\t", "\r": r"\r"})


def write_po(file: Outgoing) -> bytes:
    """Write a catalogue, in UTF-8."""
    blocks = [_header(file), *(_block(entry) for entry in file.entries)]
    return "\n".join("\n".join(block) + "\n" for block in blocks).encode()


def _header(file: Outgoing) -> Iterator[str]:
    fields = {
        "Project-Id-Version": file.project,
        "Language": file.language.replace("-", "_"),
        "X-Source-Language": file.source_language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        DIGEST: file.digest,
    }
    yield from _comment("# ", [file.title])
    yield 'msgid ""'
    yield 'msgstr ""'
    for name, value in fields.items():
        yield f'"{_escaped(f"{name}: {value}")}\\n"'


def _block(entry: Entry) -> Iterator[str]:
    yield from _comment("#. ", [entry.where, *entry.notes, f"{MARK}{entry.mark}"])
    if entry.unsure:
        yield "#, fuzzy"
        if entry.source_then:
            yield from _said("#| msgid", entry.source_then, "#| ")
    yield f'msgctxt "{_escaped(entry.path)}"'
    yield from _said("msgid", entry.source)
    yield from _said("msgstr", entry.translation)


def _comment(prefix: str, texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for line in text.splitlines():
            yield f"{prefix}{line}".rstrip()


def _said(keyword: str, text: str, prefix: str = "") -> Iterator[str]:
    """A text in quotation marks, each of its lines on a line of its own."""
    lines = text.splitlines(keepends=True)
    if len(lines) < 2:
        yield f'{keyword} "{_escaped(text)}"'
        return
    yield f'{keyword} ""'
    for line in lines:
        yield f'{prefix}"{_escaped(line)}"'


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)
