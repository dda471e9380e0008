"""The sources that are shipped: every file can be used, says where its address is known from, and all of China is met."""

from crawlers.listings import families
from crawlers.source import SHIPPED, load_sources


def test_shipped_sources():
    sources = load_sources(SHIPPED).values()
    government = [one for one in sources if one.kind == "government"]
    provinces = {one.region[:2] for one in government if one.region}
    assert len(government) >= 60
    assert len(provinces) >= 25
    assert sum(one.kind == "sharing" for one in sources) >= 10


def test_every_source_says_where_it_was_seen_and_why_it_is_off():
    for source in load_sources(SHIPPED).values():
        assert source.seen_at, f"{source.name}: seen_at is missing"
        assert source.collect or source.reason, f"{source.name}: collect = false needs a reason"
        assert source.family is None or source.family in families(), f"{source.name}: no such family"


def test_no_column_belongs_to_two_sources():
    columns = [column for source in load_sources(SHIPPED).values() for column in source.columns]
    assert len(columns) == len(set(columns))
