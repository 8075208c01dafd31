"""PDF: Chinese can be searched and copied, text is never markup, and what no font has is said, never drawn as a box."""

from __future__ import annotations

import io
import json
import re
import sys
import time
from pathlib import Path

import pypdf
import pytest
from tests.lists.issues import HOSTILE, entry, hostile_issue, issue
from tests.lists.test_changes import both

from foretrack.foundation.canonical import digest
from foretrack.foundation.errors import OutsideError
from foretrack.lists.changes import diff
from foretrack.lists.fonts import find_fonts, fonts_in, packaged_fonts
from foretrack.lists.issue import digest_of
from foretrack.lists.rendering.addresses import Addresses
from foretrack.lists.rendering.formats import files_of
from foretrack.lists.rendering.pdf import Fonts, pdf_of
from foretrack.lists.rendering.wording import visible
from foretrack.packs.shapes import Bilingual


@pytest.fixture(scope="module")
def fonts() -> Fonts:
    return packaged_fonts()


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def bare(text: str) -> str:
    """Without white space: a line may be broken anywhere in Chinese."""
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_both_languages_can_be_searched(fonts: Fonts, language: str) -> None:
    first, after = both()
    found = bare(text_of(pdf_of(after, fonts, language, changes=diff(first, after))))

    for text in ("值得关注的虚构技术", "玻璃电池", "Glass battery", "虚构技术7号", digest_of(after)):
        assert bare(text) in found
    words = (
        ("发布单位", "研制单位撤回", "2025年7月15日") if language == "zh" else ("Publisher", "15 July 2025")
    )
    for text in words:
        assert bare(text) in found


def test_the_font_is_in_the_file_and_maps_to_unicode(fonts: Fonts) -> None:
    reader = pypdf.PdfReader(io.BytesIO(pdf_of(issue(entry(1)), fonts, "zh")))
    used = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]

    assert used
    for font in used:
        assert "/ToUnicode" in font
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert "/FontFile3" in descriptor or "/FontFile2" in descriptor
    assert reader.metadata is not None
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.date() == issue().published_on
    assert "pdfaid" in str(reader.xmp_metadata.stream.get_data() if reader.xmp_metadata else "")


def test_equal_issues_give_equal_bytes(fonts: Fonts) -> None:
    first, after = both()

    assert pdf_of(after, fonts, "zh") == pdf_of(after, fonts, "zh")
    assert pdf_of(after, fonts, "zh") != pdf_of(first, fonts, "zh")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_hostile_text_is_shown_as_text(fonts: Fonts, language: str) -> None:
    found = bare(text_of(pdf_of(hostile_issue(), fonts, language)))

    for text in HOSTILE:
        if not re.search("[\U0001f000-\U0001ffff\u200b\u200d\u00ad]", text):
            assert bare(visible(text).replace("\r", "‹U+000D›")) in found
    assert "emoji‹U+1F600›‹U+1F469›‹U+1F52C›" in found
    assert "zerowidthsoft" in found
    assert "abc‹U+202E›dcba‹U+202C›" in found


def test_a_long_word_stays_on_the_page_and_is_copied_whole(fonts: Fonts) -> None:
    content = pdf_of(issue(entry(1, title=Bilingual("W" * 300), values={"remark": "x"})), fonts)
    page = pypdf.PdfReader(io.BytesIO(content)).pages[0]
    lines: set[tuple[float, float]] = set()

    def visit(text: str, page: list[float], line: list[float], font: object, size: float) -> None:
        if "WWW" in text:
            lines.add((round(page[5], 1), round(line[5], 1)))

    page.extract_text(visitor_text=visit)
    # 300 letters of nine points or more on lines of at most 490.
    assert len(lines) >= 300 * 9 // 490
    assert "W" * 300 in text_of(content).replace("\n", "")
    assert "\u200b" not in text_of(content)


def test_letters_that_no_font_has_are_named_with_what_to_install(fonts: Fonts) -> None:
    with pytest.raises(OutsideError) as caught:
        pdf_of(issue(entry(1, title=Bilingual("Дом ตัว"))), fonts)

    assert "ต (U+0E15)" in caught.value.what
    assert "Д" not in caught.value.what
    assert "folder with fonts" in caught.value.do


def test_an_issue_with_nothing_on_it_says_so(fonts: Fonts) -> None:
    assert "本期没有在列项目。" in text_of(pdf_of(issue(), fonts, "zh"))


def test_fonts_of_named_folders_are_used_for_what_the_packaged_one_lacks(tmp_path: Path) -> None:
    packaged = packaged_fonts()
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "no.ttf").write_bytes(b"this is no font")
    (tmp_path / "a.ttc").symlink_to(packaged.files[0].path)
    (tmp_path / "readme.txt").write_text("no font")

    found = find_fonts([tmp_path])

    assert [font.path.name for font in found.files] == [packaged.files[0].path.name, "a.ttc"]
    assert found.families == ("Noto Sans CJK SC",)
    assert fonts_in([tmp_path / "sub" / "no.ttf"]) == Fonts(())


def test_without_the_packaged_font_the_systems_is_taken_or_what_to_install_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "system").mkdir()
    (tmp_path / "system" / "NotoSansCJK-Regular.ttc").symlink_to(packaged_fonts().files[0].path)
    monkeypatch.setitem(sys.modules, "noto_cjk_sans_otc", None)
    packaged_fonts.cache_clear()
    try:
        found = find_fonts(system=[str(tmp_path / "system")])
        with pytest.raises(OutsideError) as caught:
            find_fonts(system=[str(tmp_path / "nowhere")])
    finally:
        packaged_fonts.cache_clear()

    assert "玻璃电池" in text_of(pdf_of(issue(entry(1, title=Bilingual(zh="玻璃电池"))), found, "zh"))
    assert "noto-cjk-sans-otc" in caught.value.do


def test_all_files_of_an_issue_are_named_in_linked_data_with_their_hashes(fonts: Fonts) -> None:
    files = files_of(issue(entry(1)), fonts, Addresses("https://lists.example.org"))
    graph = json.loads(files[-1].content)["@graph"]
    hashes = {one["dcterms:title"]: one["spdx:checksum"]["spdx:checksumValue"]["@value"] for one in graph[2:]}

    assert [file.name.removeprefix("invented-100-1.") for file in files] == [
        "json", "csv", "en.xlsx", "zh.xlsx", "en.html", "zh.html", "en.pdf", "zh.pdf", "jsonld"
    ]  # fmt: skip
    assert hashes == {file.name: digest(file.content) for file in files[:-1]}


def test_a_text_that_the_fonts_have_misses_nothing(fonts: Fonts) -> None:
    assert fonts.missing("未来产业 Future 100 ‹›·–") == ()
    assert Fonts(()).missing("ab") == ("a", "b")


def test_two_thousand_entries_take_seconds(fonts: Fonts) -> None:
    made = issue(*(entry(n, values={"maturity": 3}) for n in range(1, 2001)))
    begun = time.perf_counter()
    content = pdf_of(made, fonts, "zh")

    assert time.perf_counter() - begun < 30
    assert len(pypdf.PdfReader(io.BytesIO(content)).pages) > 50
