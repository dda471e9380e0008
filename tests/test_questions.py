"""docs/questions.md: every question has the answer that the demo's archive gives."""

from __future__ import annotations

import pytest

from archive.warehouse import Home, ask
from tests.cookbook import COOKBOOK, answered, questions

pytestmark = pytest.mark.slow

# No agency of the demo has stopped publishing.
UNANSWERED = {7}


def test_thirty_questions_have_the_answers_that_are_shown(demo_home: Home) -> None:
    text = COOKBOOK.read_text("utf-8")
    asked = questions(text)
    assert [number for number, _ in asked] == list(range(1, 31))
    with ask(demo_home) as archive:
        assert {number for number, sql in asked if not archive.rows(sql).rows} == UNANSWERED
        assert answered(text, archive) == text, "run: python -m tests.cookbook, and review the diff"
