import pytest

from catalog import load
from transforms.prose import extract

HEAD = "兴义市人大2026年6月工作情况\n\n各街道情况如下：\n"


def read(table):
    report = extract(HEAD + table, load())
    figures = [(figure.place.name, figure.indicator_code, figure.value, figure.unit) for figure in report.figures]
    return figures, [dropped.text for dropped in report.dropped if dropped.reason in ("no_unit", "distributive")]


@pytest.mark.parametrize(
    "table",
    [
        "序号\t乡镇\t接待群众（人次）\t收集意见（条）\n1\t木贾街道\t3,105\t27\n",
        "乡镇\t接待群众（人次）\t收集意见（条）\n木贾街道\t3105\t27\n",
        "乡镇\t接待群众\t收集意见\n木贾街道\t3105人次\t27条\n",
        "| 乡镇 | 接待群众（人次） | 收集意见（条） |\n| --- | --- | --- |\n| 木贾街道 | 3105 | 27 |\n",
    ],
)
def test_a_cell_counts_what_its_column_says_for_the_unit_of_its_row(table):
    assert read(table)[0] == [
        ("木贾街道", "voters_received", 3105, "人次"),
        ("木贾街道", "opinions_collected", 27, "条"),
    ]


def test_units_may_head_the_columns_in_short():
    figures, _ = read(
        "木贾街道、桔山街道的情况：\n| 指标 | 木贾 | 桔山 |\n| --- | --- | --- |\n| 联络站（个） | 27 | 31 |\n"
    )
    assert figures == [("木贾街道", "station_count", 27, "个"), ("桔山街道", "station_count", 31, "个")]


def test_a_total_is_of_the_unit_that_reports():
    figures, _ = read("乡镇\t接待群众（人次）\n木贾街道\t3105\n合计\t3105\n")
    assert figures[-1] == ("兴义市", "voters_received", 3105, "人次")


def test_an_empty_cell_keeps_its_column():
    figures, _ = read("乡镇\t接待群众（人次）\t收集意见（条）\n木贾街道\t\t27\n")
    assert figures == [("木贾街道", "opinions_collected", 27, "条")]


def test_a_row_shorter_than_its_header_is_left_out():
    assert read("乡镇\t接待群众（人次）\t收集意见（条）\n合计\t58\n") == ([], ["58"])


def test_a_label_that_names_nothing_known_is_given_to_nobody():
    figures, left = read("单位\t接待群众（人次）\n甲组\t3105\n")
    assert (figures, left) == ([], ["3105"])
