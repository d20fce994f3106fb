"""Ten times the usual is asked about once, for that county and month; a campaign of all and true figures are not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.run import run
from pipeline.settings import Settings
from warehouse.query import query
from warehouse.release import newest

from .conftest import ask, daibiao

NOW = datetime(2026, 7, 10, 4, 0, tzinfo=UTC)
TOWNSHIPS = {
    "兴义市": ("黄草街道", "兴泰街道"),
    "兴仁市": ("真武山街道", "城南街道"),
    "播州区": ("南白街道", "播南街道"),
    "红花岗区": ("老城街道", "中华路街道"),
}
# 意见建议 of January to June. In May 兴义市 writes a nought too many; in June all have a campaign.
MONTHS = {
    "兴义市": (40, 52, 47, 45, 480, 520),
    "兴仁市": (61, 55, 70, 64, 58, 655),
    "播州区": (90, 84, 97, 88, 93, 1010),
    "红花岗区": (33, 41, 38, 36, 40, 392),
}
QUESTIONS = "select rule, org_code, indicator_code, period, file, message from dq.question"


def form(landing: Path, county: str, month: int, figure: int, sent: str, name: str) -> None:
    few = 10
    first, second = TOWNSHIPS[county]
    lines = [
        f"{county}“高质量发展，代表在行动”活动情况统计表,",
        f"填报单位：{county}人大常委会,",
        f"统计期：2026年{month}月,",
        f"填报时间：{sent},",
        "乡镇（街道）,收集意见",
        f"{first},{figure - few}",
        f"{second},{few}",
    ]
    landing.mkdir(parents=True, exist_ok=True)
    (landing / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def settings(home: Path) -> Settings:
    return Settings.read(home=home, environment={"DAIBIAO_SETTLE_SECONDS": "0"})


def questions(home: Path):
    return list(query(newest(home / "releases").path, QUESTIONS).rows)


def test_ten_times_as_much_is_asked_once_until_it_is_mended(tmp_path):
    landing = tmp_path / "landing"
    for county, figures in MONTHS.items():
        for month, figure in enumerate(figures, 1):
            form(landing, county, month, figure, f"2026年{month + 1}月2日", f"{county}{month}月.csv")
    run(settings(tmp_path), NOW)
    assert questions(tmp_path) == [
        (
            *("unusual_figure", "522301", "opinions_collected", "2026-05", "兴义市5月.csv"),
            "兴义市 2026-05 收集意见建议条数：报 480（最大一格 line 6 col 2），以往 4 个月在 40 至 52 之间，"
            "请核实（多写一位？确实如此请说明）。",
        )
    ]
    form(landing, "兴义市", 5, 48, "2026年7月6日", "兴义市5月更正.csv")
    run(settings(tmp_path), NOW + timedelta(days=1))
    assert questions(tmp_path) == []


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    "mishaps",
    [
        ("--seed", "1", "--faults", "0"),
        ("--seed", "2", "--faults", "0.02", "--resubmitted", "0.2", "--missing", "0.1", "--late", "0.1"),
    ],
    ids=["no mishaps", "mishaps"],
)
def test_a_true_province_of_88_counties_is_asked_nothing_unusual(tmp_path, mishaps):
    size = ("--counties", "88", "--months", "6", "--records", "32000")
    daibiao("generate", "--out", tmp_path / "g", *size, *mishaps, home=tmp_path, check=0)
    assert daibiao("run", "--landing", tmp_path / "g" / "landing", home=tmp_path / "home").returncode in (0, 1)
    (judged,) = ask("select count(*) as figures from dq.usual_figure", tmp_path / "home")
    assert judged["figures"] > 100  # many months have records only
    assert ask("select * from dq.unusual_figure", tmp_path / "home") == []
