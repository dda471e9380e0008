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
