"""Composes one work report: title, body, signature, date and document number."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from functools import cache

from crawlers.sample_sites.texts import body
from crawlers.sample_sites.texts.agencies import Agency
from crawlers.sample_sites.texts.writer import Kind, Writer

YEARS = range(2018, 2025)


@dataclass(frozen=True, slots=True)
class Work:
    """One composed report. `year` is the year it speaks of; for a plan, the year it plans."""

    agency: Agency
    kind: Kind
    year: int
    title: str
    paragraphs: tuple[str, ...]  # without the title
    written_on: date
    doc_no: str

    @property
    def text(self) -> str:
        """The paragraphs as lines."""
        return "\n".join(self.paragraphs)


@cache
def compose(agency: Agency, kind: Kind, year: int) -> Work:
    """The report of an agency: `annual` (总结 and next year's plan), `half` (上半年) or `plan` (要点)."""
    writer = Writer(agency, kind, year, random.Random(f"{agency.name}/{kind}/{year}"))
    lines = {"annual": body.annual, "half": body.half, "plan": body.plan}[kind](writer)
    written_on = _written_on(writer)
    signature = (agency.name, f"{written_on.year}年{written_on.month}月{written_on.day}日")
    doc_no = f"{agency.doc_prefix}〔{written_on.year}〕{writer.rng.randint(1, 90)}号"
    return Work(agency, kind, year, _title(writer), (*lines, *signature), written_on, doc_no)


def _written_on(writer: Writer) -> date:
    """Annual reports are signed in the January after, half-year ones in July, plans in February."""
    year = writer.year + 1 if writer.kind == "annual" else writer.year
    month = {"annual": 1, "half": 7, "plan": 2}[writer.kind]
    return date(year, month, writer.rng.randint(4, 24))


def _title(writer: Writer) -> str:
    agency, year = writer.agency, writer.year
    if agency.sector == "township" and writer.kind == "annual":
        return f"{year + 1}年{agency.region}政府工作报告"
    choices = {
        "annual": (
            f"{agency.name}{year}年工作总结及{year + 1}年工作思路",
            f"{year}年{agency.theme}工作总结和{year + 1}年工作计划",
            f"{agency.name}关于{year}年工作总结和{year + 1}年工作打算的报告",
        ),
        "half": (
            f"{agency.name}{year}年上半年工作总结及下半年工作打算",
            f"{year}年上半年{agency.theme}工作总结",
        ),
        "plan": (
            f"{year}年{agency.area}{agency.theme}工作要点",
            f"{agency.name}{year}年工作要点",
        ),
    }[writer.kind]
    return writer.rng.choice(choices)
