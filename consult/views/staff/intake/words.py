"""What to say of files of responses: why they cannot be read, and what became of their rows."""

from typing import Any

from flask_babel import force_locale, format_decimal, gettext, ngettext

from consult.response_files.faults import FileFault, Note, NoteCode, ResponseFileError
from consult.response_files.platforms import Platform
from consult.services.intake.mapping import MappingProblem, Use
from consult.services.intake.matching import Words
from consult.services.intake.turning import Problem, Reason
from consult.views.residents.choices import FIXED_LABELS
from consult.views.staff.current import settings


def fixed_words() -> Words:
    """What the product calls its fixed answers, in all of its languages."""
    found: dict[str, list[str]] = {key: [] for key in FIXED_LABELS}
    for language in settings().languages:
        with force_locale(language):
            for key, label in FIXED_LABELS.items():
                found[key].append(str(label))
    return found


def fault_sentence(error: ResponseFileError) -> str:
    """What is wrong with a file, and what to do."""
    values: dict[str, Any] = dict(error.values)
    match error.code:
        case FileFault.TOO_LARGE:
            return gettext(
                "The file is larger than %(limit)s MB, and this page cannot take that. Divide it "
                "into several files, or ask the person who runs this service to bring it in with "
                "the command “consult import-responses”.",
                **values,
            )
        case FileFault.WRONG_ENCODING:
            return gettext(
                "Some letters cannot be read, first in line %(line)s. Save the file with the "
                "encoding UTF-8, and upload it again.",
                **values,
            )
        case FileFault.QUOTES:
            return gettext(
                "Near line %(line)s a quotation mark is not closed, or stands in the middle of a "
                "cell, so we cannot tell where the cells end. Put it right there, or export the "
                "file again as an Excel workbook (.xlsx), and upload that.",
                **values,
            )
        case FileFault.LONG_CELL:
            return gettext(
                "A cell that ends near line %(line)s is longer than any answer. Mostly a quotation "
                "mark is not closed there. Put it right, or export the file again as an Excel "
                "workbook (.xlsx), and upload that.",
                **values,
            )
        case FileFault.TOO_MANY_ROWS:
            return gettext(
                "The file has more than %(limit)s rows, and we cannot take that many at once. "
                "Divide it into several files.",
                limit=format_decimal(values["limit"]),
            )
        case FileFault.TOO_MANY_COLUMNS:
            return gettext(
                "The file has more than %(limit)s columns, and we cannot take that many. Remove "
                "those that nobody needs.",
                **values,
            )
        case FileFault.NO_SUCH_SHEET:
            return gettext("The workbook has no sheet %(sheet)s. Choose another.", **values)
        case _:
            return _plain_fault(error.code)


def _plain_fault(code: FileFault) -> str:
    sentences = {
        FileFault.EMPTY: gettext("The file is empty. Choose another file."),
        FileFault.NO_ROWS: gettext(
            "The file has headings and no responses below them. Export it again once there are "
            "responses."
        ),
        FileFault.OLD_EXCEL: gettext(
            "The file is in Excel’s old format. Open it in Excel, save it as a workbook (.xlsx), "
            "and upload that."
        ),
        FileFault.OPEN_DOCUMENT: gettext(
            "The file is in the OpenDocument format. Open it, save it as an Excel workbook "
            "(.xlsx), and upload that."
        ),
        FileFault.OTHER_OFFICE: gettext(
            "The file is a text document or slides. Upload a workbook (.xlsx) or a table (.csv)."
        ),
        FileFault.UNKNOWN_TYPE: gettext(
            "We cannot read this kind of file. Upload a workbook (.xlsx) or a table (.csv)."
        ),
        FileFault.PASSWORD: gettext(
            "The file is protected by a password. Save it without one, and upload it again."
        ),
        FileFault.MACROS: gettext(
            "The file contains macros, and we take no such files. Save it as a workbook without "
            "macros (.xlsx), and upload that."
        ),
        FileFault.EXPANDS: gettext(
            "The file would unpack to far more than responses take, so we did not open it. Copy "
            "the responses into a new workbook, and upload that."
        ),
        FileFault.DAMAGED: gettext(
            "The file is damaged, or not of the kind that its name says. Open it in the program "
            "it came from, save it again, and upload that."
        ),
    }
    return sentences[code]


def note_sentence(note: Note) -> str:
    """What an officer should know of a file that was read."""
    count = int(note.values.get("count", 0))
    match note.code:
        case NoteCode.READ_AS_WINDOWS:
            return gettext(
                "The file is not in UTF-8. We read it as Windows text: check in the examples that "
                "letters such as é, £ and ’ are right."
            )
        case NoteCode.TWICE_ENCODED:
            return gettext(
                "Some letters look broken, such as Ã© or â€™. The file was saved in a wrong "
                "encoding before it came here. If you can, export it again as UTF-8."
            )
        case NoteCode.OTHER_SHEETS:
            return ngettext(
                "The workbook has %(num)s other sheet. Only the one named here is read.",
                "The workbook has %(num)s other sheets. Only the one named here is read.",
                count,
            )
        case NoteCode.HIDDEN_SHEETS:
            return ngettext(
                "%(num)s sheet is hidden, and is not read. Show it in Excel if it is wanted.",
                "%(num)s sheets are hidden, and are not read. Show them in Excel if they are "
                "wanted.",
                count,
            )
        case NoteCode.MERGED:
            return ngettext(
                "Below the headings, %(num)s group of cells is merged. Only its first cell has a "
                "value; the others are read as empty.",
                "Below the headings, %(num)s groups of cells are merged. Only the first cell of "
                "each has a value; the others are read as empty.",
                count,
            )
        case NoteCode.FORMULAS:
            return ngettext(
                "%(num)s cell holds a formula. Its last result is read; where none was saved, the "
                "cell is left out and listed.",
                "%(num)s cells hold formulas. Their last results are read; where none was saved, "
                "the cell is left out and listed.",
                count,
            )
        case NoteCode.REPEATED_HEADINGS:
            return ngettext(
                "%(num)s heading stands over several columns. Tell them apart by their letters.",
                "%(num)s headings stand over several columns each. Tell them apart by their "
                "letters.",
                count,
            )
        case NoteCode.NO_HEADING:
            return ngettext(
                "%(num)s column has no heading.", "%(num)s columns have no heading.", count
            )
        case NoteCode.TWO_HEADING_ROWS:
            return gettext("The first two rows are headings: the question, and its parts.")


def platform_sentence(platform: Platform) -> str:
    """Which shape was recognised."""
    names = {
        Platform.CITIZEN_SPACE: "Citizen Space",
        Platform.LIMESURVEY: "LimeSurvey",
        Platform.MICROSOFT_FORMS: "Microsoft Forms",
        Platform.SMARTSURVEY: "SmartSurvey",
    }
    if platform is Platform.OTHER:
        return gettext("No platform that we know: a table with headings.")
    return gettext("Recognised as an export of %(platform)s.", platform=names[platform])


def use_words(use: Use) -> str:
    """What a column is, for a list to choose from."""
    words = {
        Use.NOTHING: gettext("Leave it out"),
        Use.CONTACT: gettext("A name or contact detail: never kept"),
        # Translators: a number or code by which another platform knows a response
        Use.RESPONSE_ID: gettext("Number of the response"),
        Use.LANGUAGE: gettext("Language of the response"),
        # Translators: of a response: the time when somebody began to answer
        Use.STARTED: gettext("Time when it was begun"),
        Use.SUBMITTED: gettext("Time when it was submitted"),
        # Translators: of a response: online, on paper, by phone or with help
        Use.CHANNEL: gettext("Way in which it came"),
        Use.QUESTION: gettext("Question"),
    }
    return words[use]


def channel_words(channel: str) -> str:
    """A way in which a response comes."""
    words = {
        # Translators: a way in which a response came
        "online": gettext("Online"),
        # Translators: a way in which a response came: somebody helped the person to answer
        "assisted": gettext("With help"),
        # Translators: a way in which a response came
        "paper": gettext("On paper"),
        # Translators: a way in which a response came
        "phone": gettext("By phone"),
    }
    return words[channel]


def mapping_sentence(problem: MappingProblem, columns: str) -> str:
    """Why what was said of the columns cannot be used."""
    match problem:
        case MappingProblem.NO_QUESTION:
            return gettext("Say of at least one column that it answers a question.")
        case MappingProblem.TWICE:
            return gettext(
                "These columns cannot be the same: %(columns)s. Keep one of them, and leave the "
                "others out.",
                columns=columns,
            )
        case MappingProblem.SAME_QUESTION:
            return gettext(
                "These columns answer the same question, which has one answer: %(columns)s. Keep "
                "one of them, or say which option each of them stands for.",
                columns=columns,
            )
        case MappingProblem.GONE:
            return gettext(
                "The question that %(columns)s answers is not asked any more. Choose another.",
                columns=columns,
            )


def reason_sentence(reason: Reason) -> str:
    """What became of a row or cell, and why."""
    words = {
        Reason.TOO_MANY_CELLS: gettext(
            "Row left out: it has more cells than there are headings, so they may have shifted"
        ),
        Reason.UNFINISHED: gettext("Row left out: the person did not finish and submit"),
        Reason.NO_ANSWER: gettext("Row left out: no question is answered in it"),
        Reason.SAME_ID: gettext("Row left out: an earlier row has the same number of response"),
        Reason.OTHER_CONTENT: gettext(
            "Row left out: this response was brought in before with other answers, which stay"
        ),
        Reason.TOO_LATE: gettext(
            "Row left out: it came after the day until which late answers are taken"
        ),
        Reason.UNKNOWN_VALUE: gettext("Answer left out: the value is none of the options"),
        Reason.TOO_LONG: gettext("Answer left out: the text is longer than 20,000 characters"),
        Reason.NOT_A_NUMBER: gettext("Answer left out: it is not a whole number"),
        Reason.OUT_OF_RANGE: gettext("Answer left out: the number is too small or too large"),
        Reason.CONTRADICTION: gettext(
            "Answer left out: too many options, or options that exclude each other"
        ),
        Reason.NOT_ASKED: gettext(
            "Answer left out: the question is asked only of people who answered otherwise before"
        ),
        Reason.CELL_ERROR: gettext("Cell left out: it shows an error, such as #NAME?"),
        Reason.CELL_FORMULA: gettext("Cell left out: it holds a formula without a saved result"),
        Reason.BAD_TIME: gettext("The time cannot be read; the day below is taken instead"),
        Reason.FUTURE_TIME: gettext("The time is still to come; the day below is taken instead"),
        Reason.AFTER_CLOSING: gettext(
            "It came after the closing: it is kept, and counts once an officer accepts it"
        ),
        Reason.UNKNOWN_LANGUAGE: gettext("The language is not one of this consultation’s"),
        Reason.UNKNOWN_CHANNEL: gettext("The way in which it came is not one that we know"),
        Reason.TOO_FEW_CELLS: gettext(
            "The row ends early; the cells that are missing count as empty"
        ),
    }
    return words[reason]


def problem_place(problem: Problem, names: dict[int, str]) -> str:
    """Where a problem is, such as: row 12, column D."""
    if problem.position is None:
        return gettext("Row %(row)s", row=problem.row)
    column = names.get(problem.position, "")
    return gettext("Row %(row)s, column %(column)s", row=problem.row, column=column)
