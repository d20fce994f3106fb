"""A whole report, and texts that nobody would write: every number accounted for, in its place, in bounded time."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import load
from transforms.documents import Unreadable
from transforms.prose import extract
from transforms.prose.extract import MOST_NUMBERS

CATALOG = load()
REPORT = """# 桐梓县人大常委会2026年上半年“代表在行动”工作情况报告
发布时间：2026-07-06　浏览次数：345次

今年以来，桐梓县人大常委会扎实开展“四个融合”,组织代表进站履职 26 8 人次，接待选民群众2.2
万余人次，收集意见建议560条，办结４３０条。

一、建好站点
全县建成代表联络站64个、代表之家18个，投入资金320万元，较上年多15万元。6月，开展执法检查4次，参加代表90人次。
今年以来，全县共收集意见建议560条。

二、各镇做法
（一）楚米镇
楚米镇、花秋镇分别化解矛盾纠纷12件、9件。楚米镇收到代表建议32件，全部办结，满意率达百分之九十八点五。
（二）花秋镇
在花秋镇，75岁的老代表联系群众近百户，每月走访不少于2次。

三、下一步工作打算
计划新建联络站20个，办好10件民生实事。
责任编辑：某某　电话：8812345
"""
SO_FAR, HALF, JUNE = "2026-01-01/2026-07-06", "2026-06 year_to_date", "2026-06 period"
FIGURES = [
    # unit, indicator, value, qualifier, unit of measure, time, the number as it stands in the file
    ("桐梓县", "station_visits", 268, "exact", "人次", f"{SO_FAR} year_to_date", "26 8 人次"),
    ("桐梓县", "voters_received", 22000, "at_least", "人次", f"{SO_FAR} year_to_date", "2.2\n万余人次"),
    ("桐梓县", "opinions_collected", 560, "exact", "条", f"{SO_FAR} year_to_date", "560条"),
    ("桐梓县", "opinions_resolved", 430, "exact", "条", f"{SO_FAR} year_to_date", "４３０条"),
    ("桐梓县", "station_count", 64, "exact", "个", HALF, "64个"),
    ("桐梓县", "room_count", 18, "exact", "个", HALF, "18个"),
    ("桐梓县", "investment_wan", 320, "exact", "万元", HALF, "320万元"),
    ("桐梓县", "inspections", 4, "exact", "次", JUNE, "4次"),
    ("桐梓县", "inspection_participants", 90, "exact", "人次", JUNE, "90人次"),
    ("楚米镇", "disputes_mediated", 12, "exact", "件", HALF, "12件"),
    ("花秋镇", "disputes_mediated", 9, "exact", "件", HALF, "9件"),
    ("楚米镇", "bills_closed", 32, "exact", "件", HALF, "32件"),
    ("楚米镇", "bills_submitted", 32, "exact", "件", HALF, "32件"),
    ("楚米镇", "satisfaction_rate", 98.5, "exact", "%", HALF, "百分之九十八点五"),
    ("花秋镇", "voters_received", 100, "at_most", "户", HALF, "近百户"),
]
DROPPED = [
    ("2026", "name"), ("2026", "furniture"), ("07", "furniture"), ("06", "furniture"), ("345次", "furniture"),
    ("四个", "slogan"), ("15万元", "comparison"), ("6", "name"), ("560条", "repeat"), ("75", "age"),
    ("不少于2次", "norm"), ("20个", "plan"), ("10件", "plan"), ("8812345", "furniture"),
]  # fmt: skip


@pytest.fixture(scope="module")
def read():
    return extract(REPORT, CATALOG)


def test_a_report_has_a_title_a_unit_a_time_and_a_day_of_publication(read):
    assert read.title == "桐梓县人大常委会2026年上半年“代表在行动”工作情况报告"
    assert (read.place.name, read.place.code) == ("桐梓县", "520322")
    assert (read.period.label, read.period.basis) == ("2026-06", "year_to_date")
    assert str(read.published_on) == "2026-07-06"


def test_the_figures_of_a_report(read):
    assert [
        (
            figure.place.name, figure.indicator_code, figure.value, figure.qualifier, figure.unit,
            f"{figure.period.label} {figure.period.basis}", REPORT[slice(*figure.number)],
        )
        for figure in read.figures
    ] == FIGURES  # fmt: skip


def test_every_other_number_of_a_report_has_a_reason(read):
    assert [(one.text, one.reason) for one in read.dropped] == DROPPED
    assert all(REPORT[one.start : one.end] == one.text for one in read.dropped)


def test_a_phrase_is_the_text_at_its_place_but_for_blanks_and_marks(read):
    for figure in read.figures:
        shown = REPORT[figure.start : figure.end].replace(" ", "").replace("\n", "")
        assert shown.replace("４３０", "430") == figure.phrase
        assert figure.start <= figure.number[0] < figure.number[1] <= figure.end


def test_the_same_text_is_read_alike_every_time(read):
    assert extract(REPORT, CATALOG) == read


def test_open_ends_are_told(read):
    by_value = {figure.value: figure for figure in read.figures}
    assert (by_value[22000].low_open, by_value[22000].high_open) == (False, True)
    assert (by_value[100].low_open, by_value[100].high_open) == (True, False)
    assert (by_value[560].low_open, by_value[560].high_open) == (False, False)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("桐梓县收集意见560条。绥阳县收集意见560条。", 2),
        ("桐梓县收集意见560条。全县共收集意见560条。", 1),
        ("桐梓县收集意见560条。又办结意见560条。", 2),
        ("桐梓县收集意见560条。收集意见560余条。", 2),
        ("桐梓县走访560人次，接待560人次。", 2),
    ],
)
def test_a_figure_that_is_said_again_counts_once(text, left):
    read = extract(text, CATALOG)
    assert len(read.figures) == left
    assert len(read.figures) + sum(one.reason == "repeat" for one in read.dropped) == 2


PLACES_AND_TIMES = ["习水县", "桑木镇", "该镇", "全市", "各级", "在", "2026年", "6月", "明年", "今年以来"]
SAID = [
    "代表",
    "人大",
    "收集",
    "办结",
    "意见",
    "建议",
    "联络站",
    "化解",
    "纠纷",
    "满意",
    "率",
    "计划",
    "A",
    "B",
    "类",
    "每",
    "第",
    "届",
]
SHARED_OUT = ["分别", "各", "均", "其中", "共", "由", "增至", "占", "、", "和"]
NUMBERS = ["12345", "40", "2.2", "1,200", "二十三", "百余", "两万", "近", "余", "以上", "左右", "百分之"]
UNITS = ["条", "件", "个", "人次", "名", "万元", "%"]
MARKS = [
    *"，。；：“”（）《》～+-/|",
    "一、",
    "（二）",
    "来源：",
    "下一步打算",
    "\n",
    "\n\n",
    "\t",
    " ",
    "\u3000",
    "\r\n",
    "\u200b",
    "\x00",
    "𠀀",
]
WORDS = [*PLACES_AND_TIMES, *SAID, *SHARED_OUT, *NUMBERS, *UNITS, *MARKS]


@given(st.one_of(st.text(max_size=120), st.lists(st.sampled_from(WORDS), max_size=60).map("".join)))
def test_any_text_is_read_and_every_number_stands_in_it(text):
    read = extract(text, CATALOG)
    for figure in read.figures:
        assert 0 <= figure.start <= figure.number[0] < figure.number[1] <= figure.end <= len(text)
        assert figure.low <= figure.value <= figure.high
        assert figure.unit
    for one in read.dropped:
        assert 0 <= one.start < one.end <= len(text)
        assert one.reason
        assert one.reason_zh
    for spans in ([figure.number for figure in read.figures], [(one.start, one.end) for one in read.dropped]):
        assert spans == sorted(spans)
    assert extract(text, CATALOG) == read


@given(st.lists(st.integers(0, 9999), min_size=1, max_size=30))
def test_every_number_of_a_text_is_a_figure_or_dropped(numbers):
    text = "，".join(f"收集意见{number}条" for number in numbers)
    read = extract(text, CATALOG)
    accounted = {figure.number for figure in read.figures} | {(one.start, one.end) for one in read.dropped}
    assert [text[start:end] for start, end in sorted(accounted)] == [f"{number}条" for number in numbers]


def test_too_many_numbers_are_refused_by_name():
    assert len(extract("1条，" * MOST_NUMBERS, CATALOG).figures) <= MOST_NUMBERS
    with pytest.raises(Unreadable) as caught:
        extract("1条，" * (MOST_NUMBERS + 1), CATALOG)
    assert caught.value.code == "too_many_numbers"


MEGABYTE = 1_000_000
# Each is said over and over. Those that hold a number are refused for it, but only once the whole text is read.
PIECES = [
    "1", "1个", "收集意见1条、", "（", "“", "《", "一二三", "1,", "1.", "各1个、", "分别1个、", "自以来", "2025年1个",
    "在甲镇，1个", "1\n", "1\u3000", "习水县",
]  # fmt: skip


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", PIECES)
def test_no_text_of_a_megabyte_hangs(piece):
    text = (piece * (MEGABYTE // len(piece) + 1))[:MEGABYTE]
    with suppress(Unreadable):
        read = extract(text, CATALOG)
        assert len(read.figures) + len(read.dropped) <= MOST_NUMBERS


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "text",
    [
        "，".join(f"收集意见{number}条" for number in range(19_000)),
        "收集意见" + "、".join(["12条"] * 19_000),
        "，".join("甲、乙分别收集意见1条、2条" for _ in range(9_500)),
        "1" + "\u3000" * (MEGABYTE // 2) + "2个" + "\n" * (MEGABYTE // 2),
    ],
    ids=["one sentence", "one list", "respectively", "blanks between digits"],
)
def test_no_sentence_just_below_the_limit_hangs(text):
    assert extract(text, CATALOG).figures
