from __future__ import annotations

import calendar
import time
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.periods import read_period
from transforms.prose.timespans import Anchor, TimeMention, find_timespans, timespan

# Published in the middle of a year, and in January, when 全年 means the year before.
JUNE = Anchor(date(2026, 6, 12), 2026, date(2021, 11, 1))
NOVEMBER = Anchor(date(2025, 11, 19))
JANUARY = Anchor(date(2026, 1, 19))
UNDATED = Anchor()

BY_PUBLICATION = "../2026-06-12"
READINGS = [
    # words, basis, label, told on 12 June 2026
    ("今年以来", "year_to_date", "2026-01-01/2026-06-12"),
    ("今年1月以来", "year_to_date", "2026-01-01/2026-06-12"),
    ("年初以来", "year_to_date", "2026-01-01/2026-06-12"),
    ("今年", "year_to_date", "2026-01-01/2026-06-12"),
    ("今年3月以来", "period", "2026-03-01/2026-06-12"),
    ("3月份以来", "period", "2026-03-01/2026-06-12"),
    ("2026年", "year_to_date", "2026-01-01/2026-06-12"),
    ("2025年", "period", "2025"),
    ("2025年度", "period", "2025"),
    ("２０２５年", "period", "2025"),
    ("二〇二五年", "period", "2025"),
    ("二○二五年", "period", "2025"),
    ("去年", "period", "2025"),
    ("上年", "period", "2025"),
    ("前年", "period", "2024"),
    ("全年", "year_to_date", "2026-01-01/2026-06-12"),
    ("去年全年", "period", "2025"),
    ("2025年以来", "multi_year", "2025-01-01/2026-06-12"),
    ("去年以来", "multi_year", "2025-01-01/2026-06-12"),
    ("2021年以来", "multi_year", "2021-01-01/2026-06-12"),
    ("2021年至今", "multi_year", "2021-01-01/2026-06-12"),
    ("2025年6月以来", "multi_year", "2025-06-01/2026-06-12"),
    ("2021—2025年", "multi_year", "2021-01-01/2025-12-31"),
    ("2021年至2025年", "multi_year", "2021-01-01/2025-12-31"),
    ("2025年10月至2026年3月", "multi_year", "2025-10-01/2026-03-31"),
    ("上半年", "year_to_date", "2026-01-01/2026-06-12"),
    ("2025年上半年", "year_to_date", "2025-06"),
    ("2025年下半年", "period", "2025-07-01/2025-12-31"),
    ("一季度", "period", "2026-Q1"),
    ("今年第一季度", "period", "2026-Q1"),
    ("去年4季度", "period", "2025-Q4"),
    ("去年前三季度", "year_to_date", "2025-09"),
    ("2025年一至三季度", "year_to_date", "2025-09"),
    ("今年前5个月", "year_to_date", "2026-05"),
    ("1-5月", "year_to_date", "2026-05"),
    ("1至5月份", "year_to_date", "2026-05"),
    ("1-3月", "period", "2026-Q1"),
    ("2025年1—12月", "period", "2025"),
    ("2025年5月至6月", "period", "2025-05-01/2025-06-30"),
    ("1至10月份", "year_to_date", "2025-10"),  # no tenth month has come: last year's
    ("5月", "period", "2026-05"),
    ("五月份", "period", "2026-05"),
    ("6月", "period", "2026-06-01/2026-06-12"),
    ("9月", "period", "2025-09"),
    ("今年5月", "period", "2026-05"),
    ("5月初", "period", "2026-05-01/2026-05-10"),
    ("5月中旬", "period", "2026-05-11/2026-05-20"),
    ("2月下旬", "period", "2026-02-21/2026-02-28"),
    ("5月底", "as_of", "../2026-05-31"),
    ("2025年底", "as_of", "../2025-12-31"),
    ("去年年末", "as_of", "../2025-12-31"),
    ("截至5月底", "as_of", "../2026-05-31"),
    ("截止2025年10月", "as_of", "../2025-10-31"),
    ("截至2025年", "as_of", "../2025-12-31"),
    ("截至6月10日", "as_of", "../2026-06-10"),
    ("截至6月", "as_of", BY_PUBLICATION),
    ("截至9月底", "as_of", "../2025-09-30"),
    ("截至目前", "as_of", BY_PUBLICATION),
    ("截止到目前", "as_of", BY_PUBLICATION),
    ("至目前", "as_of", BY_PUBLICATION),
    ("到目前为止", "as_of", BY_PUBLICATION),
    ("迄今为止", "as_of", BY_PUBLICATION),
    ("目前", "as_of", BY_PUBLICATION),
    ("现在", "as_of", BY_PUBLICATION),
    ("如今", "as_of", BY_PUBLICATION),
    ("近年来", "multi_year", BY_PUBLICATION),
    ("近三年", "multi_year", BY_PUBLICATION),
    ("近5年来", "multi_year", BY_PUBLICATION),
    ("三年来", "multi_year", BY_PUBLICATION),
    ("五年来", "multi_year", BY_PUBLICATION),
    ("过去五年", "multi_year", BY_PUBLICATION),
    ("过去的五年", "multi_year", BY_PUBLICATION),
    ("一年来", "period", BY_PUBLICATION),
    ("半年来", "period", BY_PUBLICATION),
    ("届内", "multi_year", BY_PUBLICATION),
    ("本届以来", "multi_year", BY_PUBLICATION),
    ("换届以来", "multi_year", BY_PUBLICATION),
    ("本届人大常委会履职以来", "multi_year", BY_PUBLICATION),
    ("“十四五”以来", "multi_year", "2021-01-01/2026-06-12"),
    ("“十四五”期间", "multi_year", "2021-01-01/2025-12-31"),
    ("十三五期间", "multi_year", "2016-01-01/2020-12-31"),
    ("自活动开展以来", "since_start", "2021-11-01/2026-06-12"),
    ("活动开展以来", "since_start", "2021-11-01/2026-06-12"),
    ("活动期间", "since_start", "2021-11-01/2026-06-12"),
    ("“高质量发展，代表在行动”活动开展以来", "since_start", "2021-11-01/2026-06-12"),
    ("自“高质量发展,代表在行动”活动开展以来", "since_start", "2021-11-01/2026-06-12"),
    ("“两联三访”活动开展以来", "since_start", BY_PUBLICATION),
    ("自2023年启动以来", "since_start", "2023-01-01/2026-06-12"),
    ("2023年11月启动以来", "since_start", "2023-11-01/2026-06-12"),
    ("自建站以来", "since_start", BY_PUBLICATION),
    ("成立以来", "since_start", BY_PUBLICATION),
    ("成立至今", "since_start", BY_PUBLICATION),
    ("《代表法》修改以来", "since_start", BY_PUBLICATION),
    ("党的二十大以来", "since_start", BY_PUBLICATION),
    ("本月", "period", "2026-06-01/2026-06-12"),
    ("当月", "period", "2026-06-01/2026-06-12"),
    ("上月", "period", "2026-05"),
    ("上季度", "period", "2026-Q1"),
    ("昨日", "period", "2026-06-11/2026-06-11"),
    ("6月12日", "period", "2026-06-12/2026-06-12"),
    ("6月10日至12日", "period", "2026-06-10/2026-06-12"),
    ("6月10-12日", "period", "2026-06-10/2026-06-12"),
    ("12月28日", "period", "2025-12-28/2025-12-28"),
    ("2025年12月28日至2026年1月3日", "period", "2025-12-28/2026-01-03"),
    ("2026-06-12", "period", "2026-06-12/2026-06-12"),
    ("会议期间", "period", None),
    ("去年同期", "unstated", None),
    ("2025年春节期间", "period", None),
    ("市十七届人大一次会议以来", "since_start", BY_PUBLICATION),
    ("自2016年市四届人大一次会议以来", "since_start", "2016-01-01/2026-06-12"),
    ("从去年开始", "multi_year", "2025-01-01/2026-06-12"),
    ("2024年3月起", "multi_year", "2024-03-01/2026-06-12"),
    ("2023、2024、2025年", "multi_year", "2023-01-01/2025-12-31"),
    ("元月至5月", "year_to_date", "2026-05"),
    ("去年12月中旬至1月上旬", "period", "2025-12-11/2026-01-10"),
    ("去年10月至今年5月", "multi_year", "2025-10-01/2026-05-31"),
    ("去年12月28日至今年1月3日", "period", "2025-12-28/2026-01-03"),
    ("2021年至目前", "multi_year", "2021-01-01/2026-06-12"),
    ("2023年以前", "as_of", "../2022-12-31"),
    ("6月10日前", "as_of", "../2026-06-10"),
]
AHEAD = [
    "明年",
    "到2027年",
    "到2030年底",
    "2026年底前",
    "12月底前",
    "6月30日前",
    "2027年",
    "下半年",
    "下一步",
    "下月",
    "今后五年",
]


def only(text: str, anchor: Anchor = JUNE) -> TimeMention:
    [mention] = find_timespans(text, anchor)
    return mention


@pytest.mark.parametrize(("words", "basis", "label"), READINGS)
def test_words_mean_these_days(words, basis, label):
    mention = only(f"全县情况好。{words}，接待选民210人次。")
    assert (mention.span.phrase, mention.span.basis, mention.span.label) == (words, basis, label)
    assert (mention.start, mention.end) == (6, 6 + len(words))
    assert not mention.future


@pytest.mark.parametrize("words", AHEAD)
def test_times_ahead_are_marked(words):
    assert only(f"{words}，建成联络站30个。").future


@pytest.mark.parametrize(
    ("words", "basis", "label"),
    [
        ("2025年", "year_to_date", "2025-01-01/2025-11-19"),
        ("今年以来", "year_to_date", "2025-01-01/2025-11-19"),
        ("前三季度", "year_to_date", "2025-09"),
        ("下半年", "period", "2025-07-01/2025-11-19"),
        ("四季度", "period", "2025-10-01/2025-11-19"),
        ("12月", "period", "2024-12"),
    ],
)
def test_what_is_not_over_ends_with_publication(words, basis, label):
    assert (only(words, NOVEMBER).span.basis, only(words, NOVEMBER).span.label) == (basis, label)


@pytest.mark.parametrize(
    ("words", "label"),
    [("全年", "2025"), ("下半年", "2025-07-01/2025-12-31"), ("四季度", "2025-Q4"), ("年底", "../2025-12-31")],
)
def test_in_january_a_stretch_without_a_year_is_of_the_year_before(words, label):
    assert only(words, JANUARY).span.label == label


def test_a_year_whose_report_comes_later_is_whole():
    assert only("今年以来，", Anchor(date(2026, 1, 19), 2025)).span.label == "2025"


@pytest.mark.parametrize(
    ("words", "basis", "label"),
    [
        ("今年以来", "year_to_date", None),
        ("去年", "period", None),
        ("6月", "period", None),
        ("上半年", "year_to_date", None),
        ("截至6月底", "as_of", None),
        ("截至目前", "as_of", None),
        ("五年来", "multi_year", None),
        ("活动开展以来", "since_start", None),
        ("昨日", "period", None),
        ("2025年", "period", "2025"),
        ("2021年以来", "multi_year", "2021-01-01/.."),
        ("“十四五”以来", "multi_year", "2021-01-01/.."),
        ("自2023年启动以来", "since_start", "2023-01-01/.."),
    ],
)
def test_without_an_anchor_no_day_is_invented(words, basis, label):
    assert (only(words, UNDATED).span.basis, only(words, UNDATED).span.label) == (basis, label)


def test_this_year_without_a_day_of_publication_has_no_end():
    assert only("今年以来，", Anchor(year=2026)).span.label == "2026-01-01/.."


def test_a_year_holds_for_months_of_its_sentence_only():
    text = "2024年，开展活动；3月，接待群众。4月，走访。"
    assert [mention.span.label for mention in find_timespans(text, JUNE)] == ["2024", "2024-03", "2026-04"]


@pytest.mark.parametrize(
    ("text", "words", "scope"),
    [
        ("化解率从2022年的84.6%提升", "2022年", "attribute"),
        ("提升至现在的93.9%", "现在", "attribute"),
        ("提升到2025年93.9%", "2025年", "attribute"),
        ("比去年多15件", "去年", "attribute"),
        ("较上年增加", "上年", "attribute"),
        ("据统计，仅2025年，遵义市", "2025年", "lead"),
        ("2025年组织代表视察", "2025年", "lead"),
        ("全市今年以来收集意见", "今年以来", "lead"),
        ("今年以来的30条意见", "今年以来", "attribute"),
        ("全市2025年共收集意见", "2025年", "lead"),
        ("全市2025年意见建议", "2025年", "attribute"),
        ("全县截至目前建成", "截至目前", "lead"),
        ("（2025年）", "2025年", "attribute"),
        ("从2022年到2025年，累计", "2022年到2025年", "lead"),
        ("满意率高于2024年", "2024年", "attribute"),
    ],
)
def test_scope(text, words, scope):
    assert (only(text).span.phrase, only(text).scope) == (words, scope)


def test_values_each_with_their_time():
    text = "化解率从2022年的84.6%提升至现在的93.9%"
    mentions = find_timespans(text, NOVEMBER)
    assert [(text[m.start : m.end], m.scope, m.span.basis) for m in mentions] == [
        ("2022年", "attribute", "period"),
        ("现在", "attribute", "as_of"),
    ]


def test_years_joined_by_and_reach_equally_far():
    assert [m.scope for m in find_timespans("2024年和2025年分别办理30件、40件", JUNE)] == ["lead", "lead"]


def test_a_figure_before_since_stays_outside():
    assert only("全县30个代表联络站建成以来，接待210人次").span.phrase == "建成以来"


def test_a_label_says_what_forms_say():
    for words in ("2025年1-6月", "2025年上半年", "2025年4-6月", "2025年6月", "2025年", "2025年前三季度", "2025年1-3月"):
        period = read_period(words)
        span = only(words).span
        assert period is not None
        assert (span.label, span.basis, span.start, span.end) == (
            period.label,
            period.basis,
            period.start,
            period.end,
        )


DAYS = st.dates(date(2000, 1, 1), date(2026, 6, 12))


@given(
    DAYS,
    st.sampled_from(["{y}年{m}月{d}日", "{y}年{m:02}月{d:02}日", "{y}-{m:02}-{d:02}", "{y}/{m}/{d}", "{y}.{m}.{d}"]),
)
def test_a_day_is_read_back(day, spelling):
    mention = only(f"县人大于{spelling.format(y=day.year, m=day.month, d=day.day)}召开会议")
    assert (mention.span.start, mention.span.end, mention.span.basis) == (day, day, "period")


@given(DAYS)
def test_a_day_in_chinese_numerals_is_read_back(day):
    digits = "〇一二三四五六七八九"
    tens = ["", "十", "二十", "三十"]
    year = "".join(digits[int(digit)] for digit in str(day.year))
    month, number = ((tens[n // 10] + (digits[n % 10] if n % 10 else "")) for n in (day.month, day.day))
    assert only(f"{year}年{month}月{number}日").span.start == day


@given(DAYS, st.integers(0, 400))
def test_a_range_of_days_is_read_back(day, length):
    last = min(day + timedelta(days=length), date(2026, 6, 12))
    mention = only(f"{day.year}年{day.month}月{day.day}日至{last.year}年{last.month}月{last.day}日，")
    assert (mention.span.start, mention.span.end) == (day, last)


@given(st.integers(2000, 2025), st.integers(1, 12), st.integers(1, 12), st.sampled_from("-—~至到"))
def test_a_range_of_months_is_read_back(year, first, second, dash):
    first, last = min(first, second), max(first, second)
    mention = only(f"{year}年{first}{dash}{last}月，组织")
    end = date(year, last, calendar.monthrange(year, last)[1])
    assert (mention.span.start, mention.span.end) == (date(year, first, 1), end)


@given(DAYS, st.integers(0, 2000))
def test_up_to_a_day_is_a_state(day, later):
    anchor = Anchor(day + timedelta(days=later))
    mention = only(f"截至{day.year}年{day.month}月{day.day}日，共有", anchor)
    assert (mention.span.start, mention.span.end, mention.span.basis, mention.future) == (None, day, "as_of", False)


WORDS = st.sampled_from(
    [words for words, _, _ in READINGS]
    + AHEAD
    + ["每年6月", "长期以来", "闭会期间", "项目前期", "2月30日"]
    + [
        "，",
        "。",
        "的",
        "全县",
        "自",
        "从",
        "到",
        "截至",
        "以来",
        "年",
        "月",
        "日",
        "12",
        "〇",
        "二",
        "“",
        "”",
        "《",
        "》",
        " ",
        "\n",
    ]
)
ANCHORS = st.builds(Anchor, st.none() | DAYS, st.none() | st.integers(2000, 2030), st.none() | DAYS)


@given(st.lists(WORDS, max_size=12).map("".join) | st.text(max_size=60), ANCHORS)
@settings(max_examples=400)
def test_any_text_is_read_in_order_and_in_bounds(text, anchor):
    before = 0
    for mention in find_timespans(text, anchor):
        span = mention.span
        assert before <= mention.start < mention.end <= len(text)
        assert span.phrase == text[mention.start : mention.end]
        assert span.start is None or span.end is None or span.start <= span.end
        if span.end and anchor.published and not mention.future:
            assert span.end <= anchor.published or span.basis in ("period", "year_to_date", "multi_year")
        assert (span.label is None) == (span.start is None and span.end is None)
        before = mention.end


@pytest.mark.parametrize(
    "unit",
    ["自", "截至", "2", "2025", "年月日", "以来", "自甲以来", "今年", "6月", "1月至", "二〇", "《", "”“", "一年来",
     "自“甲", "从2025年建", "一二三四五六七八九", "”甲以来", "2025年的一二三四五六七八九十以", "十四五", "每年", "\n"],
)  # fmt: skip
def test_a_megabyte_of_anything_is_read_at_once(unit):
    size = 1_000_000 // len(unit.encode())
    text = unit * size
    began = time.process_time()
    find_timespans(text, JUNE)
    assert time.process_time() - began < 4


def test_labels():
    assert timespan(date(2026, 1, 1), date(2026, 1, 31), "year_to_date").label == "2026-01"
    assert timespan(date(2025, 1, 1), date(2025, 12, 31), "year_to_date").basis == "period"
    assert timespan(None, date(2026, 6, 12), "as_of").label == "../2026-06-12"
    assert timespan(None, None, "unstated").label is None
