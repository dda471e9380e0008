"""`show` and `compare`: one report with all that is known of it, and two beside each other."""

from __future__ import annotations

import difflib
import itertools
import json
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive.comparison import Block, compare_texts
from archive.warehouse import ask
from archive.warehouse.questions import ReportPage, find_report, report_page, report_text, version_texts
from flows.commands.answers import plain
from flows.settings import settings

# A long report has hundreds of figures.
MOST_FIGURES = 30

HEAD = (
    *("title", "publisher", "published_on", "written_on", "index_no", "doc_no", "source", "url"),
    *("report_types", "year", "period_start", "period_end", "plan_year", "region", "region_path", "sector"),
    *("provenance", "is_truncated", "masked_ratio", "true_year_lo", "true_year_hi", "redated"),
    *("first_seen_at", "last_seen_at", "gone_at", "extractor_version", "warc_file", "warc_offset"),
)


def show(
    report: Annotated[str, typer.Argument(help="report id, the beginning of one, or a URL")],
    diff: Annotated[bool, typer.Option("--diff", help="what changed from version to version")] = False,
    with_text: Annotated[bool, typer.Option("--text/--no-text", help="print the full text")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Show a report: fields, tags with their evidence, outline, figures, copies, versions, text."""
    console = Console()
    with ask(settings().layout()) as archive:
        name = find_report(archive, report)
        if diff:
            console.print("\n".join(changes(version_texts(archive, name))), markup=False, soft_wrap=True)
            return
        page = report_page(archive, name)
    if as_json:
        typer.echo(json.dumps(asdict(page), ensure_ascii=False, default=plain))
        return
    _print_page(page, console)
    if with_text:
        console.print(plain(page.report["text"]), markup=False, highlight=False, soft_wrap=True)


def changes(versions: list[dict[str, Any]]) -> list[str]:
    """The lines that differ from each version to the next, as a unified diff.

    >>> changes([{"version": 1, "seen_at": "周一", "text": "甲"}, {"version": 2, "seen_at": "周二", "text": "乙"}])
    ['--- version 1  周一', '+++ version 2  周二', '@@ -1 +1 @@', '-甲', '+乙']
    """
    lines: list[str] = []
    for old, new in itertools.pairwise(versions):
        found = difflib.unified_diff(
            old["text"].splitlines(),
            new["text"].splitlines(),
            f"version {old['version']}",
            f"version {new['version']}",
            plain(old["seen_at"]),
            plain(new["seen_at"]),
            n=1,
            lineterm="",
        )
        lines += [line.replace("\t", "  ") for line in found]
    return lines or ["there is one version only"]


def _print_page(page: ReportPage, console: Console) -> None:
    head = Table.grid(padding=(0, 2))
    for name in HEAD:
        if page.report[name] not in (None, "", []):
            head.add_row(Text(name, "dim"), Text(plain(page.report[name])))
    console.print(head)
    _rows(console, "tags", page.tags, ("name", "value", "confidence", "method", "quote", "detail"))
    _outline(console, page)
    _rows(
        console,
        _heading("figures", page.indicators, MOST_FIGURES),
        page.indicators[:MOST_FIGURES],
        ("name", "value", "unit", "qualifier", "comparison", "modality"),
    )
    _rows(
        console,
        "copies",
        page.family,
        ("report_id", "is_canonical", "title", "publisher", "source", "relation", "adds"),
    )
    _rows(console, "versions", page.versions, ("version", "cause", "seen_at", "n_chars"))
    _rows(console, "attachments", page.attachments, ("caption", "format", "note", "url"))
    console.rule()


def _rows(console: Console, title: str, rows: list[dict[str, Any]], columns: tuple[str, ...]) -> None:
    if not rows:
        return
    table = Table(title=title, title_justify="left", title_style="bold", show_edge=False, pad_edge=False)
    for column in columns:
        table.add_column(column)
    for row in rows:
        table.add_row(*(Text(plain(row[column])) for column in columns))
    console.print(table)


def _heading(title: str, rows: list[dict[str, Any]], most: int) -> str:
    return title if len(rows) <= most else f"{title} (the first {most} of {len(rows)}; --json has all)"


def _outline(console: Console, page: ReportPage) -> None:
    if page.sections:
        console.print(Text("outline", "bold"))
    for section in page.sections:
        console.print(Text(f"{'  ' * section['level']}{section['label']}{section['title']}"))


# How a difference looks on a terminal, and in plain text.
LOOKS = {
    "masked": ("red", "隐去"),
    "figures": ("magenta", "数字"),
    "changed": ("yellow", "改写"),
    "cut": ("bright_black", "删去"),
    "added": ("green", "增加"),
}


def compare(
    a: Annotated[str, typer.Argument(help="report id, the beginning of one, or a URL")],
    b: Annotated[str, typer.Argument(help="the other report")],
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Compare two reports: what the second masked, re-figured, changed, cut or added."""
    with ask(settings().layout()) as archive:
        texts = [report_text(archive, find_report(archive, name)) for name in (a, b)]
    found = compare_texts(*texts)
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False))
        return
    console = Console()
    relation = found.relation
    console.print(
        f"{relation.relation}, similarity {relation.similarity:.2f}" if relation else "unrelated",
        style="bold",
    )
    for block in found.blocks:
        console.print(difference(block, *texts), end="", soft_wrap=True)
    console.print()


def difference(block: Block, a: str, b: str) -> Text:
    """A block as shown: equal text as it is, a difference as [word: a → b].

    >>> difference(Block("masked", 0, 2, 0, 1), "98%", "x%").plain
    '[隐去: 98 → x]'
    """
    old, new = a[block.start_a : block.end_a], b[block.start_b : block.end_b]
    if block.kind == "equal":
        return Text(old)
    style, word = LOOKS[block.kind]
    return Text(f"[{word}: {old} → {new}]", style)


def register(app: typer.Typer) -> None:
    """Mount the commands."""
    app.command()(show)
    app.command()(compare)
