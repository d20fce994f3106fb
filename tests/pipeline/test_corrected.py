"""Whose a faulty file is, and which later file closes its incident, on the whole road."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import docx
import duckdb
import pytest

from pipeline.run import run
from pipeline.settings import Settings

from .conftest import LANDING
from .test_duties import workbook

FIRST = datetime(2026, 7, 20, 4, 0, tzinfo=UTC)
LATER = FIRST + timedelta(days=1)
BROKEN = b"PK\x03\x04broken"
ELSEWHERE = [f"{name}省开展活动{n}场次，接待群众{20 + n}人次。" for n, name in enumerate(("云南", "四川", "湖南"), 3)]
INCIDENTS = """
select org_code, root_cause, state from dq.incident where cause = 'bad_file' order by org_code, root_cause
"""


class Desk:
    """A landing folder with the road behind it."""

    def __init__(self, home):
        self.landing = home / "landing"
        self.landing.mkdir()
        self.settings = Settings.read(home=home, environment={"DAIBIAO_SETTLE_SECONDS": "0"})

    def put(self, name, data, came):
        path = self.landing / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (came.timestamp(), came.timestamp()))

    def form(self, name, county, *rows, came):
        workbook(self.landing / name, county, *rows, came=came)

    def prose(self, name, *paragraphs, came):
        document = docx.Document()
        for paragraph in paragraphs:
            document.add_paragraph(paragraph)
        document.save(self.landing / name)
        os.utime(self.landing / name, (came.timestamp(), came.timestamp()))

    def incidents(self, now):
        run(self.settings, now)
        with duckdb.connect(str(self.settings.warehouse), read_only=True) as connection:
            return connection.execute(INCIDENTS).fetchall()


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def test_a_form_that_is_wholly_held_back_goes_by_its_cells_and_is_closed_by_the_corrected_one(desk):
    desk.form("六月统计表.xlsx", "册亨县", [1, "不存在的镇", 9, 3, 2], came=FIRST)
    desk.form("兴仁市6月.xlsx", "兴仁市", [1, "不存在的镇", 9, 3, 2], came=FIRST)
    assert desk.incidents(FIRST) == [
        ("522302", "bad_file|form|522302|2026-06", "open"),
        ("522327", "bad_file|form|522327|2026-06", "open"),
    ]
    desk.form("六月统计表（改）.xlsx", "册亨县", ["本月无活动"], came=LATER)
    desk.form("兴仁市6月（改）.xlsx", "兴仁市", ["本月无活动"], came=LATER)
    assert [state for *_, state in desk.incidents(LATER)] == ["resolved", "resolved"]


def test_prose_that_could_not_be_read_is_closed_by_the_next_of_its_name_or_of_its_unit_and_period(desk):
    for name in ("兴仁市2026年6月情况报告.doc", "普安县2026年6月情况报告.docx", "望谟县情况报告.docx"):
        desk.put(name, BROKEN + name.encode(), FIRST)
    assert [state for *_, state in desk.incidents(FIRST)] == ["open"] * 3
    told = "6月，开展活动12场次，接待群众300人次，收集意见建议40条。"
    desk.prose("兴仁市2026年6月情况报告.docx", "兴仁市人大常委会2026年6月活动情况报告", told, came=LATER)
    desk.prose("普安县6月情况.docx", "普安县人大常委会2026年6月活动情况报告", told, came=LATER)
    desk.prose("望谟县情况报告.docx", "望谟县人大常委会2026年6月活动情况报告", told, came=LATER)
    assert [state for _, root, state in desk.incidents(LATER)] == ["resolved"] * 3


def test_prose_goes_by_the_month_of_its_name_whatever_spans_it_tells(desk):
    desk.prose("册亨县2026年6月情况报告.docx", "册亨县人大常委会活动情况报告", *ELSEWHERE, came=FIRST)
    assert desk.incidents(FIRST) == [("522327", "bad_file|prose|522327|2026-06", "open")]
    told = "开展活动3场次，接待群众20人次。"
    desk.prose("册亨县2026年6月情况报告（改）.docx", "册亨县人大常委会2026年6月活动情况报告", told, came=LATER)
    assert desk.incidents(LATER) == [("522327", "bad_file|prose|522327|2026-06", "resolved")]


def test_an_export_closes_neither_a_countys_form_nor_the_records_of_others(desk):
    desk.put("晴隆县/晴隆县2026年6月统计表.xlsx", BROKEN, FIRST)
    desk.put("联络站系统/导出.jsonl", (LANDING / "联络站系统" / "群众工单_202606.jsonl").read_bytes(), FIRST)
    before = desk.incidents(FIRST)
    assert [(root, state) for _, root, state in before] == [
        ("bad_file|联络站系统/导出.jsonl", "open"),
        ("bad_file|form|522324|2026-06", "open"),
    ]
    other = (LANDING / "联络站系统" / "cases_202605.jsonl").read_bytes()
    desk.put("联络站系统/导出.jsonl", other, LATER)
    desk.put("晴隆县/2026年6月群众工单.jsonl", b"\n".join(other.splitlines()[:5]), LATER)
    after = desk.incidents(LATER)
    assert {root: state for _, root, state in after if root in {r for _, r, _ in before}} == {
        root: "open" for _, root, _ in before
    }
    assert not [root for _, root, _ in after if root.startswith("bad_file|form|") and "522324" not in root]
