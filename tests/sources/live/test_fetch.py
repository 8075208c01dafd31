"""Fetching against a loopback service with invented answers in the services' shapes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.sources.live.service import BREAK, Answer, Service, service

from foretrack.domains.foresight.actions.fetch import FetchReport, fetch
from foretrack.foundation.clock import fixed_clock
from foretrack.foundation.errors import ForetrackError, InputError, OutsideError, SourceError
from foretrack.records.document import Document, Parsed
from foretrack.sources.catalogue import read
from foretrack.sources.kit.http import Manners
from foretrack.sources.kit.paging import STATE

TOTAL = 7
PAGE = 3


class Slept:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.naps: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.now += seconds


def manners(slept: Slept, **changes: Any) -> Manners:
    plain = Manners(
        pause=0.0, monotonic=slept.monotonic, sleep=slept.sleep, clock=fixed_clock("2026-01-01T00:00:00")
    )
    return replace(plain, **changes)


def openalex(params: dict[str, str]) -> bytes:
    start = 0 if params["cursor"] == "*" else int(params["cursor"].removeprefix("after-"))
    end = min(start + PAGE, TOTAL)
    works = [
        {
            "id": f"https://openalex.org/W99{n}",
            "title": f"Invented work {n}",
            "publication_date": "2019-01-01",
        }
        for n in range(start, end)
    ]
    following = f"after-{end}" if start < TOTAL else None
    return json.dumps({"meta": {"count": TOTAL, "next_cursor": following}, "results": works}).encode()


def crossref(params: dict[str, str]) -> bytes:
    start = 0 if params["cursor"] == "*" else int(params["cursor"])
    end = min(start + int(params["rows"]), TOTAL)
    works = [
        {
            "DOI": f"10.5555/inv.{n}", "title": [f"Invented work {n}"], "container-title": ["J"],
            "issued": {"date-parts": [[2019]]}, "reference-count": 0, "is-referenced-by-count": 0,
        }
        for n in range(start, end)
    ]  # fmt: skip
    return json.dumps(
        {
            "status": "ok", "message-type": "work-list", "message-version": "1.0.0",
            "message": {"total-results": TOTAL, "next-cursor": str(end), "items": works},
        }
    ).encode()  # fmt: skip


def arxiv(params: dict[str, str]) -> bytes:
    start = int(params["start"])
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/9901.0000{n}v1</id><title>Invented work {n}</title>"
        "<published>2019-01-01T00:00:00Z</published><summary>None</summary></entry>"
        for n in range(start, min(start + PAGE, TOTAL))
    )
    return (
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" '
        'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">'
        f"<opensearch:totalResults>{TOTAL}</opensearch:totalResults>{entries}</feed>"
    ).encode()


def epo(params: dict[str, str]) -> bytes:
    query = params["query"]
    size = int(query.split("LIMIT ")[1].split()[0])
    start = int(query.split("OFFSET ")[1].split()[0])
    rows: list[dict[str, Any]] = [
        {
            "publication": {"value": f"http://data.epo.org/linked-data/data/publication/EP/990000{n}/A1/-"},
            "title": {"value": f"Invented work {n}"},
            "date": {"value": "2019-01-01"},
        }
        for n in range(start, min(start + size, TOTAL))
    ]
    return json.dumps({"head": {"vars": []}, "results": {"bindings": rows or [{}]}}).encode()


BODIES: dict[str, Callable[[dict[str, str]], bytes]] = {
    "openalex": openalex,
    "crossref": crossref,
    "arxiv": arxiv,
    "epo": epo,
}


def run(root: Path, source: str, running: Service, slept: Slept, **changes: Any) -> FetchReport:
    arguments: dict[str, Any] = {"search": "soft robot", "mail": "ada@example.org"}
    return fetch(root, source, base_url=running.base_url, manners=manners(slept), **(arguments | changes))


def documents(report: FetchReport) -> list[Document]:
    found = []
    for path in sorted(report.folder.glob("page-*")):
        for _, connector, records in read(path):
            assert connector.name.startswith(report.source)
            for record in records:
                assert isinstance(record, Parsed)
                found.append(record.document)
    return found


@pytest.mark.parametrize("source", BODIES)
def test_all_pages_arrive_and_are_read_by_the_connector(source: str, tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    with service(lambda params, number: (200, {}, BODIES[source](params))) as running:
        report = run(
            tmp_path, source, running, Slept(), from_year=2015, to_year=2020,
            progress=lambda done, total: seen.append((done, total)),
        )  # fmt: skip
    assert report.folder.is_relative_to(tmp_path / "fetched" / source)
    assert (report.records, report.complete) == (TOTAL, True)
    assert [d.title for d in documents(report)] == [f"Invented work {n}" for n in range(TOTAL)]
    assert seen[0][0] == 0
    assert seen[-1][0] == TOTAL
    assert "mailto:ada@example.org" in running.asked[0].agent
    asked = json.dumps([request.params for request in running.asked])
    assert "2015" in asked
    assert "2020" in asked
    assert "robot" in asked


@pytest.mark.parametrize("source", BODIES)
def test_a_limit_ends_the_run_and_a_higher_one_continues_it(source: str, tmp_path: Path) -> None:
    with service(lambda params, number: (200, {}, BODIES[source](params))) as running:
        first = run(tmp_path, source, running, Slept(), limit=2)
        assert first.records >= 2
        assert not first.complete
        last = run(tmp_path, source, running, Slept())
    assert last.folder == first.folder
    assert (last.records, last.complete) == (TOTAL, True)
    assert [d.title for d in documents(last)] == [f"Invented work {n}" for n in range(TOTAL)]


def test_a_complete_fetch_asks_nothing(tmp_path: Path) -> None:
    with service(lambda params, number: (200, {}, openalex(params))) as running:
        run(tmp_path, "openalex", running, Slept())
        asked = len(running.asked)
        again = run(tmp_path, "openalex", running, Slept())
    assert len(running.asked) == asked
    assert (again.new_pages, again.records) == (0, TOTAL)


def test_too_many_requests_are_waited_for_as_told(tmp_path: Path) -> None:
    slept = Slept()
    waits = {1: "7", 2: "Thu, 01 Jan 2026 00:00:30 GMT", 3: "never"}

    def answer(params: dict[str, str], number: int) -> Answer:
        if number in waits:
            return 429, {"Retry-After": waits[number]}, b"slow down"
        return 200, {}, openalex(params)

    with service(answer) as running:
        report = run(tmp_path, "openalex", running, slept)
    assert report.records == TOTAL
    assert slept.naps == [7.0, 30.0, 8.0]


def test_server_errors_back_off_and_pass(tmp_path: Path) -> None:
    slept = Slept()
    with service(
        lambda params, number: (500, {}, b"") if number in (1, 2) else (200, {}, crossref(params))
    ) as running:
        assert run(tmp_path, "crossref", running, slept).complete
    assert slept.naps == [2.0, 4.0]


def test_a_long_wait_is_told_not_slept(tmp_path: Path) -> None:
    slept = Slept()
    with (
        service(lambda params, number: (429, {"Retry-After": "86400"}, b"quota")) as running,
        pytest.raises(OutsideError, match="asks to wait 86400 s") as caught,
    ):
        run(tmp_path, "openalex", running, slept)
    assert caught.value.retryable
    assert slept.naps == []


def test_a_connection_broken_in_the_middle_resumes_where_it_was(tmp_path: Path) -> None:
    def broken(params: dict[str, str], number: int) -> Answer:
        return (BREAK if params["cursor"] != "*" else 200), {}, openalex(params)

    with service(broken) as running, pytest.raises(OutsideError, match="did not answer") as caught:
        run(tmp_path, "openalex", running, Slept())
    assert caught.value.retryable
    assert len(running.asked) == 1 + 6
    (folder,) = (tmp_path / "fetched" / "openalex").iterdir()
    assert [path.name for path in folder.glob("page-*")] == ["page-00001.json"]

    with service(lambda params, number: (200, {}, openalex(params))) as running:
        report = run(tmp_path, "openalex", running, Slept())
    assert running.asked[0].params["cursor"] == "after-3"
    assert [d.title for d in documents(report)] == [f"Invented work {n}" for n in range(TOTAL)]


def test_a_run_killed_between_page_and_state_neither_loses_nor_doubles(tmp_path: Path) -> None:
    with service(lambda params, number: (200, {}, openalex(params))) as running:
        first = run(tmp_path, "openalex", running, Slept(), limit=PAGE)
        state = (first.folder / STATE).read_bytes()
        run(tmp_path, "openalex", running, Slept(), limit=2 * PAGE)
        # Page 2 is there, the state still speaks of page 1, and a half-written page lies about.
        (first.folder / STATE).write_bytes(state)
        (first.folder / ".page-00003.json.part").write_bytes(b"half")
        report = run(tmp_path, "openalex", running, Slept())
    assert [d.title for d in documents(report)] == [f"Invented work {n}" for n in range(TOTAL)]
    assert not list(report.folder.glob(".*.part"))


@pytest.mark.parametrize("source", BODIES)
@pytest.mark.parametrize("body", [b"", b"<html>busy</html>", b'{"results": [', b"{}", b"[]", b"\xff\xfe\x00"])
def test_a_malformed_answer_is_asked_for_again_and_then_an_error(
    source: str, body: bytes, tmp_path: Path
) -> None:
    with service(lambda params, number: (200, {}, body)) as running:
        with pytest.raises(SourceError, match="answered with"):
            run(tmp_path, source, running, Slept())
        assert len(running.asked) == 3
    assert not list(tmp_path.rglob("page-*"))
    with service(
        lambda params, number: (200, {}, body if number == 1 else BODIES[source](params))
    ) as running:
        assert run(tmp_path, source, running, Slept()).complete


def test_an_empty_page_in_the_middle_of_arxiv_is_a_failure(tmp_path: Path) -> None:
    empty = arxiv({"start": "100"})
    with service(lambda params, number: (200, {}, empty if number in (2, 3) else arxiv(params))) as running:
        assert run(tmp_path, "arxiv", running, Slept()).records == TOTAL


def test_an_error_of_arxiv_is_told(tmp_path: Path) -> None:
    body = (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/api/errors#x</id>'
        b"<summary>malformed query</summary></entry></feed>"
    )
    with (
        service(lambda params, number: (200, {}, body)) as running,
        pytest.raises(SourceError, match="malformed query"),
    ):
        run(tmp_path, "arxiv", running, Slept())


@pytest.mark.parametrize(
    ("status", "error", "message"),
    [
        (403, InputError, "--mail"),
        (401, InputError, "--key"),
        (400, InputError, "refuses the request .*bad filter"),
        (404, InputError, "status 404"),
    ],
)
def test_refusals(status: int, error: type[ForetrackError], message: str, tmp_path: Path) -> None:
    with service(lambda params, number: (status, {}, b"bad filter")) as running:
        with pytest.raises(error, match=message):
            run(tmp_path, "openalex", running, Slept())
        assert len(running.asked) == 1


def test_an_answer_without_end(tmp_path: Path) -> None:
    with (
        service(lambda params, number: (200, {}, b"x" * 200_000)) as running,
        pytest.raises(SourceError, match="more than 100,000 bytes"),
    ):
        fetch(
            tmp_path, "openalex", search="x", base_url=running.base_url,
            manners=manners(Slept(), largest=100_000),
        )  # fmt: skip


def test_requests_keep_their_distance(tmp_path: Path) -> None:
    slept = Slept()
    with service(lambda params, number: (200, {}, arxiv(params))) as running:
        fetch(tmp_path, "arxiv", search="x", base_url=running.base_url, manners=manners(slept, pause=3.0))
    assert slept.naps == [3.0] * (len(running.asked) - 1)


def test_no_service_at_the_address(tmp_path: Path) -> None:
    slept = Slept()
    with pytest.raises(OutsideError, match="did not answer after 6 attempts") as caught:
        fetch(tmp_path, "epo", search="x", base_url="http://127.0.0.1:9", manners=manners(slept))
    assert caught.value.retryable
    assert slept.naps == [2.0, 4.0, 8.0, 16.0, 32.0]


@pytest.mark.parametrize(
    ("source", "changes", "message"),
    [
        ("scopus", {}, "no service is called 'scopus'"),
        ("openalex", {"search": " "}, "nothing to search for"),
        ("openalex", {"from_year": 2020, "to_year": 2010}, "from 2020 to 2010"),
        ("openalex", {"from_year": 3000}, "year 3000"),
        ("openalex", {"limit": 0}, "a limit of 0"),
        ("openalex", {"mail": "ada"}, "no mail address"),
        ("openalex", {"base_url": "ftp://x"}, "no address"),
        ("epo", {"search": "&"}, "no word in"),
    ],
)
def test_unusable_arguments(source: str, changes: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        fetch(tmp_path, source, **({"search": "robot"} | changes))


def test_a_damaged_state_is_told(tmp_path: Path) -> None:
    with service(lambda params, number: (200, {}, openalex(params))) as running:
        folder = run(tmp_path, "openalex", running, Slept()).folder
        (folder / STATE).write_text("{", encoding="utf-8")
        with pytest.raises(InputError, match="damaged"):
            run(tmp_path, "openalex", running, Slept())
        (folder / STATE).write_text(
            json.dumps({"asked": {}, "cursor": "*", "pages": 0, "records": 0}), encoding="utf-8"
        )
        with pytest.raises(InputError, match="another search"):
            run(tmp_path, "openalex", running, Slept())


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    (tmp_path / "fetched").write_text("a file where the folder should be", encoding="utf-8")
    with (
        service(lambda params, number: (200, {}, openalex(params))) as running,
        pytest.raises(OutsideError, match="cannot be written"),
    ):
        run(tmp_path, "openalex", running, Slept())


def test_words_cannot_break_out_of_the_query(tmp_path: Path) -> None:
    with service(lambda params, number: (200, {}, epo(params))) as running:
        run(tmp_path, "epo", running, Slept(), search='robot\' } DROP "x" \\')
    query = running.asked[0].params["query"]
    assert "'robot AND drop AND x'" in query
    assert running.asked[0].accept == "application/json"
