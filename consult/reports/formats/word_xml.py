"""Elements of a Word file, in the few words that this package needs."""

import re
from typing import Final

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def element(
    tag: str, *children: BaseOxmlElement | None, **attributes: str | int
) -> BaseOxmlElement:
    """An element such as ``w:jc`` with attributes in Word's namespace; empty children are left out.

    Word refuses files whose elements stand in another order than the standard's, so children are
    given in that order.
    """
    made: BaseOxmlElement = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    made.extend(child for child in children if child is not None)
    return made


def words(text: str) -> list[BaseOxmlElement]:
    """The inside of a run: words, and breaks between lines."""
    inside: list[BaseOxmlElement] = []
    for number, line in enumerate(sayable(text).splitlines()):
        if number:
            inside.append(element("w:br"))
        if line:
            said = element("w:t")
            said.set(qn("xml:space"), "preserve")
            said.text = line
            inside.append(said)
    return inside


def sayable(text: str) -> str:
    """A text without what XML cannot hold; control characters come in with pasted answers."""
    return _NOT_IN_XML.sub("", text).replace("\t", " ")
