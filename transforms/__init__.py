"""Thinking: pure functions that read delivered files into frames, clean them, mask them and reshape them.

Refuses to know the clock, the environment, a path or a database: data come in as bytes and go out as frames.
"""

from transforms.documents import read_document
from transforms.grids import Unreadable
from transforms.parse import Parsed, parse
from transforms.rollup_sql import reaches_of, statements, views_of

__all__ = ["Parsed", "Unreadable", "parse", "reaches_of", "read_document", "statements", "views_of"]
