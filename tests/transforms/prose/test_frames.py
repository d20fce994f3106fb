"""From what was read to what is handed on: units reckoned, places named, nothing personal."""

from datetime import UTC, date, datetime

import pandas as pd
import pytest

from catalog import load
from transforms.prose.frames import frames_of, plain_title
from transforms.prose.model import Extraction, Figure, Place, Timespan

CATALOG = load()
RECEIVED = datetime(2026, 7, 6, 2, 0, tzinfo=UTC)
COUNTY = Place("兴义市", "522301", "county", inclusive=True)
JUNE = Timespan(date(2026, 6, 1), date(2026, 6, 30), "period", "2026-06", "2026年6月")
TITLE = "兴义市人大常委会关于2026年6月“高质量发展，代表在行动”活动情况的报告"


def told(text, number, indicator="voters_received", value=2100.0, unit="人次", **rest):
    """A figure at the place of `number` in the text, made by the whole of it."""
    at = text.index(number)
    parts = {
        "place": COUNTY, "low": value, "high": value, "low_open": False, "high_open": False, "qualifier": "exact",
        "period": JUNE,
    } | rest  # fmt: skip
    return Figure(
        start=0, end=len(text), phrase=text, number=(at, at + len(number)), indicator_code=indicator, value=value,
        unit=unit, **parts,
    )  # fmt: skip


def read(text, *figures, title=TITLE, place=COUNTY, period=JUNE, published_on=date(2026, 7, 6), key=b"k"):
    extraction = Extraction(title, place, period, published_on, tuple(figures), ())
    return frames_of(extraction, text, delivery_id="d", received_at=RECEIVED, catalog=CATALOG, mask_key=key)


def row(text, figure, **about):
    frames, _ = read(text, figure, **about)
    return frames["figures"].iloc[0]


def test_a_report_is_one_row_and_a_figure_one_row():
    text = "接待选民2100余人次，收集意见95条"
    frames, notes = read(
        text,
        told(text, "2100余人次", value=2100, high=2200, high_open=True, qualifier="at_least"),
        told(text, "95条", "opinions_collected", 95.0, "条"),
    )
    header = frames["header"].iloc[0]
    assert header[["table_id", "form", "org_code", "county_code", "period", "grain", "basis", "rows_in"]].tolist() == [
        "d#1", "prose", "522301", "522301", "2026-06", "month", "period", 2,
    ]  # fmt: skip
    assert (header["title"], header["reported_on"], notes) == (TITLE, date(2026, 7, 6), ())
    columns = [
        "line",
        "source_ref",
        "indicator_code",
        "value",
        "value_low",
        "value_high",
        "qualifier",
        "unit",
        "phrase",
    ]
    rows = frames["figures"][columns].astype(object).where(lambda f: f.notna(), None).to_numpy().tolist()
    assert rows == [
        [1, "chars 0-19", "voters_received", 2100, 2100, 2200, "at_least", "人次", "接待选民2100余人次，收集意见"],
        [2, "chars 0-19", "opinions_collected", 95, 95, 95, None, "条", "接待选民…人次，收集意见95条"],
    ]
    assert frames["figures"]["is_inclusive"].tolist() == [True, True]


@pytest.mark.parametrize(
    ("indicator", "value", "unit", "stored"),
    [
        ("investment_wan", 1.2, "亿元", (12000.0, "万元", "ok")),
        ("funds_wan", 9408800.0, "元", (940.88, "万元", "ok")),
        ("funds_wan", 940.88, "万元", (940.88, "万元", "ok")),
        ("funds_wan", 3.0, "个", (3.0, "个", "foreign")),
        ("other", 9.0, "万元", (9.0, "万元", "ok")),
        ("other", 120000.0, "亩", (120000.0, "亩", "ok")),
        ("other", 3.0, "", (3.0, None, "missing")),
        ("beneficiaries", 360.0, "户", (360.0, "户", "ok")),
        ("beneficiaries", 360.0, "亩", (360.0, "亩", "foreign")),
        ("opinions_collected", 60.0, "条次", (60.0, "条", "ok")),
        ("deputies", 23.0, "人", (23.0, "名", "ok")),
        ("bills_class_a_rate", 90.11, "%", (90.11, "%", "ok")),
        ("bills_class_a_rate", 90.0, "件", (90.0, "件", "foreign")),
    ],
)
def test_values_are_in_the_indicators_unit_where_that_can_be_reckoned(indicator, value, unit, stored):
    text = "投入资金9"
    found = row(text, told(text, "9", indicator, value, unit))
    assert (found["value"], found["unit"] if isinstance(found["unit"], str) else None, found["unit_state"]) == stored
    assert found["value_low"] == found["value_high"] == stored[0]


@pytest.mark.parametrize(
    ("place", "stored"),
    [
        (Place("遵义市", "520300", "prefecture", inclusive=True), ("520300", "遵义市", None)),
        (Place("黄草街道", "522301001", "township"), ("522301001", "黄草街道", "522301")),
        (Place("遵义县", "520321", "county"), ("520321", "遵义县", "520304")),
        (Place("泸州市", None), (None, "泸州市", None)),
        (Place("某甲乙丙代表工作室", None), (None, "代表工作室", None)),
        (Place("某甲乙丙", "522301", "county"), ("522301", "兴义市", "522301")),
        (Place("某甲乙丙", None), (None, None, None)),
    ],
)
def test_a_unit_is_named_by_its_code_and_by_what_may_be_quoted(place, stored):
    text = "办结3件"
    found = row(text, told(text, "3件", place=place))[["org_code", "org_text", "county_code"]]
    assert tuple(None if pd.isna(value) else value for value in found) == stored


@pytest.mark.parametrize(
    ("period", "stored"),
    [
        (JUNE, ("2026-06", "month", "period", "2026年6月")),
        (
            Timespan(date(2026, 4, 1), date(2026, 6, 30), "period", "2026-Q2", ""),
            ("2026-Q2", "quarter", "period", None),
        ),
        (Timespan(date(2025, 1, 1), date(2025, 12, 31), "period", "2025", "全年"), ("2025", "year", "period", "全年")),
        (
            Timespan(date(2021, 11, 1), date(2026, 6, 12), "since_start", "2021-11-01/2026-06-12", "活动开展以来"),
            ("2021-11-01/2026-06-12", "span", "since_start", "活动开展以来"),
        ),
        (Timespan(), (None, None, "unstated", None)),
    ],
)
def test_periods_keep_label_basis_and_wording(period, stored):
    text = "办结3件"
    found = row(text, told(text, "3件", period=period))[["period", "grain", "basis", "period_phrase"]]
    assert tuple(None if pd.isna(value) else value for value in found) == stored


def test_a_report_of_a_prefecture_has_no_county_and_one_of_nobody_no_unit():
    for place, code in ((Place("遵义市", "520300", "prefecture"), "520300"), (None, None)):
        header = read("无", place=place)[0]["header"].iloc[0]
        assert (None if pd.isna(header["org_code"]) else header["org_code"]) == code
        assert pd.isna(header["county_code"])


def test_a_number_that_looks_like_a_phone_is_left_out_and_said_so():
    text = "联系13900001234人，接待40人次"
    frames, notes = read(text, told(text, "13900001234人", value=13900001234.0), told(text, "40人次", value=40.0))
    assert (frames["header"]["rows_in"].tolist(), frames["figures"]["line"].tolist()) == ([1], [1])
    assert notes == ("有 1 个数像是电话、证件或银行卡号，未读取",)
    assert "1390000" not in frames["figures"].to_csv()


def test_no_name_gets_into_the_frames():
    names = ("朱国军", "杨成美", "欧阳甲乙", "王敏", "任莉")
    text = f"省人大代表{names[0]}和{names[1]}的养殖基地提供30余个就业岗位，{names[2]}带动40户"
    period = Timespan(None, None, "unstated", None, f"{names[3]}任职以来")
    figure = told(text, "30余个", "other", 30.0, "个", period=period, place=Place(f"{names[4]}代表工作室"))
    frames, _ = read(text, figure, title=f"{names[0]}：记者{names[4]}", place=Place(f"{names[3]}工作室"))
    shown = "".join(frame.to_csv() for frame in frames.values())
    assert [name for name in names if name in shown or name[1:] in shown] == []


def test_versions_of_a_report_have_one_key_and_other_reports_another():
    def key(title, mask=b"k"):
        return read("无", title=title, key=mask)[0]["header"]["title_key"].iloc[0]

    assert key(TITLE) == key(f" {TITLE}（修改稿）") == key(TITLE.replace("“", '"'))
    assert key(TITLE) != key(TITLE.replace("6月", "7月"))
    assert key(TITLE) != key(TITLE, b"another")
    assert pd.isna(key(""))
    assert pd.isna(key("（终稿）"))


@pytest.mark.parametrize(
    "title",
    [
        "活动情况报告（修改稿）",
        "活动情况报告修改稿",
        "活动情况报告（第二次修订版）",
        "活动情况报告_最终版",
        "活动情况报告 V2",
        "活动情况报告(更正)",
    ],
)
def test_the_mark_of_a_version_is_no_part_of_a_title(title):
    assert plain_title(title) == "活动情况报告"


def test_the_number_of_a_part_is_a_part_of_a_title():
    assert plain_title("活动情况报告（一）") != plain_title("活动情况报告（二）")
    assert plain_title("关于批转文件") == "关于批转文件"


def test_a_report_without_figures_has_a_header_and_an_empty_frame():
    frames, notes = read("没有数字")
    assert (len(frames["header"]), len(frames["figures"]), notes) == (1, 0, ())
    assert frames["header"]["rows_in"].tolist() == [0]


def test_no_name_can_be_found_in_the_frame_of_paragraphs():
    text = "6月，王甲乙代表走访选民2100余人次，收集意见建议95条，已办结80条，帮助群众解决实际问题12件，办结率较高。"
    frames, _ = read(text, told(text, "2100余人次"))
    assert len(frames["paragraphs"]) == 1
    assert "王甲乙" not in frames["paragraphs"].to_csv()
