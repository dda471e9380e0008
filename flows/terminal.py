"""What `collect` and `demo` show while they work: a bar per source on a terminal, plain lines elsewhere."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn


class Display:
    """Takes the events of several runs, one source after the other, and shows them to a person."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.fields[source]:<24}"),
            BarColumn(bar_width=24),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self.tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Display:
        self.progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.progress.stop()

    def __call__(self, event: dict[str, Any]) -> None:
        """Show one event."""
        source = str(event.get("source", ""))
        kind = event.get("event")
        if kind == "log" and str(event.get("level", "")).lower() in ("warning", "error", "critical"):
            self.console.print(f"{source}: {event.get('message')}", style="yellow", markup=False)
        elif kind == "progress":
            self._show(
                source, f"{event.get('pages_listed', 0)} list pages, {event.get('fetched', 0)} pages fetched"
            )
        elif kind == "loaded":
            self._show(source, f"{event.get('n_new', 0)} new reports, {event.get('n_rejected', 0)} rejected")

    def finish(self, source: str, message: str, is_red: bool) -> None:
        """A source is done: its last line stays."""
        self._show(source, message, total=1)
        if not self.console.is_terminal:
            mark = "red" if is_red else "done"
            self.console.print(f"{source}: {mark}: {message}", markup=False, highlight=False, soft_wrap=True)

    def _show(self, source: str, text: str, total: int | None = None) -> None:
        if source not in self.tasks:
            self.tasks[source] = self.progress.add_task("", total=None, source=source)
        self.progress.update(self.tasks[source], description=text, total=total, completed=total or 0)
