from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.prose.dating import document_period, document_year, publication_date
from transforms.prose.timespans import Anchor

DAY = date(2025, 11, 19)
BODY = "\n6月12日，县人大常委会召开座谈会，会议于2025年3月1日举行。\n"


@pytest.mark.parametrize(
    "text",
    [
        "标题\n发布时间：2025年11月19日 打印本页 关闭 【字体：" + BODY,
        "发布时间:2025-11-19" + BODY,
        "发布日期：2025/11/19 10:22:33" + BODY,
        "时间:2025-11-19  来源:县人大" + BODY,
        "来源：县人大 时间：2025年11月19日" + BODY,
        "来源：县人大　发布于 2025.11.19" + BODY,
        "标题\n2025-11-19 16:20 来源：大方县人大 字号：大 中 小" + BODY,
        "标题\n2025年11月19日" + BODY,
        "标题\n2025年11月19日 星期三" + BODY,
        "贵州日报 2025年11月19日 第03版" + BODY,
        "人民代表报/2025年/11月/19日/第003版" + BODY,
        "标题" + BODY + "2025年11月19日",
        "标题" + BODY + "（2025年11月 19 日）\n上一篇：没有了",
        "标题" + BODY + "二〇二五年十一月十九日",
        "标题" + BODY + "大方县人大常委会 2025年11月19日",
        "县人大常委会工作报告\n——2025年11月19日在县第十八届人民代表大会第五次会议上" + BODY,
        "标题\n新华社贵阳2025年11月19日电" + BODY,
    ],
)
def test_a_day_of_publication(text):
    assert publication_date(text) == DAY


@pytest.mark.parametrize(
    "text",
    ["", BODY, "活动时间：2025年3月1日", "会议时间：2025年3月1日至3日", "发布时间：2025年13月1日", "发布时间：11月19日",
     "本报讯 6月12日电", "自2025年1月1日起施行。", "2025年11月"],
)  # fmt: skip
def test_no_day_of_publication(text):
    assert publication_date(text) is None


def test_a_label_comes_before_a_signature_and_both_before_the_name():
    assert publication_date("发布时间：2025年11月19日\n正文。\n2025年11月1日", "20250101.txt") == DAY
    assert publication_date("正文。\n2025年11月19日", "20250101.txt") == DAY


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("20251119_大方县.docx", DAY),
        ("大方县2025年11月19日报告.txt", DAY),
        ("a-2025-11-19.md", DAY),
        ("000_443abc2a3b4c4910.txt", None),
        ("2025年11月.txt", None),
        ("20251399.txt", None),
    ],
)
def test_the_name_of_a_file(name, day):
    assert publication_date(BODY, name) == day


@pytest.mark.parametrize(
    ("text", "published", "year"),
    [
        ("大方县2025年工作报告\n发布时间：2026-02-01\n今年以来", date(2026, 2, 1), 2026),
        ("大方县2025年工作报告\n今年以来", DAY.replace(year=2026), 2025),
        ("大方县2027年工作报告\n今年以来", DAY.replace(year=2026), 2026),
        ("大方县工作报告\n今年以来", DAY.replace(year=2026), 2026),
        ("大方县2025年工作报告\n今年以来", None, 2025),
        ("二〇二五年工作总结\n今年以来", None, 2025),
        ("2025年工作总结和2026年工作计划\n今年以来", None, 2025),
        ("标题\n2024年，收集30条。2025年，收集40条。", None, 2025),
        ("标题\n到2030年，建成40个。下一步，继续推进。", None, None),
        ("标题\n今年以来，接待群众。", None, None),
    ],
)
def test_the_year_that_this_year_means(text, published, year):
    assert document_year(text, published) == year


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("大方县人大常委会2025年工作报告", "2025"),
        ("关于2026年1—5月活动开展情况的报告", "2026-05"),
        ("大方县2025年第四季度活动情况", "2025-Q4"),
        ("2021—2025年代表工作总结", "2021-01-01/2025-12-31"),
        ("大方县代表在行动", "../2026-06-12"),
        ("2026年工作要点", "../2026-06-12"),
        ("2025年工作总结和2026年工作计划", "../2026-06-12"),
        ("6月12日座谈会召开", "../2026-06-12"),
    ],
)
def test_the_period_of_a_report(title, label):
    assert document_period(title, "", Anchor(date(2026, 6, 12))).label == label


def test_without_a_day_of_publication_the_text_is_asked():
    assert document_period("简报", "发布时间：2025年11月19日", Anchor()).end == DAY
    assert document_period("简报", "正文", Anchor()).label is None


@given(
    st.dates(date(1990, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["{y}年{m}月{d}日", "{y}-{m:02}-{d:02}", "{y}/{m}/{d}"]),
)
def test_a_day_is_read_back(day, spelling):
    assert publication_date(f"发布时间：{spelling.format(y=day.year, m=day.month, d=day.day)} 来源：人大") == day


@given(st.text(max_size=80), st.text(max_size=20))
def test_no_text_is_too_odd(text, name):
    publication_date(text, name)
    document_year(text, None)
    document_period(name, text, Anchor())
