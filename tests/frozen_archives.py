"""Archives as earlier releases wrote them, one file a schema: tests/data/archives/schema_NNN.duckdb.xz.

python -m tests.frozen_archives        # freeze the sample archive of this release's schema, once for each release
"""

from __future__ import annotations

import lzma
import tempfile
from pathlib import Path

from archive.warehouse import Home
from archive.warehouse.migrate import migrations
from tests.archives import small_archive

FOLDER = Path(__file__).parent / "data" / "archives"


def frozen() -> dict[int, Path]:
    """Schema number -> file."""
    return {int(path.name[7:10]): path for path in sorted(FOLDER.glob("schema_*.duckdb.xz"))}


def thaw(number: int, home: Home) -> Home:
    """Make a home with the work file of an earlier release."""
    home.work_file.parent.mkdir(parents=True)
    home.work_file.write_bytes(lzma.decompress(frozen()[number].read_bytes()))
    return home


def freeze() -> Path:
    """Write the file of this release's schema."""
    newest = max(migration.number for migration in migrations())
    path = FOLDER / f"schema_{newest:03d}.duckdb.xz"
    with tempfile.TemporaryDirectory() as folder:
        path.write_bytes(lzma.compress(small_archive(Path(folder)).work_file.read_bytes(), preset=9))
    return path


if __name__ == "__main__":
    print(freeze())
