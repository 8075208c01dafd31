"""One XML document in memory: parsed without network, DTD or entity expansion; texts with all characters."""

from __future__ import annotations

import html
import re

from lxml import etree

from foretrack.sources.kit.markup import child, local_name

_GREEK_NAMES = "a b g d e z ee th i k l m n x o p r sf s t u ph kh ps oh"
_GREEK = {
    f"{name}gr": letter
    for name, letter in zip(_GREEK_NAMES.split(), "αβγδεζηθικλμνξοπρςστυφχψω", strict=True)
}
"""ISO 8879 names of Greek letters that HTML lacks; older patent files use them."""


def parse_xml(data: bytes) -> etree._Element:
    """The root of one XML document. Raises ValueError with the reason and line when it is not readable.

    Refused: what is not well-formed, and any document that declares general entities of its own
    (`<!ENTITY a "...">`), since these serve attacks only; unparsed entities (`NDATA`, figures) are fine.
    """
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"not well-formed XML: {_message(error)}") from error
    except ValueError as error:
        raise ValueError(f"not readable as XML: {error}") from error
    refuse_entities(root)
    return root


def refuse_entities(element: etree._Element) -> None:
    """Raises ValueError when the document of this element declares general entities of its own."""
    dtd = element.getroottree().docinfo.internalDTD
    if dtd is None:
        return
    for entity in dtd.entities():  # type: ignore[attr-defined]  # lxml-stubs lack it
        if entity.system_url is None:
            raise ValueError(
                f"the file declares an XML entity ({entity.name!r}), which can blow up to any size: refused"
            )


def _message(error: etree.XMLSyntaxError) -> str:
    text = re.sub(r"\s*\(<string>, line \d+\)$", "", str(error.msg or error)).strip()
    return text[:200] or "nothing to read"


def text_of(element: etree._Element | None, *, apart: tuple[str, ...] = ()) -> str:
    """All text inside an element, white space folded; inside elements named in `apart` begin with a space.

    References to character entities that a missing DTD would define are read by their ISO names.

    >>> text_of(etree.XML("<a>H<sub>2</sub>O\\n <p>one</p><p>two</p></a>"), apart=("p",))
    'H2O one two'
    """
    if element is None:
        return ""
    parts: list[str] = []
    _gather(element, parts, apart)
    return re.sub(r"\s+", " ", "".join(parts)).strip()


def _gather(element: etree._Element, parts: list[str], apart: tuple[str, ...]) -> None:
    parts.append(element.text or "")
    for inner in element:
        if isinstance(inner, etree._Entity):
            parts.append(_character(inner.name or ""))
        elif isinstance(inner.tag, str):
            if local_name(inner) in apart:
                parts.append(" ")
            _gather(inner, parts, apart)
        parts.append(inner.tail or "")


def _character(name: str) -> str:
    if name in _GREEK:
        return _GREEK[name]
    written = f"&{name};"
    read = html.unescape(written)
    return read if read != written else " "


def within(element: etree._Element | None, *path: str) -> str:
    """The text of the element along a path of local names, white space folded; "" if it is not there."""
    return text_of(child(element, *path))
