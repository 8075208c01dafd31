"""An invented release hall, for the demo and for tests: a session that is over, one that waits, questions, figures."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from foretrack.foundation.clock import fixed_clock

if TYPE_CHECKING:
    from foretrack.registry.access.actor import Actor
    from foretrack.registry.registry import Registry

TRACK = "cn-future-industries-2024/intelligent-manufacturing"
REASON = "Sample decision, invented"
WORKS: tuple[dict[str, Any], ...] = (
    {
        "title": {"en": "Invented gripper that feels what it holds", "zh": "虚构触觉抓手"},
        "summary": {"en": "A soft gripper with a skin that feels pressure.", "zh": "带压力感知皮肤的柔性抓手。"},
        "plain": {
            "en": "The gripper takes up a raw egg or a full bottle without being told which of the two it is.",
            "zh": "抓手无需预先设定，既能拿起生鸡蛋，也能拿起装满的瓶子。",
        },
        "description": {"en": "Sixty-four sensors, read a thousand times a second.", "zh": "64 个传感器。"},
        "advantages": {"en": "It learns the weight while it lifts.", "zh": "在抬起过程中自动判断重量。"},
        "sort_of": "applied", "stage": "prototype", "maturity": 6, "rights": ["patent-granted"],
        "cooperation": ["licence", "trial"], "patents": ["CN112345678B"],
        "captions": [{"file": "gripper.png", "caption": {"en": "The gripper holds an egg", "zh": "抓手拿起鸡蛋"}}],
    },
    {
        "title": {"en": "Invented glass that repairs its scratches", "zh": "虚构自修复玻璃"},
        "summary": {"en": "A coating that flows into scratches by day.", "zh": "日照下可流入划痕的涂层。"},
        "description": {"en": "Shown on panes of one square metre.", "zh": "已在一平方米玻璃上验证。"},
        "sort_of": "product", "stage": "field-tested", "maturity": 8, "rights": ["know-how"],
        "cooperation": ["manufacturing"],
    },
    {
        "title": {"en": "Invented proof about folded sheets", "zh": "虚构折叠薄片定理"},
        "summary": {"en": "How thin sheets fold without tearing.", "zh": "薄片如何折叠而不破裂。"},
        "description": {"en": "A theorem with measured examples.", "zh": "定理及实测示例。"},
        "sort_of": "basic", "stage": "concept", "maturity": 2, "rights": ["none"], "cooperation": ["research"],
    },
)  # fmt: skip


@dataclass
class SampleHall:
    """Makes sessions, achievements and questions through the actions that people use, around today."""

    registry: Registry
    officer: Actor
    second: Actor
    """Whoever made a record does not release it."""
    host: str
    owner: Actor
    """Manages the host."""
    asker: Actor
    region: str
    made: int = field(init=False, default=0)

    def load(self) -> dict[str, str]:
        """Name to key of a session that waits, one that is over, an achievement and a question."""
        from foretrack.domains.exchange.hall.asking import ask
        from foretrack.domains.exchange.hall.models import Count
        from foretrack.domains.exchange.hall.releasing import release_due
        from foretrack.registry.actions.attachments import attach

        past = self._session(-40, -20, "Invented autumn session", "虚构秋季发布会")
        keys = [self._achievement(-35, one, past) for one in WORKS[:2]]
        release_due(self._at(-19))
        for day in range(-19, 0):
            for what, n in (("view", 7 + day * day % 11), ("download", day % 3)):
                Count.objects.create(record=keys[0], day=self._day(day), what=what, n=n)
        question = self._question(-10, keys[0], "How heavy is what it can lift?", "Up to two kilograms.")
        ask(self._at(-1), self.asker, keys[1], "Does it work in winter, too? 冬季有效吗？")
        coming = self._session(-5, 12, "Invented winter session", "虚构冬季发布会")
        hidden = self._achievement(-4, WORKS[2], coming)
        picture = io.BytesIO(drawn_picture())
        from foretrack.registry.models import Record

        revision = Record.objects.values_list("revision", flat=True).get(key=keys[0])
        attach(self._at(-18), self.owner, keys[0], "pictures", picture, "gripper.png", revision=revision)
        return {
            "hall_session": coming, "past_session": past, "achievement": keys[0], "hidden_achievement": hidden,
            "question": question,
        }  # fmt: skip

    def _at(self, days: int) -> Registry:
        return replace(
            self.registry, clock=fixed_clock(datetime.combine(self._day(days), time(9)).isoformat())
        )

    def _day(self, days: int) -> date:
        return self.registry.now().date() + timedelta(days=days)

    def _create(self, days: int, who: Actor, kind: str, values: dict[str, Any]) -> str:
        from foretrack.registry.actions.records import create

        self.made += 1
        said = {"*": {"source": "Foretrack sample, invented", "confidence": "k"}}
        return create(self._at(days), who, kind, values, provenance=said).key

    def _move(self, days: int, who: Actor, key: str, name: str, **values: Any) -> None:
        from foretrack.registry.actions.records import move
        from foretrack.registry.models import Record

        revision = Record.objects.values_list("revision", flat=True).get(key=key)
        move(self._at(days), who, key, name, revision=revision, reason=REASON, values=values)

    def _session(self, made: int, release: int, en: str, zh: str) -> str:
        values = {
            "title": {"en": en, "zh": zh}, "organisation": self.host, "region": self.region, "tracks": [TRACK],
            "about": {"en": "Invented results, told by those who achieved them.", "zh": "虚构成果，由完成人介绍。"},
            "release_on": self._day(release).isoformat(), "release_time": "10:00",
            "programme": [
                {"at": "10:00", "item": {"en": "Welcome", "zh": "致辞"}},
                {"at": "10:15", "item": {"en": "The results", "zh": "成果介绍"}},
                {"at": "11:00", "item": {"en": "Questions", "zh": "问答"}},
            ],
            "link": "https://hall.example.org/live", "moderators": ["Invented Host"],
            "terms": {"en": "Say and print nothing before the moment of release.", "zh": "发布时刻前不得透露或刊发。"},
        }  # fmt: skip
        key = self._create(made, self.officer, "release-session", values)
        self._move(made, self.officer, key, "announce")
        return key

    def _achievement(self, made: int, told: dict[str, Any], session: str) -> str:
        values = {
            **told,
            "organisation": self.host,
            "region": self.region,
            "tracks": [TRACK],
            "session": session,
        }
        key = self._create(made, self.owner, "achievement", values)
        self._move(made, self.owner, key, "submit")
        self._move(made + 1, self.second, key, "accept")
        return key

    def _question(self, day: int, about: str, text: str, answer: str) -> str:
        from foretrack.domains.exchange.hall.asking import ask

        key = ask(self._at(day), self.asker, about, text).key
        self.made += 1
        self._move(day, self.second, key, "show")
        self._move(day + 1, self.owner, key, "reply", reply=answer)
        self._move(day + 2, self.second, key, "show-answer")
        return key


def drawn_picture(width: int = 480, height: int = 270) -> bytes:
    """A picture of nothing in particular, as PNG: a disc on a ground that grows lighter."""
    rows = []
    for y in range(height):
        row = bytearray(b"\0")
        for x in range(width):
            inside = (x - width // 2) ** 2 + (y - height // 2) ** 2 < (height // 3) ** 2
            row += bytes((240, 190 + y % 40, 120) if inside else (20 + y // 3, 90 + x // 8, 150))
        rows.append(bytes(row))

    def part(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + part(b"IHDR", head)
        + part(b"IDAT", zlib.compress(b"".join(rows)))
        + part(b"IEND", b"")
    )


def sample_hall(
    registry: Registry, *, officer: Actor, second: Actor, host: str, region: str, owner: Actor, asker: Actor
) -> tuple[dict[str, str], int]:
    """Makes the invented hall; name to key, and the number of records."""
    hall = SampleHall(registry, officer, second, host, owner, asker, region)
    return hall.load(), hall.made
