"""Reports written by SQL as the loader would have written them: the texts of those that are there, all else anew."""

from __future__ import annotations

import time
from collections.abc import Iterator

import duckdb

from archive.models import report_id
from archive.warehouse import columns
from archive.warehouse.runs import LONGEST
from tests.benchmarks import archive_generator as made

# What differs from the report that a copy was made of, by column; `n` is the row of temporary table numbers.
OWN = {
    "report_id": "n.report_id",
    "url": "n.url",
    "source": "n.source",
    "run_id": "n.run_id",
    "warc_file": "n.warc_file",
    "warc_offset": "n.number::BIGINT * 9000",
    "digest": "n.digest",
    "warc_digest": "n.digest",
    "publisher": "n.publisher",
    "index_no": "n.index_no",
    "source_kind": "n.source_kind",
    "published_on": "n.published_on",
    "date": "n.published_on",
    "report_types": "[n.kind]",
    "period_start": "make_date(n.year, 1, 1)",
    "period_end": "make_date(n.year, 12, 31)",
    "year": "n.year",
    "region": "n.region",
    "sector": "n.sector",
    "version_id": "b.version_id + n.shift",
    "doc_no": "b.doc_no + n.shift",
}
# Table -> the column that joins it with the reports it is copied from, and the columns that stay.
TABLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "captures": ("url", ()),
    "listed": ("url", ()),
    "pages": ("url", ()),
    "report_heads": ("report_id", ("doc_no",)),
    "report_versions": ("report_id", ()),
    "search_texts": ("version_id", ()),
    "tags": ("report_id", ()),
    "sections": ("report_id", ()),
    "indicators": ("report_id", ()),
    "citations": ("report_id", ("year",)),
    "compared_texts": ("report_id", ()),
    "fingerprints": ("doc_no", ()),
    "unsettled": ("report_id", ()),
}
TAG_VALUE = """CASE b.name WHEN 'report_types' THEN n.kind WHEN 'period_start' THEN n.year || '-01-01'
    WHEN 'period_end' THEN n.year || '-12-31' WHEN 'region' THEN n.region WHEN 'sector' THEN n.sector ELSE b.value END"""
JOINED = {"url": "base_url", "report_id": "base_id", "version_id": "base_no", "doc_no": "base_doc"}


def multiply(con: duckdb.DuckDBPyConnection, base: int, n: int) -> None:
    """Bring an archive of `base` reports, or of some of their copies, to n."""
    per_run = max(LONGEST // base, 1) * base
    ((there,),) = con.execute("SELECT count(*) FROM report_heads").fetchall()
    for first in range(there, n, per_run):
        began = time.monotonic()
        numbers = range(first, min(first + per_run, n))
        columns.temp_table(con, "numbers", _columns(numbers, base))
        con.execute("BEGIN")
        for table, (key, kept) in TABLES.items():
            con.execute(_copied(con, table, key, kept))
        _copy_postings(con, numbers, base)
        _log(con, numbers)
        con.execute("COMMIT")
        print(f"{numbers.stop:>9} copied in {time.monotonic() - began:.1f} s", flush=True)


def _columns(numbers: range, base: int) -> columns.Columns:
    rows = [_row(number, base) for number in numbers]
    return {name: columns.objects(row[name] for row in rows) for name in rows[0]}


def _row(number: int, base: int) -> dict[str, object]:
    own, origin = made.capture(number), number % base
    report = made.reading(number, "", base).report
    return {
        "number": number, "shift": number - origin, "base_no": origin + 1, "base_doc": origin, "base_id": report_id(made.url(origin)),
        "base_url": made.url(origin), "report_id": report_id(own.url), "url": own.url, "source": own.source,
        "run_id": own.run_id, "warc_file": own.warc_file, "digest": own.digest, "publisher": report.publisher,
        "index_no": report.index_no, "source_kind": report.source_kind, "published_on": report.published_on,
        "kind": made.KINDS[made.draw(number, 4, 8)], "year": made.year(number), "region": made.region(number),
        "sector": made.SECTORS[made.agency(number) % 10],
        "seconds": number // 4 - origin // 4,
    }  # fmt: skip


def _copied(con: duckdb.DuckDBPyConnection, table: str, key: str, kept: tuple[str, ...]) -> str:
    found = con.execute(
        "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index",
        [table],
    ).fetchall()
    chosen = ", ".join(_column(table, name, kind, kept) for name, kind in found)
    return f"INSERT INTO {table} SELECT {chosen} FROM numbers n JOIN {table} b ON b.{key} = n.{JOINED[key]}"


def _column(table: str, name: str, kind: str, kept: tuple[str, ...]) -> str:
    if (table, name) == ("tags", "value"):
        return TAG_VALUE
    if kind == "TIMESTAMP":
        return f"b.{name} + to_seconds(n.seconds)"
    return f"b.{name}" if name in kept else OWN.get(name, f"b.{name}")


def _copy_postings(con: duckdb.DuckDBPyConnection, numbers: range, base: int) -> None:
    """One sorted run, as merging would have left it. The lists are sorted already: it only remains to interleave them."""
    con.execute(
        f"""INSERT INTO search_postings
        SELECT bigram, unnest(versions) + shift, unnest(counts), unnest(titles)
        FROM (
            SELECT bigram, list(version_id) AS versions, list(n) AS counts, list(in_title) AS titles
            FROM search_postings WHERE version_id <= {base} GROUP BY bigram
        ), (SELECT unnest(range({numbers.start}, {numbers.stop}, {base}))::UINTEGER AS shift)
        ORDER BY bigram, shift"""
    )
    # the last copy may be of a part of the reports only
    con.execute(f"DELETE FROM search_postings WHERE version_id > {numbers.stop}")
    con.execute("INSERT INTO search_runs VALUES (?, ?)", [numbers.start + 1, numbers.stop])


def _log(con: duckdb.DuckDBPyConnection, numbers: range) -> None:
    for start in _batches(numbers):
        n = min(made.BATCH, numbers.stop - start)
        con.execute(
            "INSERT INTO ledger VALUES (?, now()::TIMESTAMP, ?, ?, ?, 0)", [f"generated:{start}", n, n, n]
        )
        own = made.run(start)
        con.execute(
            """INSERT INTO crawl_runs BY NAME SELECT * REPLACE (? AS run_id, ? AS source, ? AS started_at, ? AS ended_at)
            FROM crawl_runs LIMIT 1""",
            [
                own.run_id,
                own.source,
                own.started_at.replace(tzinfo=None),
                own.started_at.replace(tzinfo=None),
            ],
        )


def _batches(numbers: range) -> Iterator[int]:
    return iter(range(numbers.start, numbers.stop, made.BATCH))
