"""The published library of the tests of the pages."""

from tests.web.conftest import library, settings, sources, store

__all__ = ["library", "settings", "sources", "store"]
