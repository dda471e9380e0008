"""The DuckDB warehouse: the only modules that speak DuckDB."""

from archive.warehouse.errors import NewerArchive, QuestionError, WarehouseError, WriterBusy
from archive.warehouse.home import Home, Lake
from archive.warehouse.opening import open_writer
from archive.warehouse.reader import Answer, Archive, ask
from archive.warehouse.writer import Writer

__all__ = [
    "Answer",
    "Archive",
    "Home",
    "Lake",
    "NewerArchive",
    "QuestionError",
    "WarehouseError",
    "Writer",
    "WriterBusy",
    "ask",
    "open_writer",
]
