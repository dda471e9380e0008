"""What can go wrong with the warehouse.

WarehouseError          the archive cannot be opened, loaded or published; the message says what to do
  +-- WriterBusy        another process is loading and did not end in time
  |     +-- LakeConflict   another writer changed the lake meanwhile: nothing was stored
  +-- NewerArchive      the archive was written by a newer release of this program
  +-- QuestionError     a query cannot be answered: place in the query and the nearest names
"""

from __future__ import annotations


class WarehouseError(Exception):
    """The archive cannot be used; the message names the file and the next step."""


class WriterBusy(WarehouseError):
    """Another process holds the writer's lock and did not release it in time."""


class LakeConflict(WriterBusy):
    """Somebody else changed the lake during a transaction, which was rolled back."""


class NewerArchive(WarehouseError):
    """The archive holds migrations that this release does not know."""


class QuestionError(WarehouseError):
    """A query is wrong or asks for what is not allowed."""
