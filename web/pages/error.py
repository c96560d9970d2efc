"""What is shown where there is no page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class ErrorPage:
    """No page: what is the matter and what to do; `nearest` is title and link of a journal."""

    title: str
    hint: str
    nearest: tuple[str, str] | None = None
