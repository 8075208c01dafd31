"""What matching reads of a kind: a need or an offer, declared like everything else of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SideName = Literal["need", "offer"]


@dataclass(frozen=True, kw_only=True)
class Side:
    """On which side of a match a kind stands, and which of its fields say what.

    Only public fields may be named: what is for partners or private never enters a vector, a neighbour or a reason.
    """

    side: SideName
    texts: tuple[str, ...]
    """Fields of text, the most telling first; the title is always read before them."""
    states: tuple[str, ...]
    """States in which a record may be matched; in every other it is not there."""
    tracks: str = "tracks"
    maturity: str = ""
    """The level 1 to 9 of an offer, or the lowest that a need takes."""
    maturity_to: str = ""
    """The highest level that a need takes."""
    cooperation: str = ""
    """Kinds of cooperation that are possible or wanted."""
    partner_types: str = ""
    """Sorts of organisation that are wanted as partner."""
    partner_regions: str = ""
    """Regions in which the partner has to be; none means anywhere."""
    languages: str = ""
    """Languages in which one can work together."""
    until: str = ""
    """The last day on which it may be matched."""
    flags: str = ""
    """Safety flags of an offer, or those that a need accepts."""
    contacts: tuple[str, ...] = ()
    """Fields, private ones too, that are told to the other side once an interest was accepted; never are they matched."""

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that is matched."""
        named = (
            *self.texts, self.tracks, self.maturity, self.maturity_to, self.cooperation, self.partner_types,
            self.partner_regions, self.languages, self.until, self.flags,
        )  # fmt: skip
        return tuple(name for name in named if name)
