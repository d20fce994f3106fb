"""Of what time a figure is: of its sentence, of what goes on, else of the report; and what lies ahead."""

from datetime import date

import pytest

HALF = "习水县人大常委会2026年上半年工作情况报告\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        # The report's own time
        (HALF + "收集意见40条。", ["40 2026-06 year_to_date"]),
        # The sentence's time, for that sentence only
        (
            HALF + "收集意见40条。5月，办结意见12条。接待选民20人次。",
            ["40 2026-06 year_to_date", "12 2026-05 period", "20 2026-06 year_to_date"],
        ),
        ("2026年6月，收集意见40条。", ["40 2026-06 period"]),
        # A time that opens a paragraph holds until the next heading.
        (
            HALF + "2025年，收集意见40条。办结意见30条。\n接待选民20人次。\n二、监督工作\n开展视察4次。",
            ["40 2025 period", "30 2025 period", "20 2025 period", "4 2026-06 year_to_date"],
        ),
        # A single day does not.
        (
            HALF + "2026年6月5日，接待选民20人次。\n收集意见40条。",
            ["20 2026-06-05/2026-06-05 period", "40 2026-06 year_to_date"],
        ),
        # A time right before its number is that number's.
        (HALF + "办结率从2024年的84.6%提升至93.9%。", ["84.6 2024 period", "93.9 2026-06 year_to_date"]),
        # Times that are told one after the other are dealt out by order, or are one time.
        (
            "2022年、2023年、2024年分别收集意见120条、近135条、148条，办结率100%。\n接待选民20人次。",
            [
                "120 2022 period",
                "135 2023 period",
                "148 2024 period",
                "100 None unstated",
                "20 2022-01-01/2024-12-31 multi_year",
            ],
        ),
        ("2023年和2024年收集意见分别为98条、99条。", ["98 2023 period", "99 2024 period"]),
        ("2022、2023、2024年分别收集意见12条、13条、14条。", ["12 2022 period", "13 2023 period", "14 2024 period"]),
        ("2023年、2024年分别收集意见12条、13条、14条。", ["12 None unstated", "13 None unstated", "14 None unstated"]),
        ("2023年、2024年，收集意见40条。", ["40 2023-01-01/2024-12-31 multi_year"]),
        ("2022年、2024年，收集意见40条。", ["40 None unstated"]),
        # 上年 is the year before the one spoken of.
        (
            "发布时间：2025-03-01\n2024年，满意率98.6%，比上年的96.5%提高2.1个百分点。",
            ["98.6 2024 period", "96.5 2023 period"],
        ),
        # 一年来 in a report on a year is that year.
        ("习水县人大常委会2024年工作总结\n一年来，收集意见40条。", ["40 2024 period"]),
        (
            "习水县人大常委会2024年工作总结\n过去一年，接待选民20人次。\n收集意见40条。",
            ["20 2024 period", "40 2024 period"],
        ),
        (HALF + "一年来，收集意见40条。", ["40 None period"]),
        # Times of furniture are nobody's.
        ("发布时间：2026-06-12\n收集意见40条。", ["40 ../2026-06-12 unstated"]),
        ("收集意见40条。", ["40 None unstated"]),
    ],
)
def test_each_figure_has_its_time(report, text, told):
    figures = report(text).figures
    assert [f"{figure.value:g} {figure.period.label} {figure.period.basis}" for figure in figures] == told


@pytest.mark.parametrize(
    ("text", "received", "reasons"),
    [
        ("发布时间：2026-06-12\n到2027年底建成联络站20个。", None, ["plan"]),
        ("到2027年底建成联络站20个。", date(2026, 6, 12), ["plan"]),
        ("到2027年底建成联络站20个。", None, []),
        ("明年，建成联络站20个。", None, ["plan"]),
        ("下半年，建成联络站20个。", None, []),
        ("发布时间：2026-06-12\n到2025年底建成联络站20个。", None, []),
    ],
)
def test_what_lies_ahead_is_a_plan(report, text, received, reasons):
    read = report(text, received_on=received)
    dropped = [one.reason for one in read.dropped if one.text == "20个"]
    assert (dropped, len(read.figures)) == (reasons, 1 - len(reasons))


def test_a_year_in_the_title_comes_before_the_day_of_arrival(report):
    text = (
        "习水县人大常委会2025年工作总结\n全年收集意见40条。今年以来，接待选民30人次。截至目前，建成联络站20个。"
        "一年来，走访选民20户。2026年1月，办结意见10条。"
    )
    figures = report(text, received_on=date(2026, 2, 10)).figures
    assert [figure.period.label for figure in figures] == ["2025", "2025", "../2025-12-31", "2025", "2026-01"]


def test_the_day_of_arrival_stands_in_for_the_day_of_publication(report):
    [figure] = report("今年以来，收集意见40条。", received_on=date(2026, 6, 12)).figures
    assert (figure.period.label, figure.period.basis) == ("2026-01-01/2026-06-12", "year_to_date")
