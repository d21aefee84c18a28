"""Word files made by hand, part by part, for tests of what people upload."""

import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Final
from xml.sax.saxutils import escape, quoteattr

W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMESPACES: Final = (
    f'xmlns:w="{W}" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
_RELATED: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
DOCUMENT_TYPE: Final = (
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
)
MACRO_TYPE: Final = "application/vnd.ms-word.document.macroEnabled.main+xml"

STYLES: Final = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal">'
    '<w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>'
    + "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{level}">'
        f'<w:name w:val="heading {level}"/>'
        f'<w:pPr><w:outlineLvl w:val="{level - 1}"/></w:pPr></w:style>'
        for level in range(1, 10)
    )
)
"""The styles that an English Word writes, as far as they matter here."""

_LEVELS: Final = {
    "bullet": [("bullet", "•")] * 9,
    "decimal": [("decimal", f"%{place}.") for place in range(1, 10)],
    "letters": [("lowerLetter", f"%{place})") for place in range(1, 10)],
    "legal": [
        ("decimal", ".".join(f"%{part}" for part in range(1, place + 1))) for place in range(1, 10)
    ],
}
LISTS: Final = {kind: str(number) for number, kind in enumerate(_LEVELS, 1)}
"""The numbers of the lists that :data:`NUMBERING` defines."""
NUMBERING: Final = "".join(
    f'<w:abstractNum w:abstractNumId="{LISTS[kind]}">'
    + "".join(
        f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{name}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for place, (name, text) in enumerate(levels)
    )
    + "</w:abstractNum>"
    for kind, levels in _LEVELS.items()
) + "".join(
    f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'
    for number in LISTS.values()
)


def run(text: str, properties: str = "") -> str:
    """Some words, with the inside of their ``w:rPr``."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(inside: str = "", style: str | None = None, properties: str = "") -> str:
    """A paragraph around runs, or around words alone."""
    named = "" if style is None else f'<w:pStyle w:val="{style}"/>'
    runs = inside if inside.startswith("<") or not inside else run(inside)
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{runs}</w:p>"


def heading(text: str, level: int = 1) -> str:
    """A heading as Word's own styles make it."""
    return paragraph(text, f"Heading{level}")


def item(text: str, kind: str = "bullet", level: int = 0) -> str:
    """An item of one of the lists of :data:`NUMBERING`."""
    number = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{LISTS[kind]}"/></w:numPr>'
    return paragraph(text, properties=number)


def table(*rows: tuple[str, ...], header: bool = False) -> str:
    """A table of cells with words, runs or paragraphs; the first row can be marked as header."""
    marked = "<w:trPr><w:tblHeader/></w:trPr>"
    return "".join(
        (
            "<w:tbl><w:tblPr/>",
            *(
                f"<w:tr>{marked if header and not i else ''}"
                + "".join(f"<w:tc><w:tcPr/>{_in_cell(cell)}</w:tc>" for cell in row)
                + "</w:tr>"
                for i, row in enumerate(rows)
            ),
            "</w:tbl>",
        )
    )


def _in_cell(inside: str) -> str:
    return inside if inside.startswith("<w:p>") else paragraph(inside)


def picture(description: str = "") -> str:
    """A run with a picture in it."""
    return (
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="p" descr={quoteattr(description)}/>'
        '<a:graphic><a:graphicData><a:blip r:embed="rId1"/></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )


def text_box(inside: str) -> str:
    """A run with a text box, in both of the ways in which Word writes each."""
    box = f"<w:txbxContent>{inside}</w:txbxContent>"
    return (
        "<w:r><mc:AlternateContent>"
        f'<mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx>{box}</wps:txbx></wps:wsp>'
        "</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>"
    )


def field(instruction: str, result: str) -> str:
    """The runs of a field with its instruction and result, which are runs too."""
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    return (
        mark.format("begin")
        + f"<w:r><w:instrText>{escape(instruction)}</w:instrText></w:r>"
        + mark.format("separate")
        + result
        + mark.format("end")
    )


def word_file(
    body: str,
    *,
    styles: str = STYLES,
    numbering: str = NUMBERING,
    footnotes: str = "",
    comments: str = "",
    links: Mapping[str, str] | None = None,
    main_type: str = DOCUMENT_TYPE,
    namespaces: str = _NAMESPACES,
    document: str | None = None,
    parts: Mapping[str, bytes] | None = None,
) -> bytes:
    """A Word file.

    Parameters
    ----------
    body
        The inside of ``w:body``.
    styles, numbering, footnotes, comments
        The insides of these parts; empty ones are left out.
    links
        Addresses outside of the file by relationship id.
    main_type
        What the file says that it is.
    namespaces
        The namespaces of the text's root.
    document
        The whole part with the text, instead of ``body``.
    parts
        Further parts by name.
    """
    inside = {"styles": styles, "numbering": numbering, "footnotes": footnotes}
    inside |= {"comments": comments}
    related = {name: text for name, text in inside.items() if text}
    relations = "".join(
        f'<Relationship Id="p{name}" Type="{_RELATED}/{name}" Target="{name}.xml"/>'
        for name in related
    ) + "".join(
        f'<Relationship Id="{name}" Type="{_RELATED}/hyperlink" Target={quoteattr(address)} '
        'TargetMode="External"/>'
        for name, address in (links or {}).items()
    )
    text = f"<w:document {namespaces}><w:body>{body}</w:body></w:document>"
    named = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        f'<Override PartName="/word/document.xml" ContentType="{main_type}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_RELATED}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f"{relations}</Relationships>",
        "word/document.xml": text if document is None else document,
    } | {
        f"word/{name}.xml": f"<w:{name} {_NAMESPACES}>{inner}</w:{name}>"
        for name, inner in related.items()
    }
    return packed({name: text.encode() for name, text in named.items()} | dict(parts or {}))


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Parts as a zip file."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return content.getvalue()
