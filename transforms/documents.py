"""Read a file of any supported format into a `Document`.

What a file is, is decided by its content alone (magic bytes, members of a zip, streams of an OLE file, the look of a
text); its name only tells an .et from its twins. Refuses, each with a sentence of its own, whatever cannot be read
whole: nothing of a file is dropped without a word.
"""

from __future__ import annotations

from transforms.grids import Cell, Document, Grid, Merge, Unreadable, cell_text, column_letters

__all__ = ["Cell", "Document", "Grid", "Merge", "Unreadable", "cell_text", "column_letters"]
