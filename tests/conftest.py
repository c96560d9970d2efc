"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

# No deadline: these machines are shared, and no test may fail by the clock.
settings.register_profile("kanliu", deadline=None)
settings.load_profile("kanliu")
