"""How fast a CSV file goes into the registry, beside the same records saved one by one through the ORM.

    python benchmarks/registry/importing.py FOLDER [--rows 100000] [--slow 5000] [--database URL] [--record FILE]

FOLDER is made and filled; invented organisations of `invent.py`. Both ways make the same rows: record, sealed revision,
facets, card, figures and identifiers. One by one, each object is saved with `save()`, in one transaction a record, as a
Django project would write it. PostgreSQL: an empty database.
"""

from __future__ import annotations

import argparse
import csv
import json
import platform
import resource
import secrets
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import invent


def write_file(path: Path, n: int) -> None:
    """A CSV file of invented organisations, without their e-mail addresses."""
    from foretrack.registry.declaring.bodies import changed_body, read_fields
    from foretrack.registry.declaring.columns import cells_of
    from foretrack.registry.kinds import KINDS

    kind = next(kind for kind in KINDS if kind.name == "organisation")
    with path.open("w", encoding="utf-8", newline="") as file:
        names = [
            "name_en", "name_zh", "sort_of", "uscc", "country", "region", "tracks", "about_en", "about_zh", "website",
            "founded_on", "contact",
        ]  # fmt: skip
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        for raw in invent.organisations(n):
            writer.writerow(cells_of(kind.fields, changed_body({}, read_fields(kind, raw))))


def one_by_one(registry: Any, actor: Any, n: int, first: int) -> None:
    """The same records through `save()`, each in a transaction of its own."""
    from django.db import transaction

    from foretrack.registry.actions.cards import character, facets_of, figures_of, folded
    from foretrack.registry.actions.log import log, take_number
    from foretrack.registry.actions.writing import Draft, facet_rows, identifier_rows, new_record
    from foretrack.registry.declaring.bodies import changed_body, read_fields
    from foretrack.registry.history.chain import revision_digest
    from foretrack.registry.history.commitment import SALT_BYTES, seal
    from foretrack.registry.models import Card, Facet, FacetCode, Figure, Identifier, Revision
    from foretrack.registry.registry import moment

    kind = registry.kinds.get("organisation")
    for raw in invent.organisations(n, first=first):
        with transaction.atomic():
            head = take_number()
            body = changed_body({}, read_fields(kind, raw))
            record = new_record(
                registry, kind, actor, Draft(body, "registered", "public", {}), registry.now()
            )
            sealed = seal(
                {**body, "@visibility": "public", "@provenance": {}}, secrets.token_bytes(SALT_BYTES)
            )
            at = moment(registry.now())
            digest = revision_digest(
                record=record.key, kind=kind.name, number=1, at=at, by=actor.key, act="create", status=record.status,
                before="", commitments=sealed.commitments(),
            )  # fmt: skip
            record.revision, record.digest = 1, digest
            record.save()
            Revision(
                record=record, number=1, at=at, by=actor.key, act="create", status=record.status, values=sealed.values,
                salts=sealed.salts, before="", digest=digest, entry=head.number + 1,
            ).save()  # fmt: skip
            for name, value, audience in facet_rows(kind, record):
                Facet(record=record, kind=kind.name, name=name, value=value, audience=audience).save()
            codes = ""
            for name, value in facets_of(kind, record)["public"]:
                code, _ = FacetCode.objects.get_or_create(
                    kind=kind.name, name=name, value=value, defaults={"number": FacetCode.objects.count()}
                )
                codes += character(code.number)
            Card(
                record=record, kind=kind.name, audience=0, organisation=record.organisation, region=record.region,
                created_by=actor.key, updated_at=record.updated_at, name_en=folded(record.title_en),
                name_zh=folded(record.title_zh), public_codes=codes,
            ).save()  # fmt: skip
            for name, number, audience in figures_of(kind, record):
                Figure(record=record, kind=kind.name, name=name, value=number, audience=audience).save()
            for scheme, value, alive in identifier_rows(kind, record):
                Identifier(record=record, kind=kind.name, scheme=scheme, value=value, alive=alive).save()
            log(registry, actor, "create", f"record:{record.key}", details={"digest": digest}, head=head)


def main() -> None:
    """Measures both ways and prints or records what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--slow", type=int, default=5_000, help="records to save one by one")
    parser.add_argument("--database", default="")
    parser.add_argument("--record", type=Path)
    given = parser.parse_args()
    registry = invent.opened(given.folder / "workspace", given.database)

    from django.db import connection

    from foretrack.accounts.actors import OPERATOR
    from foretrack.registry.actions.importing import import_file, preview

    file = given.folder / "organisations.csv"
    write_file(file, given.rows)
    found: dict[str, Any] = {
        "database": connection.vendor, "rows": given.rows, "bytes": file.stat().st_size,
        "python": platform.python_version(), "machine": platform.machine(),
    }  # fmt: skip

    def timed(name: str, run: Any, n: int) -> None:
        wall, cpu = perf_counter(), process_time()
        run()
        wall, cpu = perf_counter() - wall, process_time() - cpu
        found[name] = {
            "records": n, "seconds": round(wall, 2), "cpu_seconds": round(cpu, 2), "per_second": round(n / wall),
            "per_cpu_second": round(n / cpu),
        }  # fmt: skip

    few = given.slow // 2
    timed("one by one before", lambda: one_by_one(registry, OPERATOR, few, given.rows), few)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    timed("preview", lambda: preview(registry, OPERATOR, "organisation", file), given.rows)
    answers = []
    timed("import", lambda: answers.append(import_file(registry, OPERATOR, "organisation", file)), given.rows)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    timed(
        "import again",
        lambda: answers.append(import_file(registry, OPERATOR, "organisation", file)),
        given.rows,
    )
    timed("one by one after", lambda: one_by_one(registry, OPERATOR, few, given.rows + few), few)
    assert answers[0].created == given.rows, answers[0]
    assert answers[1].unchanged == given.rows, answers[1]
    slow = found["one by one before"]["seconds"] + found["one by one after"]["seconds"]
    found["one by one per_second"] = round(2 * few / slow)
    found["times as fast"] = round(found["import"]["per_second"] / found["one by one per_second"], 1)
    found["memory_mb"] = {"before": before // 1024, "after": after // 1024}
    text = json.dumps(found, indent=2)
    print(text)
    if given.record:
        given.record.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
