"""A release: the archive, or what changed in it, as files that other programs read, with checksums and descriptions."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from archive.warehouse.errors import WarehouseError
from archive.warehouse.handed_out import note
from archive.warehouse.home import Home
from archive.warehouse.reader import Archive, ask
from archive.warehouse.views import quoted

Format = Literal["parquet", "csv", "jsonl"]

# A moment (UTC) from which on a change was seen, or the folder of an earlier release. A moment alone would miss a page that
# was fetched before that release and loaded after it, and tags of new rules on an old text.
Since = datetime | Path

COPY_OPTIONS = {
    "parquet": "FORMAT parquet, COMPRESSION zstd",
    "csv": "FORMAT csv, HEADER",
    "jsonl": "FORMAT json",
}

READERS = {".parquet": "read_parquet", ".csv": "read_csv", ".jsonl": "read_json"}

# Columns by which a report is the same as in an earlier release: its text, its reading, its tags.
STATE = "report_id, version_id, reading_digest, rules_version"

# What is released: everything said of the reports, and the pairs between them. A row's report is `report_id`.
TABLES = ("tags", "sections", "indicators", "citations", "attachments")

# DuckDB type -> type of the Frictionless table schema.
FIELD_TYPES = {
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
    "DOUBLE": "number",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "UINTEGER": "integer",
}

NOTE = """# Before you pass these files on

The texts were collected from public web pages; each row names its page, and the archive keeps the page's bytes.
Documents of state organs are not protected by copyright (Copyright Law of the People's Republic of China, article 5).
Texts on document-sharing sites (source_kind = sharing) may be: check before you publish them again.
Tags, figures, relations and families were derived by rules and come with confidence and place in the text.
政府机关文件不受著作权法保护（《著作权法》第五条）；文库网站文本可能受保护，再次发布前请核实。
"""


@dataclass(frozen=True, slots=True)
class Resource:
    """One table of a release: its files, relative to the release, and its columns as (name, type, meaning)."""

    name: str
    files: tuple[Path, ...]
    columns: tuple[tuple[str, str, str], ...]


def release(home: Home, folder: Path, form: Format, since: Since | None = None) -> list[Resource]:
    """Write the published archive into a new folder; with `since` only reports that are new or changed since then.

    Parquet comes one folder a year. Nothing is left behind where writing fails.

    Raises:
        WarehouseError: there is no archive, or the folder is not empty.
    """
    if folder.exists() and any(folder.iterdir()):
        raise WarehouseError(f"{folder}: is not empty. Name a new folder for the release.")
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        earlier = since if isinstance(since, Path) else None
        with ask(home, output=partial, also_read=earlier) as archive:
            resources = [_write(archive, partial, form, *table) for table in _tables(since)]
            _describe(archive, partial, resources, since)
        folder.parent.mkdir(parents=True, exist_ok=True)
        if folder.exists():
            folder.rmdir()
        partial.rename(folder)
        note(home, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return resources


def held_by(release_folder: Path) -> str:
    """SQL for the reports that an earlier release holds, with their state.

    Raises:
        WarehouseError: the folder holds no whole release.
    """
    try:
        resources = json.loads((release_folder / "datapackage.json").read_text("utf-8"))["resources"]
        reports = next(resource for resource in resources if resource["name"] == "reports")
        files = [release_folder.resolve() / path for path in reports["path"]]
        reader = READERS[files[0].suffix]
    except (OSError, ValueError, LookupError, StopIteration, TypeError) as error:
        raise WarehouseError(f"{release_folder}: no release of workreports: {error!r}") from error
    return f"SELECT {STATE} FROM {reader}([{', '.join(quoted(str(file)) for file in files)}])"


def _tables(since: Since | None) -> Iterator[tuple[str, str]]:
    """Name and SQL of each table. Relations are always whole: one new report changes those of old ones."""
    chosen = "SELECT report_id FROM reports"
    if isinstance(since, datetime):
        chosen = f"SELECT report_id FROM new_since({quoted(since.isoformat(' '))})"
    elif since is not None:
        now = f"SELECT {STATE} FROM report_heads WHERE withdrawn_at IS NULL"
        chosen = f"SELECT report_id FROM ({now} EXCEPT {held_by(since)})"
    yield (
        "reports",
        (
            "SELECT w.*, h.reading_digest, r.text, r.extractor_version, r.warc_file, r.warc_offset, r.warc_digest "
            "FROM reports_wide w JOIN reports r USING (report_id) JOIN report_heads h USING (report_id) "
            f"WHERE report_id IN ({chosen}) ORDER BY w.year, report_id"
        ),
    )
    for table in TABLES:
        yield table, f"SELECT * FROM {table} WHERE report_id IN ({chosen}) ORDER BY report_id"
    yield "families", "SELECT * FROM families ORDER BY ALL"
    yield "duplicates", "SELECT * FROM duplicates ORDER BY a, b"
    yield (
        "withdrawn",
        "SELECT report_id, url, withdrawn_at FROM report_heads WHERE withdrawn_at IS NOT NULL ORDER BY report_id",
    )


def _write(archive: Archive, folder: Path, form: Format, name: str, sql: str) -> Resource:
    described = archive.rows(f"SELECT column_name, column_type FROM (DESCRIBE {sql})").rows
    meanings = dict(
        archive.rows(
            "SELECT column_name, any_value(comment) FROM duckdb_columns() "
            "WHERE table_name IN (?, 'reports_wide', 'reports', 'report_heads') GROUP BY 1",
            [name],
        ).rows
    )
    options = COPY_OPTIONS[form]
    is_empty = not archive.rows(f"SELECT 1 FROM ({sql}) LIMIT 1").rows
    if form == "parquet" and name == "reports" and not is_empty:
        by_year = f"{options}, PARTITION_BY (year), WRITE_PARTITION_COLUMNS"
        archive.write_files(sql, folder / name, by_year)
    else:
        plain = f"SELECT {_as_cells(described)} FROM ({sql})" if form == "csv" else sql
        archive.write_files(plain, folder / f"{name}.{form}", f"{options}, USE_TMP_FILE false")
    files = sorted(
        p.relative_to(folder) for p in [*folder.glob(f"{name}.*"), *folder.glob(f"{name}/**/*.parquet")]
    )
    return Resource(name, tuple(files), tuple((c, kind, meanings.get(c) or "") for c, kind in described))


def _as_cells(columns: list[tuple[Any, ...]]) -> str:
    """Columns as a CSV holds them: lists as JSON, and no text that a spreadsheet takes for a formula (OWASP: CSV injection)."""
    guard = "CASE WHEN regexp_matches({0}, '^[=+\\-@\\t\\r\\n]') THEN '''' || {0} ELSE {0} END AS {0}"
    cells = {"VARCHAR": guard, "LIST": "to_json({0}) AS {0}"}
    return ", ".join(
        cells.get("LIST" if kind.endswith("]") else kind, "{0}").format(f'"{name}"') for name, kind in columns
    )


def _describe(archive: Archive, folder: Path, resources: list[Resource], since: Since | None) -> None:
    """datapackage.json by the Frictionless Data Package standard, and the note on rights."""
    info = archive.one("FROM archive_info") or {}
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "work-report-archive",
        "title": "Work reports of Chinese agencies · 中国各级机关工作报告档案",
        # the archive keeps UTC, without saying so in each value
        "created": f"{info['published_at']:%Y-%m-%dT%H:%M:%SZ}",
        "changed_since": None if since is None else str(since),
        "licenses": [{"name": "other", "title": "see NOTE.md", "path": "NOTE.md"}],
        "resources": [_resource(folder, resource) for resource in resources],
    }
    (folder / "datapackage.json").write_text(
        json.dumps(package, ensure_ascii=False, indent=1), encoding="utf-8"
    )
    (folder / "NOTE.md").write_text(NOTE, encoding="utf-8")
    sums = (f"{_sha256(folder / file)}  {file}\n" for resource in resources for file in resource.files)
    (folder / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")


def _resource(folder: Path, resource: Resource) -> dict[str, Any]:
    fields = [
        {
            "name": name,
            "type": FIELD_TYPES.get(kind, "array" if kind.endswith("[]") else "string"),
            "description": meaning,
        }
        for name, kind, meaning in resource.columns
    ]
    return {
        "name": resource.name,
        "path": [file.as_posix() for file in resource.files],
        "format": resource.files[0].suffix.removeprefix("."),
        "encoding": "utf-8",
        "bytes": sum((folder / file).stat().st_size for file in resource.files),
        "schema": {"fields": fields},
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
