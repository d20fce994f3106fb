"""What of a county's form may be given back: everything but persons."""

import pytest

from transforms.grids import Document, Grid
from transforms.nameless import People, nameless

from .sheets import CATALOG, HEADER, LABELS, RECEIVED, SIGNED, TITLE

FORM = CATALOG.forms["county_table"]


def _shown(*rows, name="活动情况", more=()):
    document = Document("xlsx", grids=[Grid(name, rows), *more])
    found = nameless(document, FORM, delivery_id="0" * 16, name="报表.xlsx", received_at=RECEIVED, catalog=CATALOG)
    return [[list(row) for row in grid.rows] for grid in found.grids]


def test_figures_labels_and_remarks_stay():
    rows = [
        TITLE,
        LABELS,
        HEADER,
        [1, "黄草街道", 3, "无"],
        [2, "坪东街道", "若干", "12②"],
        ["", "合计", 3, None],
        ["注：不含县直"],
    ]
    assert _shown(*rows) == [rows]


def test_columns_of_persons_are_blank_below_their_header():
    rows = [TITLE, LABELS, [*HEADER, "联系人", "联系电话"], [1, "黄草街道", 3, 2, "测试甲", 19900001234]]
    assert _shown(*rows)[0][3] == [1, "黄草街道", 3, 2, None, None]
    assert _shown(*rows)[0][2] == [*HEADER, "联系人", "联系电话"]


@pytest.mark.parametrize(
    ("row", "left"),
    [
        (SIGNED, ["填表人：审核人："]),
        (["填表人", "测试甲", "审核人：", "测试乙"], ["填表人", None, "审核人：", None]),
        (["负责人：", "测试甲", "填报时间：2026年7月3日"], ["负责人：", None, "填报时间：2026年7月3日"]),
        (["主任签字：", "测试甲", "填报人签名", "测试乙"], ["主任签字：", None, "填报人签名", None]),
        (["经办：测试甲　盖章：测试乙"], ["经办：盖章："]),
        (["联系电话：0859-3220000", "注：合计含县直"], ["联系电话：", "注：合计含县直"]),
        ([None, None, "测试甲", None], [None, None, "〔未识别〕", None]),
        ([None, None, None, 19900001234], [None, None, None, "〔已屏蔽〕"]),
    ],
)
def test_what_stands_behind_a_label_of_persons_goes(row, left):
    assert _shown(TITLE, LABELS, HEADER, [1, "黄草街道", 3, 2], row)[0][4] == left


def test_a_list_of_people_beside_the_form_loses_its_columns():
    staff = Grid("通讯录", [["姓名", "电话"], ["测试甲", "19900001234"], ["测试乙", "无"]])
    shown = _shown(TITLE, LABELS, HEADER, [1, "黄草街道", 3, 2], more=[staff])
    assert shown[1] == [["姓名", "电话"], [None, None], [None, None]]


def test_a_name_that_slipped_into_a_row_goes_and_the_row_stays():
    rows = [TITLE, LABELS, HEADER, [1, "测试甲", 3, 2], [2, "黄草街道", "测试乙", 2]]
    shown = _shown(*rows)[0]
    assert shown[3:] == [[1, "〔未识别〕", 3, 2], [2, "黄草街道", "〔未识别〕", 2]]


def test_a_repeated_header_keeps_its_words():
    header = ["联系人", "乡镇（街道）", "收集（条）"]
    rows = [TITLE, LABELS, header, ["测试甲", "黄草街道", 3], header, ["测试乙", "坪东街道", 4]]
    assert _shown(*rows)[0][4:] == [header, [None, "坪东街道", 4]]


def test_a_label_alone_and_a_label_in_a_sentence():
    people = People(FORM)
    assert people.without("会议由审核委员会负责，收集 12 条") == "会议由审核委员会负责，收集 12 条"
    assert people.without("填 表 人： 王 某\n注：见后") == "填 表 人：\n注：见后"
    assert [people.is_label(text) for text in ("经办人", "经办人：", "经办人：某", "备注")] == [
        True,
        True,
        False,
        False,
    ]
