"""The appendix of tables: all that are not printed where they are spoken of."""

from collections.abc import Sequence
from dataclasses import replace

from flask_babel import gettext

from consult.reports.paper import Block, Table
from consult.telling.report.subject import Written
from consult.telling.report.weaving import para


def appendix(sections: Sequence[Written]) -> Written:
    """The section, of the tables that the printed sections have beside their text."""
    found: tuple[Block, ...] = tuple(table for each in sections for table in each.tables)
    opening = (
        gettext("These tables hold the numbers behind the charts and the longer lists.")
        if found
        else gettext("Every table of this report stands in its section.")
    )
    return Written("tables", gettext("Tables"), (para(opening), *found), appendix=True)


def kept_behind(section: Written) -> tuple[Table, ...]:
    """Its tables where there is no appendix: not printed, but in spreadsheets."""
    return tuple(replace(table, shown=False) for table in section.tables)
