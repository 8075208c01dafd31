"""XML read as a stream of elements: no entities, no network, flat memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from lxml import etree

from foretrack.foundation.errors import SourceError
from foretrack.sources.kit.cleaning import clean_text

if TYPE_CHECKING:
    from foretrack.sources.kit.opening import OpenedFile


def elements(file: OpenedFile, names: Iterable[str]) -> Iterator[tuple[int, Any]]:
    """(line number, element) for each outermost element whose local name is in `names`, in file order.

    The element is emptied when the next one is asked for, so memory does not grow with the file.
    Namespaces are ignored in `names`. SourceError for XML that is not well-formed (after the elements
    before the fault), for a declared entity (the way of entity-expansion attacks) and for text nodes or
    nesting beyond the parser's limits.
    """
    wanted = frozenset(names)
    with file.open_binary() as stream:
        # An encoding declared in the file is honoured unless the user named one.
        parser = etree.iterparse(
            stream,
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            dtd_validation=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
            encoding=file.wanted_encoding,
        )
        inside = 0
        first = True
        try:
            for event, element in parser:
                if first:
                    _refuse_entities(element, file.name)
                    first = False
                is_wanted = local_name(element) in wanted
                if event == "start":
                    inside += is_wanted
                    continue
                if is_wanted:
                    inside -= 1
                    if inside == 0:
                        yield element.sourceline or 0, element
                if inside == 0:
                    _forget(element)
        except etree.XMLSyntaxError as error:
            raise SourceError(
                f"{file.name}, line {error.lineno or 0}: not well-formed XML ({error.msg})",
                expected="XML to the end of the file",
                do="download or export the file again",
            ) from error
        except (ValueError, LookupError, AssertionError) as error:
            raise SourceError(
                f"{file.name}: the XML cannot be read ({error})", do="download or export the file again"
            ) from error


def _refuse_entities(root: Any, name: str) -> None:
    subset = root.getroottree().docinfo.internalDTD
    declared = [entity.name for entity in subset.iterentities()] if subset is not None else []
    if declared:
        raise SourceError(
            f"{name}: declares the XML entity {declared[0]!r}",
            expected="a record file, which needs no entities of its own (they can blow up to gigabytes)",
            do="remove the <!ENTITY ...> declarations if you trust the file",
        )


def _forget(element: Any) -> None:
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]


def local_name(element: Any) -> str:
    """The tag without its namespace; empty for comments and entities."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def text_of(element: Any, *, without: frozenset[str] = frozenset()) -> str | None:
    """The cleaned text of an element with all its descendants, or None.

    Descendants named in `without` (local names) are left out; block elements are set apart by a space.
    """
    if element is None:
        return None
    pieces: list[str] = []
    _collect(element, without, pieces)
    return clean_text("".join(pieces))


_DROPPED = frozenset({"tex-math", "annotation", "annotation-xml", "object-id"})
_BLOCKS = frozenset(
    {"p", "sec", "title", "list-item", "list", "br", "break", "label", "td", "tr", "AbstractText", "para"}
)


def _collect(element: Any, without: frozenset[str], pieces: list[str]) -> None:
    # A stack, not recursion: the parser allows 255 levels, which is near Python's comfort with generators.
    stack: list[tuple[Any, bool]] = [(element, False)]
    while stack:
        node, leaving = stack.pop()
        name = local_name(node)
        if leaving:
            if name in _BLOCKS:
                # A section's heading must not run into its first sentence.
                pieces.append(": " if name == "title" and node is not element else " ")
            if node is not element and node.tail:
                pieces.append(node.tail)
            continue
        stack.append((node, True))
        if not name:
            # An entity that only an external DTD would define: cleaning knows the usual ones from HTML.
            if getattr(node, "tag", None) is etree.Entity and node.text:
                pieces.append(node.text)
            continue
        if name in without or name in _DROPPED:
            continue
        if name in _BLOCKS:
            pieces.append(" ")
        if node.text:
            pieces.append(node.text)
        stack.extend((child, False) for child in reversed(list(node)))


def child(element: Any, *path: str) -> Any:
    """The first descendant along `path` (local names), or None."""
    for name in path:
        if element is None:
            return None
        element = next((kid for kid in element if local_name(kid) == name), None)
    return element


def children(element: Any, *path: str) -> list[Any]:
    """All elements along `path` (local names): every branch is followed."""
    level = [] if element is None else [element]
    for name in path:
        level = [kid for parent in level for kid in parent if local_name(kid) == name]
    return level


def raw_excerpt(element: Any) -> str:
    """The first 200 characters of the element as XML, for a rejected row."""
    text: str = etree.tostring(element, encoding="unicode", with_tail=False)[:400]
    return " ".join(text.split())[:200]
