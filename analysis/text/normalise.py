"""One spelling for what looks the same, with nothing hidden left in it.

The result is for comparing, embedding and counting. It is not for display: compatibility
forms ("ﬁ", "①", full-width letters) are gone, so the caller keeps the original.
"""

import functools
import re
import unicodedata

# Soft hyphen, combining grapheme joiner (kept: it is a mark), zero-width space, direction
# marks, embeddings, overrides and isolates, invisible operators, annotation anchors, byte
# order mark, tags. Not the two joiners: Persian, Urdu and Bengali spell with them.
_INVISIBLE = (
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f"
)
_NOT_CHARACTERS = "\ud800-\udfff\ufdd0-\ufdef" + "".join(
    chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF)
)
_CONTROLS = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
_REMOVED = re.compile(f"[{_CONTROLS}{_INVISIBLE}{_NOT_CHARACTERS}]")

# What Python and Unicode call the end of a line; \x1c to \x1e are its information separators.
_LINE_ENDS = "\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_OTHER_LINE_ENDS = re.compile(f"[{_LINE_ENDS}]")
_ASCII: dict[int, str | None] = dict.fromkeys((*range(9), *range(14, 28), 127))
_ASCII |= {ord(end): "\n" for end in _LINE_ENDS if end.isascii()}
_JOINER = re.compile("[\u200c\u200d]")
_LOOSE_JOINERS = re.compile("(?<![^\\s\u200c\u200d])[\u200c\u200d]+|[\u200c\u200d]+(?=\\s|\\Z)")
_MANY_JOINERS = re.compile("([\u200c\u200d])[\u200c\u200d]+")

_LONGEST_RUN_OF_MARKS = 30
_GRAPHEME_JOINER = "\u034f"
# One range is looked for ten times as fast as the marks are, and most texts have no such word.
_LONG_WORD = re.compile(f"[\u0300-\U0001efff]{{{_LONGEST_RUN_OF_MARKS + 1}}}")


def normalise(text: str) -> str:
    r"""Fold a text to one spelling.

    Compatibility forms are composed (NFKC). Control characters, direction overrides, zero-width
    characters, surrogates and noncharacters go. Runs of spaces become one space, and runs of
    line ends one line feed, because a line end separates thoughts and a space does not.

    Parameters
    ----------
    text : str
        Any text, also with unpaired surrogates or NUL.

    Returns
    -------
    str
        Encodable as UTF-8; ``normalise(normalise(text)) == normalise(text)``.

    Notes
    -----
    Sorting a long run of combining marks takes time that grows with its square. As in the
    Stream-Safe Text Format [1]_ a grapheme joiner is set after every thirty, so that a text
    made to hurt takes no longer than another.

    References
    ----------
    .. [1] Unicode Standard Annex 15, Unicode Normalization Forms, section 13.

    Examples
    --------
    >>> normalise("  Too\u00a0few\u200b\tbuses\r\n\r\n\u202enow ")
    'Too few buses\nnow'
    """
    if text.isascii():
        text = text.translate(_ASCII)
    else:
        # Line ends first, so that none of them is taken for a control and lost.
        text = _REMOVED.sub("", _OTHER_LINE_ENDS.sub("\n", text))
        text = _split_runs_of_marks(text)
        if not unicodedata.is_normalized("NFKC", text):
            # Composing can make a character out of two, and parting one can lengthen a run.
            text = _split_runs_of_marks(unicodedata.normalize("NFKC", text))
        if _JOINER.search(text):
            text = _MANY_JOINERS.sub(r"\1", _LOOSE_JOINERS.sub("", text))
    # Splitting and joining runs in C; a substitution per space took a minute for 50 MB.
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n"))))


def _split_runs_of_marks(text: str) -> str:
    if _LONG_WORD.search(text) is None:
        return text
    return _long_runs_of_marks().sub(rf"\g<0>{_GRAPHEME_JOINER}", text)


@functools.cache
def _long_runs_of_marks() -> re.Pattern[str]:
    # All marks that move when sorted lie below the emoji, and so do the four characters that
    # do not move themselves and come apart into such marks. The loop takes some milliseconds.
    moving = [
        chr(code)
        for code in range(0x300, 0x1F000)
        if unicodedata.combining(unicodedata.normalize("NFKD", chr(code))[0])
    ]
    group = _as_ranges(moving)
    return re.compile(f"[{group}]{{{_LONGEST_RUN_OF_MARKS}}}(?=[{group}])")


@functools.cache
def marks() -> str:
    r"""Give the combining marks as the inside of a regular expression's character class.

    ``\w`` leaves out the vowel signs of Bengali, Gurmukhi, Devanagari and most scripts of
    India, so a pattern made of it alone tears their words apart.
    """
    found = [
        chr(code) for code in range(0x300, 0x1F000) if unicodedata.category(chr(code))[0] == "M"
    ]
    return _as_ranges([*found, *map(chr, range(0xE0100, 0xE01F0))])


def _as_ranges(characters: list[str]) -> str:
    parts: list[str] = []
    start = previous = characters[0]
    for character in [*characters[1:], ""]:
        if character and ord(character) == ord(previous) + 1:
            previous = character
            continue
        parts.append(start if start == previous else f"{start}-{previous}")
        start = previous = character
    return "".join(parts)


@functools.cache
def word_pattern() -> re.Pattern[str]:
    """Give the pattern of a word: letters, digits and marks, joiners and apostrophes inside."""
    within = rf"[^\W_][{marks()}]*"
    return re.compile(rf"(?:{within})+(?:[\u200c\u200d'’ʼ](?:{within})+)*")


@functools.cache
def _outside_words() -> re.Pattern[str]:
    return re.compile(rf"[^\w {marks()}]+")


_APOSTROPHES = re.compile("['’‘ʼ`\u200c\u200d\u034f]")
_ASCII_KEY: dict[int, str | None] = {
    code: " " for code in range(128) if not chr(code).isalnum()
} | {ord(character): None for character in "'`"}


def listed(words: str) -> frozenset[str]:
    """Give the words of a listing that stands in the code as text."""
    return frozenset(words.split())


def comparison_key(text: str) -> str:
    """Fold a text so far that two copies of it are equal, whatever a form or a phone did to it.

    Case, punctuation, spacing, joiners and apostrophes do not count.

    Examples
    --------
    >>> comparison_key("Don't  CLOSE our—pool!!")
    'dont close our pool'
    >>> comparison_key("?!")
    ''
    """
    folded = normalise(text).casefold()
    if folded.isascii():
        folded = folded.translate(_ASCII_KEY)
    else:
        folded = _outside_words().sub(" ", _APOSTROPHES.sub("", folded).replace("_", " "))
    return " ".join(folded.split())
