"""What goes back to the counties (反馈): their own workbooks with marks, prose with marks, lists of rejected rows.

Reads a release and what the pipeline hands over, masked by then. Nothing in a returned file runs, and none of what was
in the delivered file is carried over but cells, their looks and plain formulas.
"""

from serving.feedback.asked import Asked, Item, asked
from serving.feedback.folder import put_in_place
from serving.feedback.prose import draw_prose
from serving.feedback.workbook import Sheet, draw_workbook

__all__ = ["Asked", "Item", "Sheet", "asked", "draw_prose", "draw_workbook", "put_in_place"]
