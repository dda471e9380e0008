"""Every fuzz target with a few dozen mutated inputs; by the ten thousand: tests/benchmarks/fuzz.py."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz_targets import TARGETS, seeds

SEEDS = {name: list(seeds(name)) for name in TARGETS}


@st.composite
def mutated(draw: st.DrawFn, target: str) -> bytes:
    """A seed with a stretch replaced by noise, or by a stretch of another seed."""
    data, other = draw(st.sampled_from(SEEDS[target])), draw(st.sampled_from(SEEDS[target]))
    start, end = sorted((draw(st.integers(0, len(data))), draw(st.integers(0, len(data)))))
    at = draw(st.integers(0, len(other)))
    return (
        data[:start] + draw(st.one_of(st.binary(max_size=200), st.just(other[at : at + 5_000]))) + data[end:]
    )


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_that_strangers_write_raises(target: str) -> None:
    @settings(max_examples=30, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.one_of(st.binary(max_size=300), mutated(target)))
    def check(data: bytes) -> None:
        TARGETS[target](data)

    check()


# Inputs that the fuzzing found to raise, and what was wrong.
FOUND: dict[str, tuple[str, bytes]] = {
    "an XML list with an empty namespace": (
        "listings",
        b'\x02<?xml version="1.0"?>\n<urlset xmlns="http://www.sitemaps.org/\n}}, {"><url><loc>http://a.example/1.html</loc></url></urlset>'
        + b" " * 700,
    ),
}


@pytest.mark.parametrize("found", FOUND)
def test_what_was_found_stays_mended(found: str) -> None:
    target, data = FOUND[found]
    TARGETS[target](data)
