"""The quality report (质量报告): one page a release that tells supervisors what came, what is wrong, who has to act.

One file in Chinese, without scripts and without anything from outside, to be read on a phone and on paper. Everything
that stands in a file or was typed by somebody is text on it, never markup. The same release and catalog give the same
bytes: "today" is the day on which the release was published.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import jinja2

import catalog
from serving import quality_facts, quality_figures, quality_incidents
from serving.drawing import drawing
from serving.moments import guizhou, guizhou_day
from serving.naming import CAUSES, STATES, hours_zh
from serving.private_file import private_folder, write_whole
from serving.quality_facts import Month
from warehouse.release import Published, read_manifest

LATEST = "latest.html"
KEEP = 30
MOST_CARDS = 12
MOST_ENDED = 10
Reasons = Mapping[tuple[str, str], str]

_OURS = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}\.html")
STATUSES = {
    "loaded": "入库",
    "partly_loaded": "部分入库",
    "rejected": "拒收",
    "superseded": "被取代",
    "duplicate": "重复件",
    "set_aside": "暂存",
}
# Of every standing: its word, and the sign by which it is told without colours.
SIGNS = {
    "on_time": ("按时", "●"),
    "late": ("迟报", "▲"),
    "missing": ("未报", "✕"),
    "nil": ("本月无", "○"),
    "waived": ("免报", "－"),
    "not_due": ("未到期", "·"),
}
# Rules that are no suite's: what arithmetic asks, and a file that no suite ever saw.
ASKED = {
    "unusable_file": "文件应能打开，并能认出是哪种报表或导出。",
    "cumulative_decrease": "累计数不应比以前小。",
    "cumulative_gap": "本期数应等于前后两个累计数之差。",
    "level_contradiction": "下级合计应与含下级数相容。",
    "repeated_report": "一份报表不应与另一单位或另一期的几乎相同。",
    "repeated_paragraph": "一份报告的段落不应与另一份雷同。",
}
WIDTH, LEFT, TOP, BOTTOM = 380, 8, 18, 122


class Point(NamedTuple):
    """A point of a chart, in its own units, with what stands there."""

    x: float
    y: float
    label: str


@dataclass(frozen=True)
class Line:
    """A rate by month: stretches of points, cut where a month has none, and the newest value as text."""

    name: str
    kind: str
    stretches: tuple[tuple[Point, ...], ...]
    newest: str


@dataclass(frozen=True)
class Bar:
    """A count of a month as a bar from `y` down to the chart's bottom."""

    x: float
    y: float
    width: float
    height: float
    label: str


def write_quality_page(release: Published, folder: Path, reasons: Reasons | None = None) -> Path:
    """Write the page of a release into `folder` as `<release_id>.html`, and as `latest.html` if none is newer.

    `reasons` are the Chinese sentences of the rules by (dataset, rule); one that has none is told by its name. Keeps
    the newest 30 pages, those of releases that are gone included. Returns the path of the release's own page.
    """
    private_folder(folder)
    published_at = datetime.fromisoformat(read_manifest(release)["published_at"])
    content = draw(release, published_at, reasons or {}).encode()
    page = folder / f"{release.release_id}.html"
    write_whole(page, content)
    ours = sorted(path for path in folder.iterdir() if _OURS.fullmatch(path.name))
    if page == ours[-1]:
        write_whole(folder / LATEST, content)
    for old in ours[:-KEEP]:
        old.unlink()
    return page


def draw(release: Published, published_at: datetime, reasons: Reasons) -> str:
    """Return the page as HTML; `published_at` is timezone-aware and stands for now."""
    now = published_at.astimezone(UTC).replace(tzinfo=None)
    today = guizhou_day(now)
    facts = catalog.load()
    months = quality_facts.trend(release.path)
    intakes = quality_facts.intake(release.path)
    n_fix, n_explain = quality_facts.n_faults(release.path)
    return _template().render(
        release_id=release.release_id,
        published=guizhou(now),
        today=today,
        known_day=quality_facts.known_day(release.path),
        counts=quality_incidents.counts(release.path, today),
        open_incidents=quality_incidents.open_incidents(release.path, now),
        ended_incidents=quality_incidents.ended_incidents(release.path, now),
        owners=quality_incidents.owners(release.path, today),
        most_cards=MOST_CARDS,
        most_ended=MOST_ENDED,
        heat=quality_figures.heat_map(release.path, today),
        intakes=intakes,
        statuses_seen=[status for status in STATUSES if any(status in one.files for one in intakes)],
        newest_files=quality_facts.newest_files(release.path),
        n_fix=n_fix,
        n_explain=n_explain,
        by_unit=quality_facts.faults_by_unit(release.path),
        by_rule=[
            (is_must_fix, quality_facts.faults_by_rule(release.path, is_must_fix)) for is_must_fix in (True, False)
        ],
        months=months,
        latest=next((month for month in reversed(months) if month.n_expected), None),
        lines=rate_lines(months),
        bars=[
            ("必须改正（项）", "fix", bars([month.n_fix for month in months])),
            ("请核实（项）", "explain", bars([month.n_explain for month in months])),
        ],
        ticks=ticks([month.month for month in months]),
        differences=quality_figures.differences(release.path),
        revisions=quality_figures.revisions(release.path),
        datasets=_dataset_names(facts),
        reasons=reasons,
    )


def rate_lines(months: Sequence[Month]) -> list[Line]:
    """Return the lines of the reporting, on-time and complete rates, 0 to 100 percent over the chart's height."""
    places = _places(len(months))
    lines = []
    for name, kind, part in (
        ("报送率", "reported", "n_reported"),
        ("按时率", "on-time", "n_on_time"),
        ("完整率", "complete", "n_complete"),
    ):
        shares = [month.percent(getattr(month, part)) for month in months]
        stretches: list[list[Point]] = [[]]
        for x, share, month in zip(places, shares, months, strict=True):
            if share is None:
                stretches.append([])
            else:
                y = round(BOTTOM - (BOTTOM - TOP) * share / 100, 1)
                stretches[-1].append(Point(x, y, f"{month.month} {name} {share:.1f}%"))
        newest = next((share for share in reversed(shares) if share is not None), None)
        drawn = tuple(tuple(stretch) for stretch in stretches if stretch)
        lines.append(Line(name, kind, drawn, "—" if newest is None else f"{newest:.1f}%"))
    return lines


def bars(values: Sequence[int]) -> list[Bar]:
    """Return a bar a value, the highest as high as the chart; a value above zero is never without height."""
    highest = max(values, default=0) or 1
    width = min(28.0, (WIDTH - 2 * LEFT) / max(len(values), 1) * 0.62)
    drawn = []
    for x, value in zip(_places(len(values)), values, strict=True):
        height = max((BOTTOM - TOP) * value / highest, 1.5 if value else 0)
        drawn.append(
            Bar(round(x - width / 2, 1), round(BOTTOM - height, 1), round(width, 1), round(height, 1), f"{value:,}")
        )
    return drawn


def ticks(months: Sequence[str]) -> list[tuple[float, str, str]]:
    """Return the place of every month on a chart with its name, and the year where one begins.

    >>> [tick[1:] for tick in ticks(["2025-12", "2026-01", "2026-02"])]
    [('12月', '2025'), ('1月', '2026'), ('2月', '')]
    """
    years = ["", *(month[:4] for month in months)]
    return [
        (x, f"{int(month[5:])}月", year if year != before else "")
        for x, month, (before, year) in zip(_places(len(months)), months, pairwise(years), strict=True)
    ]


def _places(n: int) -> list[float]:
    """Return the middle of each of `n` equal parts of the chart's width."""
    step = (WIDTH - 2 * LEFT) / max(n, 1)
    return [round(LEFT + step * (place + 0.5), 1) for place in range(n)]


def _dataset_names(facts: catalog.Catalog) -> dict[str, str]:
    names = {code: form.name_zh for code, form in facts.forms.items()}
    names |= {code: export.name_zh for code, export in facts.exports.items()}
    return names | {catalog.PROSE: "文字报告", "question": "比对", "": "未能识别"}


def _number(value: float | None) -> str:
    """Write a number for people: thousands apart, no digits that say nothing.

    >>> _number(1200), _number(33.3333), _number(-0.5), _number(None)
    ('1,200', '33.33', '-0.5', '—')
    """
    if value is None:
        return "—"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}".rstrip("0").rstrip(".")


def _duration(hours: float | None) -> str:
    """Write how long something took.

    >>> _duration(5.5), _duration(60), _duration(None)
    ('5.5 小时', '2.5 天', '—')
    """
    if hours is None:
        return "—"
    return hours_zh(hours)


@cache
def _template() -> jinja2.Template:
    environment = drawing()
    environment.filters |= {"number": _number, "duration": _duration}
    words: dict[str, Any] = {"STATUSES": STATUSES, "CAUSES": CAUSES, "STATES": STATES, "SIGNS": SIGNS, "ASKED": ASKED}
    environment.globals |= words
    return environment.get_template("quality_report.html")
