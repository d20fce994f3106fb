"""What goes back to a county, and how it comes back again: every format, the explanations, and no personal value."""

import html
import io
import os
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

import catalog
from catalog.returned import EXPLANATION_COLUMNS, EXPLANATION_SHEET, LIST_SHEET, ExplanationKey
from pipeline import feedback
from pipeline.as_of import known_on
from pipeline.feedback import write_feedback
from pipeline.run import rebuild, run
from pipeline.settings import Settings
from serving.feedback import Asked, Item
from transforms import Unreadable, parse
from warehouse import release
from warehouse.archive import Delivery
from warehouse.query import query

from .conftest import LANDING
from .test_privacy import _personal_values

FACTS = catalog.load()
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
FORM = """南明区“高质量发展，代表在行动”活动情况统计表,,,
填报单位：南明区人大常委会,,,
统计期：2026年6月,,,
填报时间：2026年7月2日,,,
序号,街道（乡镇）,收集意见建议（条）,办结意见建议（条）
1,新华路街道,{collected},{resolved}
2,西湖路街道,61,50
,合计,{total},{sum}
填表人：测试甲,,联系电话：19900001234,
"""


def _read(data, name):
    return parse(data, name, "0" * 16, NOW, FACTS, b"key")


def _forms():
    found = []
    for path in sorted(LANDING.rglob("*")):
        name = path.relative_to(LANDING).as_posix()
        try:
            parsed = _read(path.read_bytes(), name) if path.is_file() else None
        except Unreadable:
            continue
        if parsed and parsed.dataset in FACTS.forms:
            found.append(pytest.param(name, parsed, id=name))
    return found


FORMS = _forms()


def _figures(parsed):
    frame = parsed.frames["figures"].merge(parsed.frames["header"][["table_id", "county_code", "period", "basis"]])
    columns = ["county_code", "period", "basis", "org_code", "indicator_code", "state", "value", "value_low"]
    columns += ["value_high", "qualifier"]
    return sorted(map(str, frame[columns].astype("string").fillna("").itertuples(index=False)))


@pytest.mark.parametrize(("name", "parsed"), FORMS)
def test_every_format_goes_back_marked_and_is_read_again_without_a_word(name, parsed):
    refs = parsed.frames["figures"][["source_ref", "indicator_code"]].head(8).itertuples(index=False)
    items = tuple(
        Item(
            n,
            ref,
            "这里有问题。",
            "应当是数。",
            n % 2 == 0,
            ExplanationKey("ExpectX", code, "", "", ref) if n % 2 else None,
        )
        for n, (ref, code) in enumerate(refs, 1)
    )
    asked = Asked("0" * 16, name, parsed.dataset, None, None, None, None, items)
    data = (LANDING / name).read_bytes()
    delivery = Delivery("0" * 16, "0" * 64, name, len(data), NOW, NOW)
    returned = feedback._workbook(asked, data, delivery, FACTS)
    again = _read(returned, f"{Path(name).stem}（反馈abcdefgh）.xlsx")
    assert _figures(again) == _figures(parsed)
    assert again.fingerprint == parsed.fingerprint
    assert set(again.notes) <= set(parsed.notes)
    assert len(again.frames["explanations"]) == 0
    book = load_workbook(io.BytesIO(returned))
    assert book.sheetnames[:2] == [LIST_SHEET, EXPLANATION_SHEET]
    links = [cell.hyperlink.location for cell in book[LIST_SHEET]["C"] if cell.hyperlink]
    assert len(links) == len(items) > 0
    for link, item in zip(links, items, strict=True):
        sheet, cell = re.fullmatch(r"'(.+)'!([A-Z]+\d+)", link).groups()
        assert f"第 {item.number} 条" in book[sheet][cell].comment.text
    assert feedback._workbook(asked, data, delivery, FACTS) == returned


def test_every_kind_of_file_is_among_them():
    assert {param.values[1].format for param in FORMS} == {"xlsx", "xls", "et", "csv", "docx", "html"}


class Desk:
    """A home into which one county's forms are delivered, on days of July 2026."""

    def __init__(self, folder):
        self.landing = folder / "landing"
        self.landing.mkdir()
        self.settings = Settings.read(folder / "home", self.landing, {"DAIBIAO_SETTLE_SECONDS": "0"})
        self.settings = replace(self.settings)
        self.settings.home.mkdir()

    @staticmethod
    def noon(day):
        return datetime(2026, 7, day, 4, 0, tzinfo=UTC)

    def deliver(self, name, day, data):
        path = self.landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (self.noon(day).timestamp(),) * 2)

    def walk(self, day):
        run(self.settings, self.noon(day))
        return write_feedback(self.settings)

    def ask(self, sql):
        return list(query(release.newest(self.settings.releases).path, sql).rows)


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def _form(collected=68, resolved=70, total=139, summed=120):
    return FORM.format(collected=collected, resolved=resolved, total=total, sum=summed).encode("gb18030")


def _explained(path, answers, shuffle=False):
    """Fill in the sheet 说明 of a returned workbook, by indicator, and return its bytes."""
    book = load_workbook(path)
    sheet = book[EXPLANATION_SHEET]
    top = next(row for row in range(1, 20) if sheet.cell(row, 1).value == EXPLANATION_COLUMNS[0])
    lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=top + 1)]
    for line in lines:
        line[4] = answers.get(line[5].split("|")[1])
    for row, line in enumerate(reversed(lines) if shuffle else lines, top + 1):
        for column, value in enumerate(line, 1):
            sheet.cell(row, column).value = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


FIGURES = "select org_code, indicator_code, value from core.observation where is_current order by 1, 2"
EXPLAINED = "select org_code, indicator_code, period, rule, text, said_on, expires_on from core.explanation order by 1"


def test_explanations_come_back_and_end_what_was_asked(desk):
    desk.deliver("南明区/统计表.csv", 2, _form())
    (path,) = desk.walk(3)
    assert path.parent.name == "520102_南明区"
    before = desk.ask(FIGURES)
    assert {row[0] for row in desk.ask("select rule from dq.standing_finding")} == {
        "ExpectPartNotAboveWhole",
        "ExpectTotalsToMatchParts",
    }
    answers = {"opinions_resolved": "上月结转 2 条，经办人：测试乙", "opinions_collected": "合计含区直单位"}
    desk.deliver("南明区/统计表（回函）.xlsx", 6, _explained(path, answers, shuffle=True))
    assert desk.walk(7) == []
    assert not any(desk.settings.feedback.rglob("*.xlsx"))
    assert desk.ask(FIGURES) == before
    until = date(2027, 7, 6)
    rows = [
        ("520102", "opinions_collected", "2026-06", "ExpectTotalsToMatchParts", "合计含区直单位"),
        ("520102016", "opinions_resolved", "2026-06", "ExpectPartNotAboveWhole", "上月结转 2 条"),
    ]
    expected = [(*row, date(2026, 7, 6), until) for row in rows]
    assert desk.ask(EXPLAINED) == expected
    shown = desk.ask("select explanation from mart.township_month where explanation is not null")
    assert shown == [("上月结转 2 条",)]

    run(desk.settings, desk.noon(8))
    assert desk.ask(EXPLAINED) == expected
    rebuild(desk.settings, desk.noon(9))
    assert (desk.ask(EXPLAINED), desk.ask(FIGURES)) == (expected, before)
    assert desk.ask("select count(*) from ops.delivery where status = 'duplicate'") == [(0,)]
    earlier = known_on(desk.settings, release.newest(desk.settings.releases), date(2026, 7, 5))
    assert list(query(earlier, "select count(*) from core.explanation").rows) == [(0,)]
    assert list(query(earlier, "select count(*) from dq.standing_finding").rows) == [(2,)]


def test_an_explanation_answers_what_was_asked_and_no_later_figure(desk):
    desk.deliver("统计表.csv", 2, _form())
    (path,) = desk.walk(3)
    answers = {"opinions_resolved": "上月结转 2 条", "opinions_collected": "合计含区直单位"}
    desk.deliver("回函.xlsx", 6, _explained(path, answers))
    assert desk.walk(7) == []
    shown = "select explanation from mart.township_month where explanation is not null"
    assert desk.ask(shown) == [("上月结转 2 条",)]
    desk.deliver("再报.csv", 8, _form(resolved=5000, total=9999, summed=5050))
    assert len(desk.walk(9)) == 1
    asked = {rule for (rule,) in desk.ask("select rule from dq.standing_finding where not is_must_fix")}
    assert asked == {"ExpectPartNotAboveWhole", "ExpectTotalsToMatchParts"}
    assert desk.ask(shown) == []


def test_what_is_not_answered_well_is_asked_again(desk):
    desk.deliver("统计表.csv", 2, _form())
    (path,) = desk.walk(3)
    answers = {"opinions_resolved": "联系 1990000-1234 核实", "opinions_collected": "详见文件GD2026060001"}
    desk.deliver("回函.xlsx", 6, _explained(path, answers))
    (again,) = desk.walk(7)
    assert desk.ask("select text from core.explanation") == [("联系 〔已屏蔽〕 核实",)]
    book = load_workbook(again)
    assert "7 位以上的数字" in book[LIST_SHEET]["A4"].value
    keys = [cell.value for cell in book[EXPLANATION_SHEET]["F"] if "|" in str(cell.value)]
    assert [key.split("|")[:2] for key in keys] == [["ExpectTotalsToMatchParts", "opinions_collected"]]


def test_the_corrected_copy_ends_it_and_leaves_no_mark(desk):
    desk.deliver("统计表.csv", 2, _form(total=129))
    (path,) = desk.walk(3)
    book = load_workbook(path)
    book["统计表"]["D6"].value, book["统计表"]["D8"].value = 60, 110
    stream = io.BytesIO()
    book.save(stream)
    desk.deliver("统计表（更正）.xlsx", 6, stream.getvalue())
    assert desk.walk(7) == []
    statuses = dict(desk.ask("select file, status from ops.delivery"))
    assert statuses == {"统计表.csv": "superseded", "统计表（更正）.xlsx": "loaded"}
    assert desk.ask("select reason from ops.delivery where status = 'loaded'") == [(None,)]


def test_a_question_of_arithmetic_is_asked_in_the_form_in_force_and_answered_there(desk):
    for months, day, collected in (("1-5", 2, 90), ("1-6", 4, 68)):
        form = _form(collected, 60, collected + 61, 110).decode("gb18030").replace("2026年6月", f"2026年{months}月累计")
        desk.deliver(f"{months}月累计.csv", day, form.encode())
    (path,) = desk.walk(5)
    assert path.stem.startswith("1-6月累计（反馈")
    book = load_workbook(path)
    cells = [cell.value for cell in book[LIST_SHEET]["C"]]
    assert cells.count("C6") == 1
    assert "由 90 降为 68" in book[book.sheetnames[2]]["C6"].comment.text
    keys = {cell.value.split("|")[0] for cell in book[EXPLANATION_SHEET]["F"] if "|" in str(cell.value)}
    assert keys == {"cumulative_decrease"}
    desk.deliver("回函.xlsx", 6, _explained(path, {"opinions_collected": "更正以前多报"}))
    assert desk.walk(7) == []


def test_a_copy_sent_back_as_it_is_changes_nothing(desk):
    desk.deliver("统计表.csv", 2, _form())
    (path,) = desk.walk(3)
    note = path.parent / "笔记.txt"
    note.write_text("x", encoding="utf-8")
    os.utime(path, (1, 1))
    desk.deliver("原样.xlsx", 6, path.read_bytes())
    assert desk.walk(7) == [path]
    assert desk.ask("select status from ops.delivery where file = '原样.xlsx'") == [("duplicate",)]
    assert path.stat().st_mtime == 1
    desk.deliver("更正.csv", 8, _form(resolved=60, total=129, summed=110))
    assert desk.walk(9) == []
    assert list(path.parent.iterdir()) == [note]


def test_another_countys_workbook_explains_nothing_here(desk):
    desk.deliver("统计表.csv", 2, _form())
    (path,) = desk.walk(3)
    book = load_workbook(path)
    sheet = book[EXPLANATION_SHEET]
    for row in (5, 6):
        sheet.cell(row, 5).value = "确实如此"
        sheet.cell(row, 6).value = sheet.cell(row, 6).value.replace("|520102", "|522301")
    stream = io.BytesIO()
    book.save(stream)
    desk.deliver("回函.xlsx", 6, stream.getvalue())
    assert len(desk.walk(7)) == 1
    assert desk.ask("select count(*) from core.explanation") == [(0,)]


def test_what_files_claim_is_kept_even_of_those_that_cannot_be_read(desk):
    desk.deliver("湄潭县/2026年5月统计表.pdf", 2, b"%PDF-1.4 ")
    (path,) = desk.walk(3)
    claimed = desk.ask("select status, claimed_org_code, claimed_period from ops.delivery")
    assert claimed == [("rejected", "520328", "2026-05")]
    assert (path.parent.name, path.suffix) == ("520328_湄潭县", ".csv")


def _contents(path):
    """Return all that a file holds as text; workbooks write Chinese as character references too."""
    if path.suffix != ".xlsx":
        return path.read_text(encoding="utf-8")
    with zipfile.ZipFile(path) as book:
        return html.unescape("".join(book.read(name).decode() for name in book.namelist()))


def test_nobody_has_a_name_or_a_number_in_what_goes_back(walked):
    home, _ = walked
    written = write_feedback(Settings.read(home, LANDING, {"DAIBIAO_SETTLE_SECONDS": "0"}))
    assert {path.suffix for path in written} == {".xlsx", ".html", ".csv"}
    personal = _personal_values()
    for path in written:
        content = _contents(path)
        assert not [value for value in personal if value in content], path
        assert "<script" not in content
        assert "refresh" not in content.lower()


def test_people_who_signed_a_form_do_not_go_back(desk):
    desk.deliver("统计表.csv", 2, _form())
    (path,) = desk.walk(3)
    content = _contents(path)
    assert "填表人：" in content
    assert not re.search("测试甲|19900001234", content)
