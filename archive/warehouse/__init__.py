"""The DuckDB warehouse: the only modules that speak DuckDB."""

from archive.warehouse.errors import NewerArchive, QuestionError, WarehouseError, WriterBusy
from archive.warehouse.home import Home
from archive.warehouse.reader import Answer, Archive, ask
from archive.warehouse.writer import Writer, open_writer

__all__ = [
    "Answer",
    "Archive",
    "Home",
    "NewerArchive",
    "QuestionError",
    "WarehouseError",
    "Writer",
    "WriterBusy",
    "ask",
    "open_writer",
]
