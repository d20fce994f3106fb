"""The newest release, or a sentence that says there is none."""

from __future__ import annotations

from pipeline.settings import Settings
from warehouse.release import Published, newest


def published(settings: Settings) -> Published:
    """Return the newest release; raise LookupError, in words for people, when there is none yet."""
    release = newest(settings.releases)
    if release is None:
        raise LookupError(
            f"{settings.releases} 中还没有发布：请先运行 daibiao run（或 make demo），或用 --home 指明数据目录。"
        )
    return release
