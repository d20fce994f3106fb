"""Facts: what exists and what it means, as data that a statistician can edit.

`load()` reads every file of this folder into frozen, closed models; a misspelt key, an unknown indicator or a
dangling code fails there, that is in `make check`. Nothing here reads the environment, the clock or a landed file.
"""

from catalog.load import Catalog, load
from catalog.models import PROSE, Column, Export, Form, FormFigure, Indicator, Measure, Org, Period, Quotable
from catalog.tree import OrgTree

__all__ = [
    "PROSE",
    "Catalog",
    "Column",
    "Export",
    "Form",
    "FormFigure",
    "Indicator",
    "Measure",
    "Org",
    "OrgTree",
    "Period",
    "Quotable",
    "load",
]
