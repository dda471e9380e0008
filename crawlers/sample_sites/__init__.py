"""Small sites of our own making, served on loopback for the demo and the tests."""

from crawlers.sample_sites.server import SOURCES, Running, serve
from crawlers.sample_sites.site import Entry, Site
from crawlers.sample_sites.world import Expected, build_sites, expected

__all__ = ["SOURCES", "Entry", "Expected", "Running", "Site", "build_sites", "expected", "serve"]
