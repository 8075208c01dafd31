"""Times search over 100,000 invented things while one process writes: benchmarks/search/run.py [--n N] [--url URL].

    python benchmarks/search/run.py --out benchmarks/search/results.json
    python benchmarks/search/run.py --url postgresql://postgres@127.0.0.1:5440/search_bench

Beside it, in the same run over the same things: what one would write without it. On both databases Django's
`icontains` over title and text; on SQLite also FTS5 with its own tokenizer and its own order, which finds no part of a
Chinese word. A database named by --url must be empty.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from invent import KINDS, TRACKS, questions, things

WRITES_A_SECOND = 50


def configure(url: str, file: str) -> None:
    """An installation's own settings, on a database of this benchmark."""
    from dataclasses import replace

    import django
    from django.conf import settings

    from foretrack.installation.django import django_settings
    from foretrack.installation.opening import installation_of

    made = installation_of(Path("no-such-workspace"), {}, made=False)
    told = django_settings(replace(made, database=url, secret_key="of a benchmark only " * 3))
    if not url:
        told["DATABASES"]["default"]["NAME"] = file
    settings.configure(**told)
    django.setup()


def write(seconds: float) -> None:
    """Saves one changed thing at a time, at a steady pace, as an office at work does."""
    from dataclasses import replace

    from foretrack.search.actions.indexing import index

    known = list(things(2000))
    end, done = time.perf_counter() + seconds, 0
    print("writing", flush=True)
    while time.perf_counter() < end:
        thing = known[done % len(known)]
        index([replace(thing, body=f"{thing.body} {done}")])
        done += 1
        time.sleep(max(0.0, done / WRITES_A_SECOND - (seconds - (end - time.perf_counter()))))
    print(json.dumps({"written": done}), flush=True)


def timed(run: Any, asked: list[Any]) -> dict[str, float]:
    """Milliseconds at the 50th and 95th percentile, one call for each question.

    `processor` is what this process used: on a machine that others use too, nearer to what it takes at rest (of
    PostgreSQL it leaves out the server's part).
    """
    taken, used = [], []
    for one in asked:
        start, before = time.perf_counter(), time.process_time()
        run(one)
        taken.append((time.perf_counter() - start) * 1000)
        used.append((time.process_time() - before) * 1000)
    p50, p95 = np.percentile(taken, [50, 95]).round(1).tolist()
    u50, u95 = np.percentile(used, [50, 95]).round(1).tolist()
    return {"p50": p50, "p95": p95, "processor_p50": u50, "processor_p95": u95, "n": len(taken)}


def invent_vectors(embedder: Any) -> None:
    """Vectors near those of 500 real questions: how long a comparison takes does not depend on what they say."""
    from foretrack.search.actions.indexing import changing
    from foretrack.search.models import Indexed, Vector

    rng = np.random.default_rng(3)
    seeds = embedder.embed(questions(500, seed=99))
    batch: list[Vector] = []
    with changing("default") as change:
        for number, language, wording in Indexed.objects.values_list("id", "language", "wording").iterator():
            vector = seeds[int(rng.integers(500))] + 0.05 * rng.standard_normal(embedder.dimension).astype(
                np.float32
            )
            vector /= np.linalg.norm(vector)
            batch.append(
                Vector(
                    indexed_id=number, model=embedder.name, language=language, digest=wording,
                    vector=vector.astype("<f2").tobytes(), change=change,
                )
            )  # fmt: skip
            if len(batch) == 5000:
                Vector.objects.bulk_create(batch)
                batch = []
        Vector.objects.bulk_create(batch)


def measure(n: int, n_questions: int, writer: list[str]) -> dict[str, Any]:
    """All figures of one database."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.models import Q

    from foretrack.search.actions.embedding import model
    from foretrack.search.actions.holding import held
    from foretrack.search.actions.indexing import index
    from foretrack.search.actions.searching import search
    from foretrack.search.models import Indexed
    from foretrack.search.shapes import Seen

    found: dict[str, Any] = {"engine": connection.vendor, "things": n}
    call_command("migrate", verbosity=0)
    start = time.perf_counter()
    index(things(n))
    found["index_seconds"] = round(time.perf_counter() - start, 1)
    found["things_a_second"] = round(n / found["index_seconds"])
    embedder = model()
    assert embedder is not None
    invent_vectors(embedder)
    if connection.vendor == "sqlite":
        peer_fts5(connection)
    else:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    start = time.perf_counter()
    held()
    found["first_reading_seconds"] = round(time.perf_counter() - start, 2)
    viewer = Seen(readers=frozenset({"organisation:7"}))
    plain = [(q, {}) for q in questions(n_questions)]
    filtered = [
        (q, {"track": [TRACKS[i % 24], TRACKS[(i + 5) % 24]], "kind": [KINDS[i % 5]]})
        for i, q in enumerate(questions(n_questions, seed=8))
    ]
    seconds = 3600
    process = subprocess.Popen(
        [sys.executable, __file__, *writer, "--write", str(seconds)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    process.stdout.readline()

    def ours(asked: Any, **more: Any) -> None:
        search(asked[0], viewer=viewer, filters=asked[1], **more)

    def icontains(asked: Any) -> None:
        rows = Indexed.objects.filter(visibility="public")
        for word in asked[0].split():
            rows = rows.filter(
                Q(title_en__icontains=word) | Q(title_zh__icontains=word) | Q(text__shown__icontains=word)
            )
        rows.count()
        list(rows.order_by("-changed_at")[:20])

    search("warm", viewer=viewer)
    try:
        found["words"] = timed(lambda a: ours(a, embedder=None), plain)
        found["words_and_facets"] = timed(lambda a: ours(a, embedder=None), filtered)
        found["words_and_meaning"] = timed(ours, plain)
        found["meaning_and_facets"] = timed(ours, filtered)
        found["listing_with_facets"] = timed(lambda a: ours(("", a[1]), embedder=None), filtered)
        found["peer_icontains"] = timed(icontains, plain[:30])
        if connection.vendor == "sqlite":
            found["peer_fts5_unicode61"] = timed(lambda a: fts5(connection, a[0]), plain)
        assert process.poll() is None, "the writer ended before the measurement did"
    finally:
        process.terminate()
        process.wait()
    found["load_of_the_machine"] = [round(load, 1) for load in os.getloadavg()]
    ratio = found["peer_icontains"]["p95"] / found["words"]["p95"]
    found["times_as_fast_as_icontains_at_p95"] = round(ratio, 1)
    return found


def peer_fts5(connection: Any) -> None:
    """The same texts in FTS5 as it comes."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE VIRTUAL TABLE peer USING fts5(title, body, content='')")
        cursor.execute(
            "INSERT INTO peer(rowid, title, body) SELECT i.id, i.title_en || ' ' || i.title_zh, t.shown"
            " FROM search_indexed i JOIN search_text t ON t.indexed_id = i.id"
        )


def fts5(connection: Any, asked: str) -> None:
    with connection.cursor() as cursor:
        quoted = " ".join(f'"{word}"' for word in asked.split())
        cursor.execute(
            "SELECT i.id, i.title_en FROM peer JOIN search_indexed i ON i.id = peer.rowid WHERE peer MATCH %s"
            " AND i.visibility = 'public' ORDER BY bm25(peer, 3, 1) LIMIT 20",
            [quoted],
        )
        cursor.fetchall()
        cursor.execute("SELECT count(*) FROM peer WHERE peer MATCH %s", [quoted])
        cursor.fetchall()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--url", default="")
    parser.add_argument("--file", default="")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--write", type=float)
    given = parser.parse_args()
    if given.write:
        configure(given.url, given.file)
        write(given.write)
        return
    with tempfile.TemporaryDirectory() as folder:
        file = given.file or str(Path(folder) / "search.sqlite3")
        configure(given.url, file)
        found = measure(given.n, given.questions, ["--url", given.url] if given.url else ["--file", file])
    text = json.dumps(found, indent=2)
    print(text)
    if given.out:
        known = json.loads(given.out.read_text()) if given.out.exists() else {}
        known[found["engine"]] = found
        given.out.write_text(json.dumps(known, indent=2) + "\n")


if __name__ == "__main__":
    main()
