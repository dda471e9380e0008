"""The DuckDB warehouse: the only modules that speak DuckDB."""

from archive.warehouse.errors import NewerArchive, QuestionError, WarehouseError, WriterBusy
from archive.warehouse.home import Home, Lake
from archive.warehouse.opening import open_writer
from archive.warehouse.reader import Answer, Archive, ask
from archive.warehouse.retag import Outdated
from archive.warehouse.verify import Compare, Portion, Related, compare_portion
from archive.warehouse.writer import Writer

__all__ = [
    "Answer",
    "Archive",
    "Compare",
    "Home",
    "Lake",
    "NewerArchive",
    "Outdated",
    "Portion",
    "QuestionError",
    "Related",
    "WarehouseError",
    "Writer",
    "WriterBusy",
    "ask",
    "compare_portion",
    "open_writer",
]
