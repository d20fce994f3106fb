"""Answer with what was known on an earlier day: the newest release, less what came later."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import catalog
from pipeline.settings import Settings
from transforms import statements, views_of
from warehouse.as_of import as_of
from warehouse.release import Published

_DAY = re.compile(r"20\d\d-\d\d-\d\d")


def read_day(text: str) -> date:
    """Read a day as the command line takes it; raise LookupError, in Chinese, for anything but 2026-07-31.

    >>> read_day("2026-07-31")
    datetime.date(2026, 7, 31)
    """
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:  # 2026-02-30
        pass
    raise LookupError(f"“{text}” 不是日期：请写成年-月-日，例如 2026-07-31。(Not a day.)")


def known_on(settings: Settings, release: Published, day: date) -> Path:
    """Return the DuckDB file of what `release` holds that was known at the end of `day` in Guizhou."""
    facts = catalog.load()
    return as_of(release, day, settings.as_of, facts, statements(facts), views_of(facts))
