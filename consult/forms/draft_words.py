"""What to say of an uploaded draft: why it cannot be read, or what was done with its oddities."""

from collections.abc import Mapping
from typing import cast

from babel.lists import format_list
from flask_babel import format_decimal, get_locale, gettext, ngettext

from consult.drafting.faults import DraftFault, DraftFileError, Note, NoteCode


def fault_sentence(error: DraftFileError) -> str:
    """What is wrong with a file, and what to do."""
    values = error.values
    match error.code:
        case DraftFault.TOO_LARGE:
            return gettext(
                "The file has %(size)s MB, and we can take up to %(limit)s MB. Remove or compress "
                "its pictures, and upload it again.",
                size=values["size"],
                limit=values["limit"],
            )
        case DraftFault.WRONG_ENCODING:
            return gettext(
                "Some letters cannot be read, first in line %(line)s. Save the text with the "
                "encoding UTF-8, and upload it again.",
                line=values["line"],
            )
        case DraftFault.TOO_MUCH_TEXT:
            return gettext(
                "The text is too long: we can take up to %(limit)s characters. Upload a part of "
                "it, or a summary.",
                limit=format_decimal(values["limit"]),
            )
        case DraftFault.TOO_MANY_SECTIONS:
            return gettext(
                "The headings would make %(count)s sections, and residents can be asked about "
                "%(limit)s at most. Give the chapters Word’s style Heading 1 and all headings "
                "inside them Heading 2, and upload it again.",
                count=values["count"],
                limit=values["limit"],
            )
        case _:
            return _plain_fault(error.code)


def _plain_fault(code: DraftFault) -> str:
    """The sentence for a fault without figures."""
    sentences = {
        DraftFault.EMPTY: gettext("The file is empty. Choose another file."),
        DraftFault.PDF: gettext(
            "The file is a PDF, and the headings of a PDF cannot be read. Upload the Word document "
            "that it was made from."
        ),
        DraftFault.OLD_WORD: gettext(
            "The file is in Word’s old format. Open it in Word, save it as a Word document "
            "(.docx), and upload that."
        ),
        DraftFault.OPEN_DOCUMENT: gettext(
            "The file is in the OpenDocument format. Open it, save it as a Word document (.docx), "
            "and upload that."
        ),
        DraftFault.RICH_TEXT: gettext(
            "The file is in Rich Text Format. Open it in Word, save it as a Word document (.docx), "
            "and upload that."
        ),
        DraftFault.WEB_PAGE: gettext(
            "The file is a web page. Open it in Word, save it as a Word document (.docx), and "
            "upload that."
        ),
        DraftFault.IMAGE: gettext(
            "The file is a picture, and text in a picture cannot be read. Upload the draft as a "
            "Word document (.docx) or as a Markdown or text file."
        ),
        DraftFault.OTHER_OFFICE: gettext(
            "The file holds a spreadsheet or slides. Upload the draft as a Word document (.docx) "
            "or as a Markdown or text file."
        ),
        DraftFault.UNKNOWN_TYPE: gettext(
            "The file is neither a Word document nor a text. Upload the draft as a Word document "
            "(.docx) or as a Markdown or text file."
        ),
        DraftFault.PASSWORD: gettext(
            "The file is protected with a password or a sensitivity label. Remove the protection "
            "in Word, save it, and upload it again."
        ),
        DraftFault.MACROS: gettext(
            "The file holds macros, which are small programs, so we do not open it. Save it as a "
            "Word document without macros (.docx), and upload that."
        ),
        DraftFault.EXPANDS: gettext(
            "The file would unpack to far more than a document holds, so we do not open it. Copy "
            "the text into a new Word document, and upload that."
        ),
        DraftFault.FORBIDDEN_XML: gettext(
            "The file holds instructions that Word never writes, so we do not open it. Copy the "
            "text into a new Word document, and upload that."
        ),
        DraftFault.TOO_COMPLEX: gettext(
            "The file is built in a way that takes too long to read. Copy the text into a new Word "
            "document, and upload that."
        ),
        DraftFault.DAMAGED: gettext(
            "The file is damaged or not complete. Open it in Word, save it again, and upload it."
        ),
        DraftFault.IMAGES_ONLY: gettext(
            "The file holds only pictures, and text in a picture cannot be read. Upload a document "
            "with the text itself."
        ),
        DraftFault.NO_TEXT: gettext("There is no text in the file. Choose another file."),
    }
    return sentences[code]


def note_sentence(note: Note) -> str:
    """What was done with something in a draft, and what the officer may want to do."""
    values = note.values
    match note.code:
        case NoteCode.TRACKED_CHANGES:
            return gettext(
                "The draft has tracked changes (insertions: %(inserted)s, deletions: %(deleted)s, "
                "moved passages: %(moved)s). We read it as if all of them were accepted.",
                inserted=values["inserted"],
                deleted=values["deleted"],
                moved=values["moved"],
            )
        case NoteCode.CONTENTS_LIST:
            return gettext("The table of contents was left out.")
        case NoteCode.FRONT_MATTER:
            return gettext("The settings at the top of the text were left out.")
        case NoteCode.NO_HEADINGS:
            return gettext(
                "The draft has no headings to cut it by, so it became one section. You can give "
                "the headings Word’s style Heading 1, and upload it again."
            )
        case NoteCode.START_TITLED:
            return gettext(
                "The text before the first heading became a section with the title of the draft, "
                "%(title)s. Check whether residents need it.",
                title=_isolated(values["title"]),
            )
        case NoteCode.START_UNTITLED:
            return gettext(
                "The text before the first heading became a section with its first words as "
                "title, %(title)s. Give it a better title.",
                title=_isolated(values["title"]),
            )
        case _ if "titles" in values:
            return _titles_sentence(note.code, _listed(values))
        case _:
            return _count_sentence(note.code, values)


def _titles_sentence(code: NoteCode, titles: str) -> str:
    """The sentence for a note that names sections."""
    sentences = {
        NoteCode.DUPLICATE_HEADINGS: gettext(
            "Several sections have the same title: %(titles)s. Give each a title of its own, so "
            "that residents can tell them apart.",
            titles=titles,
        ),
        NoteCode.LONG_TITLES: gettext(
            "These titles were too long and were shortened, and the text holds them in full: "
            "%(titles)s. Write shorter ones.",
            titles=titles,
        ),
        NoteCode.WITHOUT_TEXT: gettext(
            "These headings have no text below them, so their title stands as the text: "
            "%(titles)s. Write a text, or delete these sections.",
            titles=titles,
        ),
        NoteCode.SPLIT_SECTIONS: gettext(
            "These sections were too long for one and became several: %(titles)s.", titles=titles
        ),
    }
    return sentences[code]


def _count_sentence(code: NoteCode, values: Mapping[str, object]) -> str:
    """The sentence for a note that counts."""
    count = values["count"]
    match code:
        case NoteCode.COMMENTS:
            return ngettext(
                "%(num)s comment was left out.", "%(num)s comments were left out.", count
            )
        case NoteCode.IMAGES:
            left_out = ngettext(
                "%(num)s picture was left out.", "%(num)s pictures were left out.", count
            )
            kept = ngettext(
                "The description of %(num)s picture stands in square brackets in its place.",
                "The descriptions of %(num)s pictures stand in square brackets in their places.",
                values["described"],
            )
            return f"{left_out} {kept}" if values["described"] else left_out
        case NoteCode.TABLES:
            return ngettext(
                "%(num)s table became a list with an item for each row. Check that it still reads "
                "well.",
                "%(num)s tables became lists with an item for each row. Check that they still "
                "read well.",
                count,
            )
        case NoteCode.FOOTNOTES:
            return ngettext(
                "%(num)s footnote stands at the end of its section.",
                "%(num)s footnotes stand at the end of their sections.",
                count,
            )
        case NoteCode.TEXT_BOXES:
            return ngettext(
                "The text of %(num)s text box stands after the paragraph that it was next to. "
                "Check its place.",
                "The text of %(num)s text boxes stands after the paragraphs that they were next "
                "to. Check its place.",
                count,
            )
        case NoteCode.HIDDEN_TEXT:
            return ngettext(
                "%(num)s passage of hidden text was left out.",
                "%(num)s passages of hidden text were left out.",
                count,
            )
        case NoteCode.FORMULAS:
            return ngettext(
                "%(num)s formula became plain text. Check that it can be understood.",
                "%(num)s formulas became plain text. Check that they can be understood.",
                count,
            )
        case NoteCode.SYMBOLS:
            return ngettext(
                "%(num)s character of a special font was left out.",
                "%(num)s characters of special fonts were left out.",
                count,
            )
        case NoteCode.EMBEDDED_FILES:
            return ngettext(
                "%(num)s file that is embedded in the draft was left out. If residents need it, "
                "copy its text into the draft.",
                "%(num)s files that are embedded in the draft were left out. If residents need "
                "them, copy their text into the draft.",
                count,
            )
        case NoteCode.LINKS:
            return ngettext(
                "%(num)s link led to a place that residents cannot reach, such as a file on your "
                "computer. Its words were kept.",
                "%(num)s links led to places that residents cannot reach, such as files on your "
                "computer. Their words were kept.",
                count,
            )
        case NoteCode.HTML:
            return ngettext(
                "%(num)s piece of HTML was left out. Its words were kept.",
                "%(num)s pieces of HTML were left out. Their words were kept.",
                count,
            )
        case _:
            return _heading_sentence(code, count)


def _heading_sentence(code: NoteCode, count: object) -> str:
    """The sentence for a note that counts headings or what stands before them."""
    match code:
        case NoteCode.HEADING_NUMBERS:
            return ngettext(
                "The number that Word draws before %(num)s heading was left out.",
                "The numbers that Word draws before %(num)s headings were left out.",
                count,
            )
        case NoteCode.LETTERED:
            return ngettext(
                "%(num)s item of a list had a letter or a Roman figure and now has a number. "
                "Check that no text refers to its letter.",
                "%(num)s items of lists had letters or Roman figures and now have numbers. Check "
                "that no text refers to their letters.",
                count,
            )
        case NoteCode.EMPTY_HEADINGS:
            return ngettext(
                "%(num)s heading without words was left out.",
                "%(num)s headings without words were left out.",
                count,
            )
        case NoteCode.SKIPPED_LEVELS:
            return ngettext(
                "%(num)s heading left out a level, such as Heading 3 right below Heading 1. We "
                "closed the gap.",
                "%(num)s headings left out a level, such as Heading 3 right below Heading 1. We "
                "closed the gaps.",
                count,
            )
        case NoteCode.DEEP_LEVELS:
            return ngettext(
                "%(num)s heading was at a deeper level than the page can show and was lifted.",
                "%(num)s headings were at deeper levels than the page can show and were lifted.",
                count,
            )
        case NoteCode.BOLD_HEADINGS:
            return ngettext(
                "The draft has no headings, so we took %(num)s short line in bold as one. Check "
                "that it is the right one.",
                "The draft has no headings, so we took %(num)s short lines in bold as headings. "
                "Check that they are the right ones.",
                count,
            )
        case _:
            raise KeyError(code)


def _listed(values: Mapping[str, object]) -> str:
    titles = cast("tuple[str, ...]", values["titles"])
    return format_list([_isolated(title) for title in titles], locale=get_locale() or "en")


def _isolated(title: object) -> str:
    """A title that keeps its direction to itself, whatever the language of the sentence is."""
    return f"\u2068{title}\u2069"
