"""Make a province up: landing files of any number, and the true answers beside them.

Imports nothing of the road but the catalog: what it says about figures and faults is a second opinion, not an echo.
Everything in the files is invented, names and numbers of people above all.
"""

from generator.options import Options
from generator.write import Written, generate

__all__ = ["Options", "Written", "generate"]
