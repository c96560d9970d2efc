"""Templates to bytes. Every value is escaped; a name that a template does not know is an error."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from web.files import STATIC, STATIC_TYPES
from web.validators import etag_of

if TYPE_CHECKING:
    from web.frame import Frame

TEMPLATES = Path(__file__).parent / "templates"
HTML = "text/html; charset=utf-8"


class Templates:
    """The templates of `web/templates`, read once."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._versions = {
            name: etag_of((STATIC / name).read_bytes()).strip('"')[:8] for name in STATIC_TYPES
        }

    def render(self, name: str, *, frame: Frame, page: object) -> bytes:
        """One page. Templates know `frame`, `page`, `say` (our words) and `static` (our files)."""
        template = self._environment.get_template(name)
        return template.render(
            frame=frame,
            page=page,
            say=frame.words.say,
            static=lambda file: f"{frame.path_of(f'/static/{file}')}?v={self._versions[file]}",
        ).encode()
