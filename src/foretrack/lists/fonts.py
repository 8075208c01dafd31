"""Looks on the disk for fonts with Chinese characters: the packaged one, folders that are named, the system's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from foretrack.foundation.errors import OutsideError
from foretrack.lists.rendering.pdf import FontFile, Fonts

PACKAGE = "noto_cjk_sans_otc"
FAMILY = "Noto Sans CJK SC"
"""Its shapes are those of the mainland's standard."""
SYSTEM_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "C:/Windows/Fonts",
)
_ENDINGS = frozenset({".ttf", ".otf", ".ttc", ".otc"})
_PROBE = "未来产业"


@cache
def packaged_fonts() -> Fonts:
    """The font that comes with Foretrack. Raises OutsideError when it was not installed.

    >>> packaged_fonts().families
    ('Noto Sans CJK SC',)
    """
    try:
        file = Path(str(resources.files(PACKAGE) / "NotoSansCJK-Regular.ttc"))
    except ModuleNotFoundError as error:
        raise _no_font("the package noto-cjk-sans-otc is not installed") from error
    return fonts_in([file])


def find_fonts(folders: Sequence[Path] = (), system: Sequence[str] = SYSTEM_FOLDERS) -> Fonts:
    """The packaged font and those in `folders`; the system's where the package is missing.

    The same fonts give the same bytes of a PDF, so the system's are not looked at without need.

    Args:
        folders: with fonts for further scripts; searched through, in this order.
        system: where the system keeps its fonts.

    Raises OutsideError when none of the fonts has Chinese characters.
    """
    more = fonts_in(_files(folders))
    try:
        found = packaged_fonts() + more
    except OutsideError:
        found = more if more.missing(_PROBE) == () else more + _chinese(fonts_in(_files(map(Path, system))))
    if found.missing(_PROBE):
        raise _no_font("no font with Chinese characters was found")
    return found


def fonts_in(files: Iterable[Path]) -> Fonts:
    """Families and characters of font files; of a collection the mainland's face, or else the first.

    Files that are no fonts are left out. Raises OutsideError for one that cannot be read.
    """
    from fontTools.ttLib import TTCollection, TTFont, TTLibError

    found: list[FontFile] = []
    for file in files:
        try:
            with file.open("rb") as stream:
                if file.suffix.lower() in (".ttc", ".otc"):
                    # One face is enough; to read the characters of all takes seconds.
                    faces = TTCollection(stream, lazy=True).fonts
                    found.append(_face(file, min(faces, key=lambda one: _family(one) != FAMILY)))
                else:
                    found.append(_face(file, TTFont(stream, lazy=True)))
        except (TTLibError, KeyError, AssertionError) as error:
            del error  # a file with the ending of a font which is none
            continue
        except OSError as error:
            raise OutsideError.of(
                "the font {file} could not be read ({error})",
                expected="a font file that may be read",
                do="change its permissions or name another folder",
                file=str(file),
                error=error.strerror or str(error),
            ) from error
    return Fonts(tuple(found))


def _family(font: Any) -> str:
    return str(font["name"].getBestFamilyName())


def _face(file: Path, font: Any) -> FontFile:
    return FontFile(file, _family(font), frozenset(font.getBestCmap() or ()))


def _files(folders: Iterable[Path]) -> list[Path]:
    return sorted(
        file
        for folder in folders
        for file in folder.rglob("*")
        if file.suffix.lower() in _ENDINGS and file.is_file()
    )


def _chinese(fonts: Fonts) -> Fonts:
    """Only fonts with Chinese characters, regular ones before bold ones."""
    fit = [font for font in fonts.files if all(ord(character) in font.characters for character in _PROBE)]
    return Fonts(tuple(sorted(fit, key=lambda font: "regular" not in font.path.name.lower())[:1]))


def _no_font(what: str) -> OutsideError:
    return OutsideError.of(
        what,
        expected="a font with Chinese characters",
        do="install noto-cjk-sans-otc with pip, or the system's package of Noto Sans CJK, or name a folder with fonts",
    )
