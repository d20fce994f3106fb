"""Walking: the seven steps of the road, the settings they share, and the command line.

The only package that knows all the others; `transforms`, `expectations` and `warehouse` meet here and nowhere else.
"""

from pipeline.settings import Settings, SettingsError

__all__ = ["Settings", "SettingsError"]
