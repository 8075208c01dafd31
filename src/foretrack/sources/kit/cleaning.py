"""Clean text: NFC, without markup, entities, control characters and superfluous white space."""

from __future__ import annotations

import html
import re
import unicodedata
from html.entities import html5


class BadValue(ValueError):
    """A value that makes its record unusable; the message is the reason of the rejected row."""


_INLINE = (
    "a abbr acronym b bdi bdo big cite code del dfn em emph ext-link fixed-case font i img inf ins italic "
    "inline-formula kbd label mark monospace named-content o overline q roman s samp sans-serif sc scp "
    "small span strike strong styled-content sub sup tt u uline underline var xref text "
    "math mrow mi mo mn ms mtext msub msup msubsup mfrac msqrt mroot mover munder munderover mstyle "
    "mspace mtable mtr mtd mfenced mpadded mphantom menclose semantics mmultiscripts mprescripts none "
    "alternatives inter-ref math-inline glyph math-text inline-graphic institution related-article"
)
_BLOCK = (
    "abstract article blockquote body br center div dl dd dt h1 h2 h3 h4 h5 h6 head hr html li list "
    "list-item ol p para pre section sec simple-para table tbody td th tr title ul simplesect disp-formula "
    "abstracttext abstract-sec listitem itemizedlist"
)
_NAMES_INLINE = frozenset(_INLINE.split())
_NAMES = _NAMES_INLINE | frozenset(_BLOCK.split())

_DROPPED = re.compile(
    r"<!--.*?-->"
    r"|<\?[^<>]*\?>"
    r"|<((?:\w+:)?(?:tex-math|annotation(?:-xml)?|script|style))\b[^<>]*>.*?</\1\s*>",
    re.DOTALL | re.IGNORECASE,
)
_TAG = re.compile(
    r"</?(?:[A-Za-z]\w*:)?([A-Za-z][A-Za-z0-9-]*)(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s<>]+))*\s*/?>"
)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069"
    "\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_PLACEHOLDERS = frozenset({"n/a", "na", "none", "null", "nan", "-", "--", "n.a.", "[not available]", "nil"})
_NO_ABSTRACT = re.compile(
    r"^\W*(?:no abstract(?: (?:is )?available)?|abstract (?:is )?not available|无摘要|暂无摘要|无"
    r"|an abstract is not available.*)\W*$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?:Abstract|ABSTRACT|abstract|Summary|SUMMARY|摘\s*要)\s*"
    r"(?:[:：.—-]+\s*|(?<=要)(?=[\u4e00-\u9fff])"
    r"|(?=(?:We|In|This|The|These|Our|To|An?|Background|Objectives?|Purpose|Aims?|Introduction)\b))"
)


def clean_text(value: object) -> str | None:
    """The text of `value` in NFC without tags, entities, control and invisible characters, white space
    folded; None when nothing is left or `value` is neither text nor number. Only known tags are removed,
    so that `p < q > r` stays.

    Undecodable bytes and half surrogate pairs stay: such text is damaged, not dirty; see `sound`.

    >>> clean_text("  Deep&nbsp;<b>learn</b>ing\\n &amp;lt;i&amp;gt;in vivo&amp;lt;/i&amp;gt; a<b ")
    'Deep learning in vivo a<b'
    """
    if not isinstance(value, str):
        if value is None or isinstance(value, bool) or not isinstance(value, int | float) or value != value:
            return None
        value = str(value)
    text = " ".join(value.split())
    if text.isascii() and "&" not in text and "<" not in text and text.isprintable():
        return text or None
    for _ in range(2):
        if "&" not in text:
            break
        text = _ENTITY.sub(_character, text)
    if "<" in text:
        text = _TAG.sub(_for_tag, _DROPPED.sub(" ", _CDATA.sub(r"\1", text)))
    if not text.isascii() or not text.isprintable():
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    return " ".join(text.split()) or None


def sound(text: str | None) -> str | None:
    """`text` as it is. BadValue when it holds an undecodable byte or half a surrogate pair."""
    if text is None or text.isascii():
        return text
    lone = _SURROGATE.search(text)
    if lone is None:
        return text
    code = ord(lone.group())
    a_byte = 0xDC80 <= code <= 0xDCFF
    shown = f"byte 0x{code - 0xDC00:02X}" if a_byte else f"half character U+{code:04X}"
    raise BadValue(f"undecodable {shown} after {text[max(0, lone.start() - 30) : lone.start()]!r}")


def _character(match: re.Match[str]) -> str:
    entity = match.group()
    # The library alone would read `&notknown;` as `&not` and the rest.
    text = html.unescape(entity) if entity[1] == "#" or entity[1:] in html5 else entity
    # `&#xD800;` must not smuggle in what the check above refuses.
    return "" if _SURROGATE.search(text) else text


def _for_tag(match: re.Match[str]) -> str:
    name = match.group(1).lower()
    if name not in _NAMES:
        return match.group()
    if name == "title" and match.group().startswith("</"):
        return ": "
    return "" if name in _NAMES_INLINE else " "


def clean_abstract(value: object) -> str | None:
    """`clean_text` without a leading label ("Abstract:", "摘要："); None for "No abstract available".

    >>> clean_abstract("<jats:title>Abstract</jats:title><jats:p>We measure.</jats:p>")
    'We measure.'
    >>> clean_abstract("[No abstract available]") is None
    True
    """
    text = clean_text(value)
    if text is None or is_placeholder(text) or _NO_ABSTRACT.match(text):
        return None
    label = _LABEL.match(text)
    return text[label.end() :] or None if label else text


def is_placeholder(text: str) -> bool:
    """True for what exports write when there is nothing: `N/A`, `None`, `null`, `nan`, `-`."""
    return len(text) < 20 and text.strip().lower() in _PLACEHOLDERS
