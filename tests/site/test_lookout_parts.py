"""What the lookout brings to the pages of others: the first page, the findings of a record, the page of a document."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.foresight.corpora import GROUPS, add, made, paper, related
from tests.site.conftest import NATIONAL, SECOND

from foretrack.corpus.store import Corpus
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.results import Scan, find_scan
from foretrack.domains.foresight.actions.scan import ScanRequest, scan
from foretrack.foundation.clock import fixed_clock
from foretrack.registry.actions.records import create, move
from foretrack.registry.registry import Registry

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An invented world as of 2020, with a hostile document."""
    import numpy as np

    root = tmp_path_factory.mktemp("parts") / "w"
    workspace = made(root, related())
    one = paper(
        9_000, 2020, np.random.default_rng(5), GROUPS[4][:2], title=SCRIPT, venue=SCRIPT, authors=(SCRIPT,)
    )
    add(workspace, [replace(one, url="javascript:alert(1)")])
    scan(workspace, ScanRequest(as_of=2020, packs=(), threads=1), clock=fixed_clock("2026-01-01"))
    return root


@pytest.fixture
def lookout(registry: Registry, scanned: Path, settings: Any) -> Scan:
    settings.FORETRACK = replace(settings.FORETRACK, workspace=scanned)
    return find_scan(Workspace.open(scanned))


def test_the_first_page_has_what_rises_with_its_line(lookout: Scan) -> None:
    rising = [one for one in lookout.items(lookout.ranking) if one.state in ("emerging", "growing")]
    assert rising

    text, data = Client().get("/en/").content.decode(), Client().get("/en.json").json()

    risers = data["fronts"][0]["fragment"]["risers"]
    assert [one["title"] for one in risers] == [one.label_en or one.label for one in rising[:7]]
    assert all(len(one["line"].split()) > 5 for one in risers)
    assert text.count("<polyline") == len(risers)
    assert "2020" in text


def test_a_record_shows_what_the_newest_scan_knows_of_its_findings(
    lookout: Scan, firm: str, registry: Registry
) -> None:
    first = lookout.items(lookout.ranking[:1])[0]
    record = create(
        registry, NATIONAL, "technology",
        {"title": {"en": "T"}, "signals": [f"concept:{first.concept}", "concept:gone-by"], "organisations": [firm]},
    ).key  # fmt: skip
    move(registry, SECOND, record, "agree", revision=1, reason="Invented")
    move(registry, SECOND, firm, "verify", revision=1, reason="Invented")

    own, absent = Client().get(f"/en/record/{record}.json").json()["dossier"]["signals"]["signals"]
    assert (own["rank"], own["n_documents"]) == (1, first.measures.n_documents)
    assert own["share"] == pytest.approx(first.measures.share_recent)
    assert absent["standing"] == ""
    assert "not in the scan as of 2020" in Client().get(f"/en/record/{record}/").content.decode()
    through = Client().get(f"/en/record/{firm}.json").json()["dossier"]["signals"]["signals"]
    assert [(one["key"], one["through"]) for one in through] == [(first.concept, "T"), ("gone-by", "T")]


def test_a_document_has_a_page_with_its_concepts_and_no_link_that_runs(lookout: Scan, scanned: Path) -> None:
    ids = [str(one) for one in lookout.stored.table("documents")["document_id"].to_pylist()]
    documents = {
        one.document_id: one.document for one in Corpus(Workspace.open(scanned).corpus_dir).documents(ids)
    }
    hostile = next(key for key, one in documents.items() if one.title == SCRIPT)

    page = Client().get(f"/en/lookout/documents/{hostile}/")
    data = Client().get(f"/en/lookout/documents/{hostile}.json").json()

    assert page.status_code == 200
    assert SCRIPT not in page.content.decode()
    assert "javascript:" not in page.content.decode()
    assert data["href"] == ""
    row = {str(one): n for n, one in enumerate(lookout.concepts["concept"].to_pylist())}
    carried = [name for name, n in row.items() if hostile in dict(lookout.documents_of(n))]
    assert data["n_concepts"] == len(carried) > 0
    assert Client().get("/zh-hans/lookout/documents/0000000000000000/").status_code == 404
