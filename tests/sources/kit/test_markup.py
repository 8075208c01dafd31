"""XML as a stream: attacks, faults, text, memory."""

from __future__ import annotations

import tracemalloc

import pytest

from foretrack.foundation.errors import SourceError
from foretrack.sources.kit.markup import child, children, elements, text_of
from foretrack.sources.kit.opening import open_bytes

LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<r><e>&c;</e></r>"""
OUTSIDE = (
    b"""<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><r><e>&x;</e></r>"""
)


def texts(data: bytes, *names: str) -> list[str | None]:
    return [text_of(element) for _, element in elements(open_bytes(data), names or ("e",))]


@pytest.mark.parametrize("attack", [LAUGHS, OUTSIDE])
def test_declared_entities_are_refused(attack: bytes) -> None:
    with pytest.raises(SourceError, match="declares the XML entity"):
        texts(attack)


def test_entities_of_an_outside_dtd_are_known_from_html_or_kept() -> None:
    data = b'<!DOCTYPE r SYSTEM "http://127.0.0.1:9/none.dtd"><r><e>&alpha;-helix &amp; &notknown;</e></r>'
    assert texts(data) == ["α-helix & &notknown;"]


def test_what_was_readable_comes_before_the_error() -> None:
    found = elements(open_bytes(b"<r><e>one</e><e>two</e><e>thr"), ("e",))
    assert [text_of(next(found)[1]), text_of(next(found)[1])] == ["one", "two"]
    with pytest.raises(SourceError, match="line 1: not well-formed"):
        next(found)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no xml",
        b"<r><e></r>",
        b"<r>" + b"<d>" * 5000,
        b"<r><e>" + b"x" * 11_000_000 + b"</e></r>",
        b'<?xml version="1.0" encoding="klingon"?><r/>',
        b"<r><e>\xff\xff</e></r>",
    ],
)
def test_faults_are_errors_of_ours(data: bytes) -> None:
    with pytest.raises(SourceError):
        texts(data)


def test_a_declared_encoding_is_honoured_and_can_be_overruled() -> None:
    body = '<?xml version="1.0" encoding="gb2312"?><r><e>中文</e></r>'
    assert texts(body.encode("gb2312")) == ["中文"]
    wrong = body.replace("gb2312", "utf-8").encode("gb2312")
    overruled = open_bytes(wrong, encoding="gb18030")
    assert [text_of(e) for _, e in elements(overruled, ("e",))] == ["中文"]


def test_namespaces_lines_and_nesting() -> None:
    data = b'<r xmlns="urn:x" xmlns:y="urn:y">\n<y:e>one<e>inner</e></y:e>\n<e>two</e></r>'
    found = [(line, text_of(element)) for line, element in elements(open_bytes(data), ("e",))]
    assert found == [(2, "oneinner"), (3, "two")]


def test_text_of_an_element() -> None:
    data = b"""<e><title>Aim</title><p>H<sub>2</sub>O is<!-- no --> wet.</p><p>So <fn>note</fn>it is.</p>
      <tex-math>\\\\x</tex-math></e>"""
    ((_, element),) = [
        (line, text_of(e, without=frozenset({"fn"}))) for line, e in elements(open_bytes(data), ("e",))
    ]
    assert element == "Aim: H2O is wet. So it is."


def test_child_and_children() -> None:
    data = b"<e><a><b>1</b></a><a><b>2</b><b>3</b></a></e>"
    for _, element in elements(open_bytes(data), ("e",)):
        assert text_of(child(element, "a", "b")) == "1"
        assert child(element, "a", "c") is None
        assert [text_of(b) for b in children(element, "a", "b")] == ["1", "2", "3"]
        assert children(None, "a") == []
    assert text_of(None) is None


@pytest.mark.slow
def test_memory_is_flat() -> None:
    def peak(count: int) -> int:
        data = b"<r>" + b"<e><t>some text</t><u a='1'>more</u></e>" * count + b"</r>"
        tracemalloc.start()
        assert sum(1 for _ in elements(open_bytes(data), ("e",))) == count
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    assert peak(60_000) < 1.5 * peak(6_000) + 200_000
