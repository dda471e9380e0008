"""Writes the answers into docs/questions.md from the demo's archive: `python -m tests.cookbook`; review the diff."""

from __future__ import annotations

import re
import tempfile
from datetime import datetime
from pathlib import Path

from archive.warehouse import Answer, Archive, ask
from flows.commands.answers import as_markdown, plain
from tests.demo import collect_demo

COOKBOOK = Path(__file__).parent.parent / "docs" / "questions.md"
# A query, and under it its answer up to the next heading or the end.
ANSWERED = re.compile(r"(^```sql\n(.*?)^```\n).*?(?=^#{2,3} |\Z)", re.S | re.M)
# Number, English and Chinese; the query follows, perhaps after a remark.
QUESTION = re.compile(r"^### (\d+)\. [^\n]+[?] · [^\n]+[？]\n[^#]*?^```sql\n(.*?)^```", re.S | re.M)

MOST_ROWS, LONGEST = 5, 60


def questions(text: str) -> list[tuple[int, str]]:
    """Number and SQL of each question that is asked in both languages."""
    return [(int(number), sql) for number, sql in QUESTION.findall(text)]


def answered(text: str, archive: Archive) -> str:
    """The cookbook with each query's answer under it, as this archive gives it."""
    return (
        ANSWERED.sub(lambda found: found[1] + "\n" + shown(archive.rows(found[2])) + "\n", text).rstrip()
        + "\n"
    )


def shown(answer: Answer) -> str:
    """The first rows as a Markdown table, and how many there are."""
    first = Answer(answer.columns, answer.types, [tuple(map(_short, row)) for row in answer.rows[:MOST_ROWS]])
    count = len(answer.rows)
    rest = (
        f"\n*{count} row{'' if count == 1 else 's'}{', the first five shown' if count > MOST_ROWS else ''}*\n"
    )
    return as_markdown(first) + rest


def _short(value: object) -> str:
    """A cell as shown. Moments differ with every run, so only their place is shown."""
    if isinstance(value, datetime):
        return "(moment)"
    text = " ".join(plain(value).split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def main() -> None:
    """Collect the demo's archive and write the answers."""
    with tempfile.TemporaryDirectory() as folder, ask(collect_demo(Path(folder))) as archive:
        COOKBOOK.write_text(answered(COOKBOOK.read_text("utf-8"), archive), encoding="utf-8")


if __name__ == "__main__":
    main()
