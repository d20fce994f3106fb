"""A copied workbook and a copied paragraph are asked about; what is alike for good reasons is not; no text is kept."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from pipeline.run import run
from pipeline.settings import Settings
from warehouse.query import query
from warehouse.release import newest, read_manifest

NOW = datetime(2026, 7, 10, 4, 0, tzinfo=UTC)
HEADER = ["乡镇（街道）", "进站代表", "接待群众", "收集意见", "办结意见", "化解矛盾纠纷", "联络站"]
XINGYI = ("黄草街道", "兴泰街道", "桔山街道")
BOZHOU = ("南白街道", "播南街道", "影山湖街道")
MAY = ([84, 523, 41, 36, 12, 6], [67, 418, 29, 25, 7, 4], [112, 736, 55, 49, 18, 8])
JUNE = ([84, 523, 41, 36, 12, 6], [67, 418, 29, 25, 7, 4], [112, 736, 55, 51, 18, 8])
MENDED = ([91, 560, 44, 39, 14, 6], [70, 431, 31, 28, 9, 4], [108, 702, 50, 47, 16, 8])
NIL = (["无"] * 6,) * 3
SHARED = "6月，代表欧阳甲乙等进站履职320余人次，接待选民群众2210余人次，收集意见建议195条，已办结180条。"
SLOGAN = "我们坚持以人民为中心的发展思想，不断丰富载体、完善机制、创新方式，推动代表工作再上新的台阶。"


def workbook(path: Path, county: str, month: int, townships, lines, sent: str) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "统计表"
    for row in (
        [f"{county}2026年{month}月活动情况统计表"],
        [f"填报单位：{county}人大常委会"],
        [f"统计期：2026年{month}月"],
        [f"填报时间：{sent}"],
        HEADER,
        *([township, *line] for township, line in zip(townships, lines, strict=True)),
    ):
        sheet.append(row)
    book.save(path)


def prose(path: Path, county: str, *paragraphs: str) -> None:
    title = f"{county}人大常委会关于2026年6月“高质量发展，代表在行动”活动情况的报告"
    path.write_text("\n".join([title, *paragraphs, f"{county}人大常委会", "2026年7月6日"]), encoding="utf-8")


def land(landing: Path) -> None:
    landing.mkdir(parents=True)
    workbook(landing / "兴义市5月.xlsx", "兴义市", 5, XINGYI, MAY, "2026年6月3日")
    workbook(landing / "兴义市6月.xlsx", "兴义市", 6, XINGYI, JUNE, "2026年7月3日")
    workbook(landing / "播州区6月.xlsx", "播州区", 6, BOZHOU, JUNE, "2026年7月3日")
    workbook(landing / "播州区4月.xlsx", "播州区", 4, BOZHOU, NIL, "2026年5月3日")
    workbook(landing / "播州区5月.xlsx", "播州区", 5, BOZHOU, NIL, "2026年6月3日")
    prose(landing / "兴义市报告.txt", "兴义市", SLOGAN, SHARED)
    prose(landing / "播州区报告.txt", "播州区", SLOGAN, "开展活动12场。", SHARED.replace("，", " ，"))
    prose(landing / "遵义市报告.txt", "遵义市", SLOGAN, SHARED.replace("195", "196"))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("copied")
    land(home / "landing")
    run(settings(home), NOW)
    return home


def settings(home: Path) -> Settings:
    return Settings.read(home=home, environment={"DAIBIAO_SETTLE_SECONDS": "0"})


def ask(home: Path, sql: str):
    return list(query(newest(home / "releases").path, sql).rows)


REPORTS = """
select kind, org_name, period, file, cells, other_org_name, other_period, other_cells, n_compared, n_equal
from dq.repeated_report order by kind, org_code
"""
PARAGRAPHS = """
select org_name, file, other_org_name, other_file, n_shared, characters from dq.repeated_paragraph order by org_code
"""


def test_copied_reports_are_asked_about_until_they_are_mended(home):
    largest = "统计表!C8、统计表!C6、统计表!C7"
    assert ask(home, REPORTS) == [
        ("two_periods", "兴义市", "2026-06", "兴义市6月.xlsx", largest, "兴义市", "2026-05", largest, 14, 13),
        ("two_units", "播州区", "2026-06", "播州区6月.xlsx", largest, "兴义市", "2026-06", largest, 14, 14),
        ("two_units", "兴义市", "2026-06", "兴义市6月.xlsx", largest, "播州区", "2026-06", largest, 14, 14),
    ]
    length = len(SHARED)
    assert ask(home, PARAGRAPHS) == [
        ("播州区", "播州区报告.txt", "兴义市", "兴义市报告.txt", 1, length),
        ("兴义市", "兴义市报告.txt", "播州区", "播州区报告.txt", 1, length),
    ]
    (places,) = ask(home, "select cells, other_cells from dq.repeated_paragraph where org_name = '兴义市'")
    for file, place in zip(("兴义市报告.txt", "播州区报告.txt"), places, strict=True):
        begin, end = map(int, place.removeprefix("chars ").split("-"))
        text = (home / "landing" / file).read_text(encoding="utf-8")
        assert text[begin:end].replace(" ", "") == SHARED


def test_no_text_is_kept_and_the_hash_is_this_installations_own(home, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(home / "landing", other / "landing")
    run(settings(other), NOW + timedelta(days=1))
    digests = [{digest for (digest,) in ask(place, "select digest from core.paragraph")} for place in (home, other)]
    assert len(digests[0]) == len(digests[1]) == 2
    assert not digests[0] & digests[1]
    tables = [read_manifest(newest(place / "releases"))["tables"] for place in (home, other)]
    for name in ("core.paragraph", "dq.repeated_paragraph", "dq.repeated_report", "dq.shared_paragraph"):
        assert tables[0][name] == tables[1][name], name
        assert tables[0][name]["rows"] > 0
    kept = [path for path in home.rglob("*") if path.is_file() and not {"archive", "landing"} & {*path.parts}]
    assert any(path.name == "warehouse.duckdb" for path in kept)
    for path in kept:
        data = path.read_bytes()
        assert [
            word for word in ("欧阳甲乙", "以人民为中心", "进站履职320余人次，接待") if word.encode() in data
        ] == [], path


def test_a_corrected_report_answers_the_question(home):
    workbook(home / "landing" / "兴义市6月更正.xlsx", "兴义市", 6, XINGYI, MENDED, "2026年7月8日")
    prose(home / "landing" / "兴义市报告（修改稿）.txt", "兴义市", SLOGAN, SHARED.replace("195", "185"))
    run(settings(home), NOW + timedelta(days=2))
    assert ask(home, REPORTS) == []
    assert ask(home, PARAGRAPHS) == []
    assert ask(home, "select count(*) from core.paragraph") == [(4,)]
