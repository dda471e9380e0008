"""Where the files of an archive lie, or its lake, and how much memory their loader may take."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

# DuckDB would take four fifths of the machine (1.9 GB were seen at 180,000 reports); beyond this the loader uses the
# disk beside the work file. With what Python holds of a batch it stays below 1.5 GB however large the archive.
MEMORY_LIMIT = "700MB"


@dataclass(frozen=True, slots=True)
class Lake:
    """An archive's tables on DuckLake: `catalog` is `ducklake:postgres:…` in libpq's words, `data` the folder of the
    Parquet files, which every machine of the archive must reach."""

    catalog: str
    data: Path

    @property
    def database(self) -> str:
        """The catalog's data base, in libpq's words."""
        return self.catalog.removeprefix("ducklake:postgres:")


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of one archive. Users see `warehouse` and `landing`; `private` belongs to the loader.

    With a `lake` the archive itself lies there, and the work file is a copy of it that this machine publishes from.
    """

    path: Path
    lake: Lake | None = None

    @property
    def warehouse(self) -> Path:
        """What readers open: a link to the newest published copy."""
        return self.path / "warehouse.duckdb"

    @property
    def landing(self) -> Path:
        """What the crawls wrote."""
        return self.path / "landing"

    @property
    def private(self) -> Path:
        """The loader's own folder."""
        return self.path / ".workreports"

    @property
    def work_file(self) -> Path:
        """The file that only the one writer opens."""
        return self.private / "work" / "warehouse.duckdb"

    @property
    def snapshots(self) -> Path:
        """Published copies, one numbered folder each, so that every copy is a catalog named `warehouse`."""
        return self.private / "snapshots"

    @property
    def lock_file(self) -> Path:
        """Held by the one writer."""
        return self.private / "writer.lock"
