"""An empty Word file with our parts alone, and the packing that makes its bytes repeatable.

python-docx starts from a template of its own, with somebody's properties, a thumbnail, two
hundred styles in one language and a setting that makes Word open it in compatibility mode.
"""

import zipfile
from io import BytesIO
from typing import Final

import docx
from docx.document import Document
from docx.oxml.xmlchemy import BaseOxmlElement
from lxml import etree

from consult.reports.formats.word_runs import Script, script_of, tag
from consult.reports.formats.word_styles import (
    PAGE_HEIGHT,
    PAGE_WIDTH,
    Look,
    fonts,
    numbering,
    styles,
    twips,
)
from consult.reports.formats.word_xml import element, sayable
from consult.reports.paper import Paper, plain

_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip file can tell."""
_W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_MAIN: Final = f"{_TYPE}.document.main+xml"
_PARTS: Final = ("styles", "settings", "numbering", "fontTable")


def empty(paper: Paper, look: Look) -> Document:
    """A document without words, with the paper's language, looks and properties."""
    parts = {
        "styles": styles(look, paper.language),
        "settings": _settings(paper),
        "numbering": numbering(),
        "fontTable": fonts(),
        "document": element("w:document", element("w:body", _section(paper, look))),
    }
    texts = {f"word/{name}.xml": _text(part) for name, part in parts.items()}
    document = docx.Document(BytesIO(_zip(_package() | texts)))
    _tell(document, paper)
    return document


def packed(document: Document) -> bytes:
    """The file's bytes, the same on every day and every machine."""
    saved = BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as file:
        return _zip({name: file.read(name) for name in file.namelist()})


def _zip(parts: dict[str, bytes]) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as file:
        for name, text in parts.items():
            member = zipfile.ZipInfo(name, _EARLIEST)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 0
            file.writestr(member, text)
    return content.getvalue()


def _text(part: BaseOxmlElement) -> bytes:
    written: bytes = etree.tostring(part, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written


def _package() -> dict[str, bytes]:
    """What holds the parts together."""
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE}.{name}+xml"/>'
        for name in _PARTS
    )
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{_R}/{name}" Target="{name}.xml"/>'
        for number, name in enumerate(_PARTS, 1)
    )
    core = "application/vnd.openxmlformats-package.core-properties+xml"
    texts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/>'
        f'<Override PartName="/docProps/core.xml" ContentType="{core}"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_R}/officeDocument" Target="word/document.xml"/>'
        f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" '
        'Target="docProps/core.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f"{relations}</Relationships>",
        "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"/>',
    }
    start = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return {name: (start + text).encode() for name, text in texts.items()}


def _tell(document: Document, paper: Paper) -> None:
    """The properties that readers and search engines look at; no names, no other dates."""
    properties = document.core_properties
    properties.title = sayable(plain(paper.title))[:255]
    properties.subject = sayable(plain(paper.subtitle))[:255]
    properties.language = tag(paper.language)
    properties.created = paper.made_at
    properties.modified = paper.made_at
    properties.revision = max(1, paper.number)


def _settings(paper: Paper) -> BaseOxmlElement:
    """Settings; without the mode of Word 2013 Word would open the file as an old one."""
    mode = element(
        "w:compatSetting",
        name="compatibilityMode",
        uri="http://schemas.microsoft.com/office/word",
        val=15,
    )
    language = {"val": tag(paper.language)}
    if script_of(paper.language) is not Script.SIMPLE:
        language = {"val": tag("en"), "bidi": tag(paper.language)}
    return element(
        "w:settings",
        element("w:zoom", percent=100),
        element("w:defaultTabStop", val=720),
        element("w:characterSpacingControl", val="doNotCompress"),
        element("w:compat", mode),
        element("w:themeFontLang", **language),
        element("w:decimalSymbol", val="."),
        element("w:listSeparator", val=","),
    )


def _section(paper: Paper, look: Look) -> BaseOxmlElement:
    """A4, and which side of a sheet comes first."""
    margin = twips(look.margin)
    sides = ("top", "right", "bottom", "left")
    right_to_left = paper.direction == "rtl"
    return element(
        "w:sectPr",
        element("w:pgSz", w=PAGE_WIDTH, h=PAGE_HEIGHT),
        element(
            "w:pgMar",
            **dict.fromkeys(sides, margin),
            header=margin // 2,
            footer=margin // 2,
            gutter=0,
        ),
        element("w:cols", space=708),
        element("w:bidi") if right_to_left else None,
        element("w:rtlGutter") if right_to_left else None,
    )
