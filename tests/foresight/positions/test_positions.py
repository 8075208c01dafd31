"""Positions of an invented world, from documents to the answer and the command."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.foresight.corpora import STEADY, made, planted
from tests.foresight.positions.worlds import document, institute, monopoly_world, ror

from foretrack.cli.main import run
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.organisations import organisations, settle
from foretrack.domains.foresight.actions.positions import PositionRequest, positions
from foretrack.domains.foresight.actions.scan import ScanRequest
from foretrack.domains.foresight.actions.scan import scan as scan_corpus
from foretrack.domains.foresight.answers import to_json
from foretrack.domains.foresight.positions.answers import PositionList
from foretrack.foundation.clock import fixed_clock
from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.packs.positions import load_position_rules
from foretrack.records.checkdigits import uscc_check
from foretrack.records.document import Organisation

DRAWS = 200
ASKED = PositionRequest(as_of=2019, draws=DRAWS)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return made(tmp_path_factory.mktemp("world") / "w", monopoly_world())


@cache
def answer(workspace: Workspace, request: PositionRequest) -> PositionList:
    """Asked once for all tests: most of the time goes into compiling the questions."""
    return positions(workspace, request)


def told(workspace: Workspace, *, thorough: bool = False, **asked: Any) -> dict[str, Any]:
    found: dict[str, Any] = to_json(answer(workspace, replace(ASKED, thorough=thorough, **asked)))
    return found


def test_fractional_shares_by_hand(world: Workspace) -> None:
    found = told(world, thorough=True)

    # Of 40 documents a year 27 are of SE alone and 5 of SE and NO (every eighth); 8 of FI or NO, FI where 3 divides k.
    shares = {item["id"]: item["share"] for item in found["items"]}
    fi = sum(k % 3 == 0 for k in range(32, 40))
    assert found["n_documents"] == found["n_naming"] == 200
    assert shares["SE"] == pytest.approx((28 + 4 * 0.5) / 40)
    assert shares["FI"] == pytest.approx(fi / 40)
    assert sum(shares.values()) == pytest.approx(1)
    assert found["concentration"] == pytest.approx(sum(s * s for s in shares.values()))
    assert all(item["share_low"] <= item["share"] <= item["share_high"] for item in found["items"])
    assert [item["rank"] for item in found["items"]] == [1, 2, 3]
    assert found["items"][0]["label_zh"] == "瑞典"


def test_full_counting_gives_each_party_the_whole_document(world: Workspace) -> None:
    found = told(world, counting="full")

    assert {item["id"]: item["n_documents"] for item in found["items"]}["SE"] == 32 * 5
    assert sum(item["share"] for item in found["items"]) > 1


def test_the_same_question_has_the_same_answer(world: Workspace) -> None:
    again = positions(world, replace(ASKED, thorough=True))

    assert to_json(again) == told(world, thorough=True)


def test_later_documents_change_nothing_as_of_a_year(tmp_path: Path, world: Workspace) -> None:
    later = [
        document(
            5000 + i, 2020 + i % 2, [Organisation("Institute A of Nowhere", "CN"), institute(i, "CN")],
            references=("invented:I300", "invented:I20"), cited_by_year=((2021, 900),),
        )
        for i in range(12)
    ]  # fmt: skip
    grown = made(tmp_path / "w", [*monopoly_world(), *later])

    before, after = (told(w, by="organisation", thorough=True) for w in (world, grown))
    assert before.pop("snapshot") != after.pop("snapshot")
    assert before == after


def test_the_class_comes_with_its_probability(world: Workspace) -> None:
    risk = told(world, thorough=True)["risk"]

    assert (risk["lead"], risk["basis"], risk["n_documents"]) == ("SE", "cited", 200)
    assert risk["p_high"] + risk["p_medium"] + risk["p_low"] == pytest.approx(1)
    assert risk["level"] in ("high", "medium")
    assert risk["p_low"] < 0.5
    # Nine of the institutes are in SE, three elsewhere: of the first ten, seven to nine.
    assert 7 <= risk["institutions_in_lead"] <= 9


def test_other_years_change_the_shares_but_not_the_years_of_the_rule(world: Workspace) -> None:
    found = told(world, years=2, thorough=True)

    assert (found["first_year"], found["first_before"], found["last_before"]) == (2018, 2016, 2017)
    assert (found["n_documents"], found["n_naming_before"]) == (80, 80)
    same = told(world, thorough=True)["risk"]
    assert found["risk"]["n_documents"] == same["n_documents"] == 200
    assert found["risk"]["lead_ratio"] == pytest.approx(same["lead_ratio"])


def test_a_bloc_is_one_country_with_the_members_of_the_year(world: Workspace) -> None:
    found = told(world, blocs=("eu",), thorough=True)

    assert [item["id"] for item in found["items"]] == ["EU", "NO"]
    assert found["items"][0]["label_zh"] == "欧盟"
    assert found["risk"]["lead"] == "EU"
    assert found["risk"]["lead_ratio"] > told(world, thorough=True)["risk"]["lead_ratio"]
    with pytest.raises(InputError, match="no bloc 'XX'"):
        told(world, blocs=("XX",))


def test_too_few_documents_give_no_class_and_a_pack_can_say_how_many(tmp_path: Path) -> None:
    small = made(tmp_path / "w", monopoly_world()[300:349])
    asked = PositionRequest(draws=DRAWS)
    risk = positions(small, asked).risk
    assert risk is not None
    assert (risk.level, risk.n_documents, risk.minimum_documents) == (None, 49, 50)
    assert "needs 50" in (risk.not_enough or "")
    folder = small.root / "packs" / "ours"
    folder.mkdir(parents=True)
    (folder / "positions.yml").write_text(
        "monopoly:\n"
        "  - id: aspi-technology-monopoly\n    label: {en: Ours}\n    valid_from: '2000-01-01'\n    valid_to: null\n"
        "    first: 1\n    years: 5\n    minimum_documents: 40\n"
        "    levels: [{id: high, institutions: 1, lead: 1.1}]\n",
        encoding="utf-8",
    )
    ours = positions(small, asked).risk
    assert ours is not None
    assert (ours.first, ours.minimum_documents, ours.p_medium) == (1, 40, 0)
    assert ours.p_high is not None
    assert 0 < ours.p_high < 1


def test_organisations_are_counted_by_identifier_and_the_most_cited_are_known(world: Workspace) -> None:
    found = told(world, by="organisation", top=3)

    assert len(found["items"]) == 3
    assert found["n_parties"] == 12
    assert {item["id"] for item in told(world, by="organisation")["items"]} == {
        ror(1000 + n) for n in range(12)
    }
    assert found["items"][0]["country_from"] == "record"
    assert found["items"][0]["top_cited_share"] is not None


def test_disruption_and_convergence_come_with_their_counts(world: Workspace) -> None:
    found = told(world, thorough=True)

    assert found["disruption"]["n_documents"] > 100
    assert -1 <= found["disruption"]["mean"] <= 1
    # Two pairs of classes until 2014, six from 2015: log2(6) - log2(2) = 1.58 bits more.
    assert found["convergence"]["scheme"] == "cpc"
    assert found["convergence"]["change"] == pytest.approx(1.58, abs=0.1)
    assert "classes_undated" in found["notes"]


def test_a_corpus_without_countries_says_so(tmp_path: Path) -> None:
    bare = made(tmp_path / "w", [document(i, 2010 + i % 5) for i in range(30)])

    found = told(bare, as_of=2014, thorough=True)

    assert found["items"] == []
    assert found["concentration"] is None
    assert "none_names_country: 30 documents" in found["notes"]
    assert found["risk"]["level"] is None
    assert (found["disruption"], found["convergence"]) == (None, None)


def test_a_region_is_known_from_a_credit_code_only(tmp_path: Path, world: Workspace) -> None:
    bodies = [f"91{province}0100{n:09d}" for n, province in enumerate((44, 44, 31))]
    makers = [
        Organisation(f"无处{n}号有限公司", "CN", f"uscc:{body}{uscc_check(body)}")
        for n, body in enumerate(bodies)
    ]
    places = made(tmp_path / "w", [document(i, 2015, [makers[i % 3]]) for i in range(9)])

    found = told(places, by="region", as_of=2015)["items"]

    assert [(item["id"], item["label_zh"], item["n_documents"]) for item in found] == [
        ("CN-44", "广东省", 6),
        ("CN-31", "上海市", 3),
    ]
    assert told(world, by="region")["notes"][0].startswith("none_names_region")


def test_people_who_apply_for_patents_are_no_organisations(tmp_path: Path) -> None:
    patents = [
        document(
            i, 2015, [Organisation("NOBODY NELL"), Organisation("Nowhere Inc")], kind="patent", authors=("Nobody, Nell",)
        )
        for i in range(4)
    ]  # fmt: skip
    workspace = made(tmp_path / "w", patents)

    found = told(workspace, by="organisation", as_of=2015)

    assert [item["label"] for item in found["items"]] == ["Nowhere Inc"]
    assert "persons: 1" in found["notes"]


def near_names(folder: Path) -> Workspace:
    names = ("University of Nowhere", "Univeristy of Nowhere")
    return made(
        folder,
        [document(i, 2015, [Organisation(names[i % 2], "SE")], authors=("A. Nobody",)) for i in range(10)],
    )


def test_an_unsure_pair_is_listed_with_evidence_and_settled_by_a_person(tmp_path: Path) -> None:
    workspace = near_names(tmp_path / "w")

    pair = organisations(workspace).unsure[0]
    line = settle(workspace, pair.first.label, pair.second.label, same=True, clock=fixed_clock("2026-03-01"))

    assert (pair.reason, pair.n_together, pair.n_shared_authors) == ("spelling", 0, 1)
    assert line.endswith("# 2026-03-01")
    after = organisations(workspace)
    assert (after.n_organisations, after.n_unsure, after.n_settled) == (1, 0, 1)
    assert (
        positions(workspace, replace(ASKED, by="organisation", as_of=2015, thorough=False))
        .items[0]
        .n_documents
        == 10
    )
    with pytest.raises(InputError, match=r"organisations\.txt says in line 2"):
        settle(workspace, pair.first.label, pair.second.label, same=False, clock=fixed_clock("2026-03-02"))
    assert (workspace.root / "organisations.txt").read_text("utf-8").count("\n") == 2
    with pytest.raises(InputError, match="University of Nowhere"):
        settle(
            workspace, "Universal of Nowhere", pair.first.label, same=True, clock=fixed_clock("2026-03-02")
        )
    with pytest.raises(InputError, match="one name"):
        settle(
            workspace, pair.first.label, pair.first.label.upper(), same=True, clock=fixed_clock("2026-03-02")
        )


def ran(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = run([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_the_commands_speak_and_write(
    tmp_path: Path, world: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = ran(capsys, "positions", "-w", world.root, "--as-of", 2019, "--bloc", "EU", "--quick")
    assert (code, "European Union (EU)" in out, "EU as one" in out) == (0, True, True)
    code, out, err = ran(capsys, "positions", "-w", world.root, "--as-of", 2019, "--lang", "zh")
    assert (code, "瑞典 (SE)" in out, "技术垄断风险" in out) == (0, True, True)
    assert "分类没有日期" in err
    code, out, _ = ran(
        capsys, "positions", "-w", world.root, "--as-of", 2019, "--by", "organisation", "--json"
    )
    assert len(json.loads(out)["items"]) == 12
    file = tmp_path / "list.csv"
    assert ran(capsys, "positions", "-w", world.root, "--as-of", 2019, "--quick", "-o", file)[0] == 0
    assert file.read_text("utf-8-sig").startswith("rank,id,label")
    assert ran(capsys, "positions", "-w", world.root, "--track", "a", "--concept", "b")[0] == 2
    assert ran(capsys, "positions", "-w", world.root, "--by", "city")[0] == 2


def test_the_command_organisations_settles(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = near_names(tmp_path / "w").root
    code, out, err = ran(capsys, "organisations", "-w", root)
    assert (code, "nearly the same spelling" in out, "--same" in err) == (0, True, True)
    names = ("University of Nowhere", "Univeristy of Nowhere")
    code, out, _ = ran(capsys, "organisations", "-w", root, "--different", *names)
    assert (code, "!=" in out) == (0, True)
    assert json.loads(ran(capsys, "organisations", "-w", root, "--json")[1])["n_unsure"] == 0
    assert ran(capsys, "organisations", "-w", root, "--same", names[0])[0] == 2


def documented(section: str) -> set[str]:
    """Keys that docs/guide/json.md gives for a part of an answer."""
    text = (Path(__file__).parents[3] / "docs/guide/json.md").read_text(encoding="utf-8")
    part = text.split(f"\n## {section}\n", 1)[1].split("\n## ", 1)[0]
    return set(re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE))


def test_the_manual_has_every_key(tmp_path: Path, world: Workspace) -> None:
    found = told(world, thorough=True)
    listed = to_json(organisations(near_names(tmp_path / "w")))

    assert set(found) == documented("`positions`")
    assert set(found["items"][0]) == documented("Position")
    assert set(found["risk"]) == documented("Monopoly risk")
    assert set(found["convergence"]) == documented("Convergence")
    assert set(listed) == documented("`organisations`")
    assert set(listed["unsure"][0]) == documented("Unsure pair")


def test_the_rules_of_the_guide_can_be_read(tmp_path: Path) -> None:
    text = (Path(__file__).parents[3] / "docs/guide/positions.md").read_text(encoding="utf-8")
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours/positions.yml").write_text(text.split("```yaml\n")[1].split("```")[0], encoding="utf-8")

    rules = load_position_rules([tmp_path])

    assert rules.bloc("partners").members_on("2015-12-31") == {"SE", "NO", "FI"}
    assert [(rule.first, rule.levels[0].institutions) for rule in rules.monopoly] == [(20, 16)]
    assert rules.bloc("EU").id == "EU"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("format: 2", "format 2"),
        (
            "blocs: [{id: X, label: {en: X}, members: [{countries: [Sweden], from: '1995-01-01'}]}]",
            "'Sweden'",
        ),
        ("blocs: [{id: X, label: {en: X}, members: []}]", "no member"),
        (
            "monopoly: [{id: x, label: {en: X}, valid_from: '2000-01-01', valid_to: null, levels: []}]",
            "no level",
        ),
        ("regions: [{id: CN-11, label: {en: X}, source: [S9]}]", "'S9'"),
        ("tracks: []", "unknown key 'tracks'"),
    ],
)
def test_rules_that_cannot_be_used_say_where_and_why(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours/positions.yml").write_text(text, encoding="utf-8")

    with pytest.raises(InputError, match=said):
        load_position_rules([tmp_path])


def test_documents_of_a_concept_track_or_technology(tmp_path: Path) -> None:
    papers = planted(first=2014, last=2020, per_year=40, new_source_from=None)
    homes = [
        replace(p, organisations=(institute(i % 3, "SE"),), countries=("SE",)) for i, p in enumerate(papers)
    ]
    workspace = made(tmp_path / "w", homes)
    scan = scan_corpus(workspace, ScanRequest(as_of=2020, packs=(), threads=1, history=False))

    asked = PositionRequest(kind="concept", name=STEADY[0], thorough=False, draws=50)
    found = positions(workspace, asked, scan)

    assert found.group.n_documents == len(scan.documents_of(scan.row_of(STEADY[0])))
    assert (found.as_of, found.group.label, found.items[0].share) == (2020, STEADY[0], 1.0)
    assert found.n_documents < found.group.n_documents
    with pytest.raises(InputError, match="no concept of this scan is labelled"):
        positions(workspace, replace(asked, kind="track", name="nowhere"), scan)
    with pytest.raises(EvidenceError, match="no technologies"):
        positions(workspace, replace(asked, kind="technology", name="nowhere"), scan)
