"""The step after publishing that writes the quality report (质量报告) of the newest release.

Only this layer knows both the rules' Chinese reasons and the pages that quote them.
"""

from __future__ import annotations

from pathlib import Path

import catalog
from pipeline.published import published
from pipeline.settings import Settings
from serving.private_file import private_folder
from serving.quality_page import write_quality_page

QUALITY = "quality"


def write_pages(settings: Settings) -> Path:
    """Write the page of the newest release below `settings.pages`; return its path.

    Run twice, it writes the same bytes. Raises LookupError, in Chinese, where nothing has been published.
    """
    release = published(settings)
    private_folder(settings.pages)
    return write_quality_page(release, settings.pages / QUALITY, rule_reasons(catalog.load()))


def rule_reasons(facts: catalog.Catalog) -> dict[tuple[str, str], str]:
    """Return what each rule asks for, in Chinese, by (dataset, rule)."""
    from expectations.suites import suites_of  # late: not every page needs the suites

    reasons: dict[tuple[str, str], str] = {}
    for dataset in (*facts.forms, catalog.PROSE, *facts.exports):
        for suite in suites_of(dataset, facts):
            for rule in suite.rules:
                reasons.setdefault((dataset, rule.name), rule.reason)
    return reasons
