"""Invented listings, deals, services with ratings, first sets and technologies to apply, for the demo and for tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from foretrack.foundation.clock import fixed_clock

if TYPE_CHECKING:
    from foretrack.registry.access.actor import Actor
    from foretrack.registry.registry import Registry

PACK = "cn-future-industries-2024"
REASON = "Sample decision, invented"
AMOUNTS = (
    ("licence", "420000 CNY", "nothing"), ("licence", "650000 CNY", "band"), ("licence", "380000 CNY", "nothing"),
    ("licence", "510000 CNY", "nothing"),
)  # fmt: skip
"""Kind of contract, amount and what both sides agree to show, of each invented deal."""
STARS = (5, 4, 5)


@dataclass
class SampleDeals:
    """Makes the records through the actions that people use, each on a day of its own before today."""

    registry: Registry
    officer: Actor
    second: Actor
    """Whoever announces does not confirm."""
    firms: Mapping[str, tuple[str, str, Actor]]
    """Short name to (key, region, somebody who manages it)."""
    made: int = field(init=False, default=0)
    """Records."""

    def load(self) -> dict[str, str]:
        """Makes everything; name to key of what tests and pictures look at."""
        coating = self._offer(
            "isle", ("Sample coating for separators", "示例隔膜涂层"), "superconducting-materials"
        )
        listing = self._listing(
            "isle", coating, ("Licence of the sample coating", "示例隔膜涂层许可"), way="licence", price_mode="fixed",
            price="400000 CNY", tax_note={"en": "Without value-added tax.", "zh": "不含增值税。"},
        )  # fmt: skip
        self._listing(
            "isle", coating, ("Sample coating on your own cells", "示例来样涂覆服务"), way="service",
            price_mode="negotiated",
        )  # fmt: skip
        deal = ""
        buyers = ("brook", "cedar", "delta", "ember")
        for n, (buyer, (contract, amount, publicity)) in enumerate(zip(buyers, AMOUNTS, strict=True)):
            deal = self._deal(-200 + 10 * n, buyer, "isle", listing, contract, amount, publicity)
        return {
            "listing": listing,
            "deal": deal,
            **self._services(),
            **self._firsts(),
            **self._applications(),
        }

    # ---- the steps

    def _at(self, days: int) -> Registry:
        return replace(
            self.registry, clock=fixed_clock(datetime.combine(self._day(days), time(9)).isoformat())
        )

    def _day(self, days: int) -> date:
        return self.registry.now().date() + timedelta(days=days)

    def _create(self, day: int, who: str, kind: str, values: Mapping[str, Any]) -> str:
        from foretrack.registry.actions.records import create

        self.made += 1
        said = {"*": {"source": "Foretrack sample, invented", "confidence": "k"}}
        key, _, owner = self.firms[who]
        body = {"organisation": key, **values}
        return create(self._at(day), owner, kind, body, provenance=said).key

    def _move(self, day: int, actor: Actor, key: str, name: str, **values: Any) -> None:
        from foretrack.registry.actions.records import move
        from foretrack.registry.models import Record

        revision = Record.objects.values_list("revision", flat=True).get(key=key)
        move(self._at(day), actor, key, name, revision=revision, reason=REASON, values=values)

    def _of(self, who: str) -> Actor:
        return self.firms[who][2]

    def _begun(self, who: str, title: tuple[str, str], track: str, **more: Any) -> dict[str, Any]:
        return {
            "title": {"en": title[0], "zh": title[1]}, "region": self.firms[who][1], "tracks": [f"{PACK}/{track}"],
            **more,
        }  # fmt: skip

    def _selected(self, who: str, kind: str, values: Mapping[str, Any], day: int) -> str:
        """A record that was handed in, announced and recognised."""
        key = self._create(day, who, kind, values)
        self._move(day, self._of(who), key, "submit")
        self._move(day + 2, self.officer, key, "announce")
        self._move(day + 20, self.second, key, "recognise")
        return key

    # ---- deals

    def _offer(self, who: str, title: tuple[str, str], track: str) -> str:
        values = self._begun(
            who, title, track,
            summary={
                "en": f"{title[0]}: invented, tested for two thousand hours in three plants, for licence or service.",
                "zh": f"{title[1]}：虚构内容，已在三家虚构工厂连续测试两千小时，可许可或提供服务。",
            },
            description={
                "en": "An invented process with invented figures: it runs on existing lines, begins in a day and was "
                "measured by an invented laboratory against two usual processes.",
                "zh": "虚构工艺与虚构数据：可在现有产线运行，一天内完成调试，并由虚构实验室与两种常规工艺对比测试。",
            },
            advantages={
                "en": "Half the scrap of the usual process at the same speed, as the invented laboratory measured.",
                "zh": "经虚构实验室测定，在同等速度下废品率降低一半。",
            },
            stage="field-tested", maturity=7, rights=["patent-granted"], cooperation=["licence", "service"],
            valid_until=self._day(300).isoformat(),
        )  # fmt: skip
        key = self._create(-240, who, "offer", values)
        self._move(-240, self._of(who), key, "publish")
        return key

    def _listing(self, who: str, about: str, title: tuple[str, str], **more: Any) -> str:
        values = {
            "title": {"en": title[0], "zh": title[1]}, "region": self.firms[who][1], "about": about,
            "tracks": [f"{PACK}/intelligent-manufacturing"], "valid_until": self._day(200).isoformat(),
            "summary": {"en": "Invented terms, with help on site for a month.", "zh": "虚构条款，含一个月现场支持。"},
            **more,
        }  # fmt: skip
        key = self._create(-230, who, "listing", values)
        self._move(-230, self._of(who), key, "publish")
        return key

    def _deal(
        self, day: int, buyer: str, seller: str, about: str, contract: str, amount: str, publicity: str
    ) -> str:
        key = self._create(
            day, buyer, "deal",
            {
                "title": {"en": f"Sample deal of {buyer.title()}", "zh": f"示例交易（{buyer.title()}）"}, "about": about,
                "role": "acquires", "tracks": [f"{PACK}/intelligent-manufacturing"],
                "message": {"en": "Invented enquiry.", "zh": "虚构询盘。"},
            },
        )  # fmt: skip
        own, other = self._of(buyer), self._of(seller)
        self._move(day, own, key, "enquire")
        self._move(day + 1, other, key, "answer")
        self._move(
            day + 2, own, key, "propose", contract_kind=contract, contract_date=self._day(day + 2).isoformat(),
            amount=amount, publicity=publicity,
        )  # fmt: skip
        self._move(day + 3, other, key, "confirm-contract-other")
        return key

    # ---- services

    def _services(self) -> dict[str, str]:
        values = self._begun(
            "kestrel", ("Sample tests of battery cells", "示例电池单体检测"), "new-energy-storage", service="testing",
            summary={"en": "Invented tests of cells from -40 to 85 degrees.", "zh": "虚构的零下40至85摄氏度电池检测。"},
            what={
                "en": "Cycles, abuse and ageing, with an invented report.",
                "zh": "循环、滥用和老化测试，出具虚构报告。",
            },
            accreditations=["SAMPLE L0001"], price_basis="sample", price="800 CNY", days=12, languages=["zh", "en"],
        )  # fmt: skip
        service = self._create(-190, "kestrel", "service-offering", values)
        self._move(-190, self._of("kestrel"), service, "publish")
        other = self._begun(
            "juniper", ("Sample search of patents before a licence", "示例许可前专利检索"), "large-models",
            service="patents",
            summary={"en": "Invented search in two languages.", "zh": "虚构的中英文检索服务。"},
            what={"en": "Search, reading, and an invented opinion.", "zh": "检索、阅读并出具虚构意见。"},
            price_basis="quote", days=7, languages=["zh", "en"],
        )  # fmt: skip
        second = self._create(-190, "juniper", "service-offering", other)
        self._move(-190, self._of("juniper"), second, "publish")
        order = rating = ""
        for n, (customer, stars) in enumerate(zip(("cedar", "brook", "ember"), STARS, strict=True)):
            order = self._order(-170 + 5 * n, customer, service)
            rating = self._create(
                -140 + n, customer, "service-rating",
                {
                    "title": {"en": "Quick and clear", "zh": "快速清楚"}, "order": order, "service": service,
                    "stars": stars,
                    "comment": {"en": "The invented report came two days early.", "zh": "虚构报告提前两天交付。"},
                },
            )  # fmt: skip
            self._move(-140 + n, self._of(customer), rating, "give")
        thanks = {"en": "Thank you; the invented chamber is larger now.", "zh": "谢谢，虚构试验箱现已扩容。"}
        self._move(-130, self._of("kestrel"), rating, "reply", reply=thanks)
        return {"service": service, "order": order}

    def _order(self, day: int, customer: str, service: str) -> str:
        asked = {
            "title": {"en": "Sample order of tests", "zh": "示例检测委托"}, "service": service,
            "asked": {"en": "Ten invented cells.", "zh": "十只虚构电池。"},
        }  # fmt: skip
        key = self._create(day, customer, "service-order", asked)
        own, provider = self._of(customer), self._of("kestrel")
        self._move(day, own, key, "ask")
        self._move(day + 1, provider, key, "quote", quote="8000 CNY", quoted_days=10)
        self._move(day + 2, own, key, "accept")
        self._move(day + 12, provider, key, "deliver", delivered_on=self._day(day + 12).isoformat())
        self._move(day + 13, own, key, "complete")
        return key

    # ---- catalogues

    def _firsts(self) -> dict[str, str]:
        from foretrack.registry.actions.records import create, move

        entries = []
        for code, en, zh, parameter, sense, value, unit in (
            (
                "S1.1",
                "Sample laying machine for cells",
                "示例电池叠片装备",
                "Laying speed",
                "at least",
                120,
                "sheets/min",
            ),
            (
                "S1.2",
                "Sample winding machine for cells",
                "示例电池卷绕装备",
                "Winding speed",
                "at least",
                60,
                "m/min",
            ),
        ):
            page = create(
                self._at(-300), self.officer, "guidance-entry",
                {
                    "title": {"en": en, "zh": zh}, "code": code, "catalogue": "Sample guidance catalogue, invented",
                    "sort_of": "equipment", "valid_from": self._day(-300).isoformat(),
                    "about": {"en": f"{en}, invented.", "zh": f"虚构的{zh}。"},
                    "parameters": [{"parameter": parameter, "sense": sense, "value": value, "unit": unit}],
                },
            )  # fmt: skip
            self.made += 1
            move(self._at(-300), self.officer, page.key, "put-in-force", revision=1, reason=REASON)
            entries.append(page.key)
        values = self._begun(
            "cedar", ("Sample laying machine L3", "示例叠片机L3"), "new-energy-storage", sort_of="equipment", model="L3",
            summary={"en": "Lays invented sheets of cells without a stop.", "zh": "虚构的不停机电池叠片装备。"},
            novelty={"en": "An invented hand that never waits.", "zh": "虚构的连续取片机构。"}, breakthrough=True,
            own_rights=True, entry=entries[0], sets_delivered=2, first_delivered=self._day(-150).isoformat(),
            parameters=[{"parameter": "Laying speed", "value": 135, "unit": "sheets/min"}],
            users=[self.firms["harbour"][0]],
        )  # fmt: skip
        first = self._selected("cedar", "first-set", values, -120)
        use = self._create(
            -40, "harbour", "first-set-use",
            {
                "title": {"en": "Sample report of two months", "zh": "示例两个月使用记录"}, "first_set": first,
                "period": {"from": self._day(-100).isoformat(), "to": self._day(-41).isoformat()}, "hours": 910,
                "faults": 2, "measures": [{"parameter": "Laying speed", "value": 131, "unit": "sheets/min"}],
            },
        )  # fmt: skip
        self._move(-40, self._of("harbour"), use, "report")
        return {"first_set": first, "entry": entries[0]}

    def _applications(self) -> dict[str, str]:
        values = self._begun(
            "fjord", ("Sample watching of pipelines from orbit", "示例管线卫星巡检"), "satellite-internet", maturity=8,
            summary={
                "en": "Invented pictures tell where an invented pipeline leaks.",
                "zh": "虚构卫星影像识别虚构管线泄漏。",
            },
            technology={
                "en": "An invented radar in an invented orbit, read by a model.",
                "zh": "虚构轨道上的虚构雷达与识别模型。",
            },
            uses=[{"en": "Pipelines", "zh": "油气管线"}, {"en": "Dams", "zh": "大坝"}], effect=["safe", "intelligent"],
            benefits=[
                {
                    "measure": {"en": "Hours until a leak is found", "zh": "发现泄漏用时"}, "unit": "h", "before": 72,
                    "after": 6,
                },
                {"measure": {"en": "Cost of a walk", "zh": "巡检成本"}, "unit": "CNY/km", "before": 300, "after": 90},
            ],
            investment="1200000 CNY", yearly_cost="150000 CNY", payback=2.5,
            references=[{"where": {"en": "Sample pipeline in the north", "zh": "示例北部管线"}, "year": 2025,
                         "result": {"en": "Three invented leaks found", "zh": "发现三处虚构泄漏"}}],
            conditions={
                "en": "A clear view and a reader of the invented data.", "zh": "视野无遮挡并具备虚构数据读取能力。",
            },
            contact="Sample office of applications, 000-0000",
        )  # fmt: skip
        return {"application": self._selected("fjord", "promoted-application", values, -90)}


def sample_deals(
    registry: Registry, *, officer: Actor, second: Actor, firms: Mapping[str, tuple[str, str, Actor]],
) -> tuple[dict[str, str], int]:  # fmt: skip
    """The invented records: name to key, and how many there are."""
    made = SampleDeals(registry, officer, second, firms)
    return made.load(), made.made
