"""The one way pages are drawn: our own Jinja templates, every value escaped and none left out in silence."""

from __future__ import annotations

from pathlib import Path

import jinja2

FOLDER = Path(__file__).parent / "templates"


def drawing() -> jinja2.Environment:
    """Return an environment of our own templates, to which a page may add filters and words."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
