"""Who may write to an archive, and where it lies: in this machine's work file, or on a lake."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from archive.warehouse.errors import WarehouseError
from archive.warehouse.home import Home
from archive.warehouse.lake_writer import LakeWriter
from archive.warehouse.lock import writer_lock
from archive.warehouse.whole import REPAIR
from archive.warehouse.writer import Writer


@contextmanager
def open_writer(home: Home, wait_seconds: float = 600) -> Iterator[Writer]:
    """A writer of an archive, which is made if there is none.

    Of a file there is one writer: this waits while another process has it. Of a lake there are many, on all machines:
    each transaction waits for its turn.

    Raises:
        WriterBusy: the other process did not end in time.
        NewerArchive: the archive was written by a newer release.
        WarehouseError: the archive is lost, or cannot be opened or brought to this release's schema.
    """
    if home.lake is not None:
        writer: Writer = LakeWriter(home, home.lake, wait_seconds)
        try:
            yield writer
        finally:
            writer.close()
        return
    with writer_lock(home.lock_file, wait_seconds):
        if home.warehouse.is_symlink() and not home.work_file.exists():
            # A new, empty one would be published in the place of all that readers have.
            raise WarehouseError(f"{home.work_file}: is missing. {REPAIR}")
        writer = Writer(home)
        try:
            if writer.is_copy_of_a_lake():
                raise WarehouseError(
                    f"{home.work_file}: is a copy of a lake, to which this archive was moved. Set WORKREPORTS_ARCHIVE to "
                    "the lake, or move it back with `workreports archive move --to warehouse`."
                )
            yield writer
        finally:
            writer.close()
