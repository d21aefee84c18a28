"""What to say of a translator's file: why it cannot be read, and what it would do."""

from flask_babel import gettext

from consult.forms.translating_words import language_name
from consult.services.translating_plans import Fate
from consult.translation_files.faults import FileFault, TranslationFileError


def fault_sentence(error: TranslationFileError) -> str:
    """What is wrong with a file, and what to do."""
    values = error.values
    match error.code:
        case FileFault.TOO_LARGE:
            return gettext(
                "The file is larger than %(limit)s MB, and we cannot take that.", **values
            )
        case FileFault.WRONG_ENCODING:
            return gettext(
                "Some letters cannot be read, first in line %(line)s. Save the file with the "
                "encoding UTF-8, and upload it again.",
                **values,
            )
        case FileFault.SYNTAX:
            return gettext(
                "Line %(line)s is not as a PO file has it. Look for a quotation mark that is "
                "missing there, or save the file again with a program for such files, such as "
                "Poedit.",
                **values,
            )
        case FileFault.PLURAL:
            return gettext(
                "The entry in line %(line)s has plural forms, which no text of a consultation has. "
                "Upload the file that was made from this page.",
                **values,
            )
        case FileFault.NO_CONTEXT:
            return gettext(
                "The entry in line %(line)s does not say which text it translates: the line "
                "“msgctxt” is missing. Start again from the file that was made from this page.",
                **values,
            )
        case FileFault.MISSING_COLUMNS:
            return gettext(
                "The first row does not name these columns: %(columns)s. Copy the headings from "
                "the file that was made from this page.",
                **values,
            )
        case FileFault.REPEATED_COLUMN:
            return gettext(
                "Two columns have the heading %(column)s. Remove one of them, and upload the file "
                "again.",
                **values,
            )
        case FileFault.FORMULA:
            return gettext(
                "Cell %(cell)s holds a formula. Replace it by its text, and upload the file again.",
                **values,
            )
        case FileFault.NO_TEXT:
            return gettext(
                "Cell %(cell)s holds a date, an error, or a yes or no, not a text. Format the "
                "cell as text, type it again, and upload the file again.",
                **values,
            )
        case FileFault.REPEATED_PATH:
            return gettext(
                "Two rows translate the same text, %(path)s: those at %(first)s and %(second)s. "
                "Remove one of them, and upload the file again.",
                **values,
            )
        case FileFault.TOO_MANY:
            return gettext(
                "The file has more than %(limit)s texts, and we cannot take that many at once. "
                "Divide it into several files.",
                **values,
            )
        case FileFault.WRONG_LANGUAGE:
            return gettext(
                "The file says that it is in %(found)s, and this page is for %(wanted)s. Choose "
                "another file, or go to the page of the other language.",
                found=language_name(str(values["found"])),
                wanted=language_name(str(values["wanted"])),
            )
        case _:
            return _plain_fault(error.code)


def _plain_fault(code: FileFault) -> str:
    """The sentence for a fault without figures."""
    sentences = {
        FileFault.EMPTY: gettext("The file is empty. Choose another file."),
        FileFault.OLD_EXCEL: gettext(
            "The file is in Excel’s old format. Open it in Excel, save it as a workbook (.xlsx), "
            "and upload that."
        ),
        FileFault.OPEN_DOCUMENT: gettext(
            "The file is in the OpenDocument format. Open it, save it as an Excel workbook "
            "(.xlsx), and upload that."
        ),
        FileFault.OTHER_OFFICE: gettext(
            "The file is a text document or slides. Upload a workbook (.xlsx), a table (.csv) or "
            "a PO file."
        ),
        FileFault.UNKNOWN_TYPE: gettext(
            "We cannot read this kind of file. Upload a workbook (.xlsx), a table (.csv) or a PO "
            "file (.po)."
        ),
        FileFault.PASSWORD: gettext(
            "The file is protected by a password. Save it without one, and upload it again."
        ),
        FileFault.MACROS: gettext(
            "The file contains macros, and we take no such files. Save it as a workbook without "
            "macros (.xlsx), and upload that."
        ),
        FileFault.EXPANDS: gettext(
            "The file would unpack to far more than translations take, so we did not open it. "
            "Copy the texts into a new workbook, and upload that."
        ),
        FileFault.DAMAGED: gettext(
            "The file is damaged, or not of the kind that its name says. Open it in the program "
            "it came from, save it again, and upload that."
        ),
        FileFault.NO_ENTRIES: gettext("The file names no text. Choose another file."),
    }
    return sentences[code]


def fate_words(fate: Fate) -> str:
    """What would become of a text, for a tag."""
    words = {
        # Translators: what would become of a translation in a file: it fills a gap
        Fate.NEW: gettext("New"),
        # Translators: what would become of a translation in a file: it replaces an older one
        Fate.CHANGED: gettext("Changed"),
        # Translators: of a translation in a file: the translator looked at a draft and kept it
        Fate.CHECKED: gettext("Checked"),
        # Translators: what would become of a translation in a file: it is there already
        Fate.UNCHANGED: gettext("Unchanged"),
        # Translators: of a translation in a file: somebody else changed the text meanwhile
        Fate.CONFLICT: gettext("Changed by both"),
        # Translators: of a text in a file: the translator left it empty
        Fate.EMPTY: gettext("Empty"),
        # Translators: of a text in a file: the consultation does not have it
        Fate.UNKNOWN: gettext("Unknown"),
        # Translators: of a translation in a file: it cannot be saved
        Fate.REFUSED: gettext("Cannot be kept"),
    }
    return words[fate]
