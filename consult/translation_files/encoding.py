"""The characters of a file that claims to be text."""

import codecs

from consult.translation_files.faults import FileFault, TranslationFileError

_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def decoded(content: bytes) -> str:
    """The text of a file in UTF-8, or in UTF-16 that says so, as Excel writes "Unicode text".

    Raises
    ------
    TranslationFileError
        If it is in another encoding.
    """
    for mark, encoding in _UTF_16.items():
        if content.startswith(mark):
            return _strictly(content[len(mark) :], encoding)
    return _strictly(content.removeprefix(codecs.BOM_UTF8), "utf-8")


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].decode(encoding, "replace").count("\n") + 1
        raise TranslationFileError(FileFault.WRONG_ENCODING, line=line) from error
