"""The reporting calendar: who owes what by when, and what a slip in calendar.yml is told."""

import shutil
from datetime import date

import pytest
import yaml
from pydantic import ValidationError

from catalog import load
from catalog.load import FOLDER
from catalog.reporting import Duty, DutyException, ReportingCalendar, counties_of

CATALOG = load()
DUTY = {
    "id": "monthly", "name_zh": "月报", "name_en": "monthly", "form": "county_table", "grain": "month",
    "first": "2026-05", "remind_days": 2,
}  # fmt: skip
LATER = {
    "id": "flood", "duty": "monthly", "unit": "520304", "period": "2026-06", "due": date(2026, 7, 15),
    "requester": "播州区人大办", "reason": "洪涝灾害", "expires": date(2026, 7, 31),
}  # fmt: skip
WAIVED = {name: value for name, value in LATER.items() if name != "due"} | {"id": "renewal", "waived": True}


def calendar(*exceptions, **changes):
    content = {"due_days": {"month": 5, "quarter": 10, "year": 20}, "duties": [DUTY | changes]}
    return ReportingCalendar.model_validate(content | {"exceptions": exceptions})


def test_every_county_owes_the_monthly_table():
    (duty,) = CATALOG.calendar.duties
    assert (duty.form, duty.grain, duty.first) == ("county_table", "month", "2026-05")
    assert len(counties_of(duty.units, CATALOG.tree)) == 88


@pytest.mark.parametrize(
    ("grain", "period", "own", "due"),
    [
        ("month", "2026-02", None, date(2026, 3, 5)),
        ("quarter", "2026-Q2", None, date(2026, 7, 10)),
        ("year", "2026", None, date(2027, 1, 20)),
        ("month", "2026-06", 0, date(2026, 6, 30)),
        ("month", "2026-06", 12, date(2026, 7, 12)),
    ],
)
def test_a_report_is_due_so_many_days_after_its_period(grain, period, own, due):
    made = calendar(grain=grain, first=period, due_days=own)
    assert made.due_on(made.duties[0], period) == due


@pytest.mark.parametrize(
    ("units", "counties"),
    [
        (["522301"], ["522301"]),
        (["520321"], ["520304"]),
        (["522301", "522300"], ["522301", "522302", "522323", "522324", "522325", "522326", "522327", "522328"]),
    ],
)
def test_a_prefecture_stands_for_its_counties_and_an_ended_unit_for_what_it_became(units, counties):
    assert counties_of(units, CATALOG.tree) == counties


def test_the_province_stands_for_all():
    assert counties_of(["520000"], CATALOG.tree) == counties_of([], CATALOG.tree)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"frist": "2026-05"}, "frist"),
        ({"first": "2026-Q2"}, "不是 month 的统计期"),
        ({"last": "2026-04"}, "早于 first"),
        ({"remind_days": -1}, "remind_days"),
        ({"units": [522301]}, "units"),
    ],
)
def test_a_slip_in_a_duty_is_refused(change, message):
    with pytest.raises(ValidationError, match=message):
        Duty.model_validate(DUTY | change)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"waived": True}, "二者写一个"),
        ({"due": None}, "二者写一个"),
        ({"expires": date(2026, 7, 14)}, "expires"),
        ({"requester": "张三"}, "不写个人姓名"),
        ({"reason": "请致电13800000000"}, "7 位以上"),
        ({"period": "2026-13"}, "period"),
    ],
)
def test_a_slip_in_an_exception_is_refused(change, message):
    with pytest.raises(ValidationError, match=message):
        DutyException.model_validate(LATER | change)


@pytest.mark.parametrize(
    ("exceptions", "message"),
    [
        ([LATER | {"duty": "weekly"}], "没有报送任务 weekly"),
        ([LATER | {"period": "2026-Q2"}], "不是 monthly 要报的统计期"),
        ([LATER | {"period": "2026-04"}], "不是 monthly 要报的统计期"),
        ([LATER | {"due": date(2026, 7, 5)}], "没有晚于原期限"),
        ([LATER, WAIVED | {"id": "flood"}], "id 重复"),
    ],
)
def test_an_exception_that_fits_no_duty_is_refused(exceptions, message):
    with pytest.raises(ValidationError, match=message):
        calendar(*exceptions)


@pytest.fixture
def written(tmp_path):
    """Return a function that loads the catalog with another calendar.yml."""
    folder = tmp_path / "catalog"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))

    def write(*exceptions, **changes):
        content = {"due_days": {"month": 5, "quarter": 10, "year": 20}, "duties": [DUTY | changes]}
        text = yaml.safe_dump(content | {"exceptions": [*exceptions]}, allow_unicode=True)
        (folder / "calendar.yml").write_text(text, encoding="utf-8")
        return load(folder)

    return write


@pytest.mark.parametrize(
    ("exceptions", "changes", "message"),
    [
        ([], {"form": "no_such"}, "没有这个报表: no_such"),
        ([], {"units": ["999999"]}, "没有这个单位代码: 999999"),
        ([], {"units": ["522301001"]}, "不能写乡镇"),
        ([LATER | {"unit": "999999"}], {}, "没有这个单位代码: 999999"),
        ([LATER], {"units": ["522300"]}, "没有这项报送任务"),
        ([LATER, WAIVED], {}, "写了两次"),
        ([LATER, WAIVED | {"unit": "520300"}], {}, "写了两次"),
    ],
)
def test_a_calendar_that_does_not_fit_the_catalog_is_refused(written, exceptions, changes, message):
    with pytest.raises(ValueError, match=message):
        written(*exceptions, **changes)


def test_the_examples_of_the_documentation_are_good():
    page = (FOLDER.parent / "docs" / "calendar.md").read_text(encoding="utf-8")
    duties, exceptions = (yaml.safe_load(block.split("```")[0]) for block in page.split("```yaml\n")[1:])
    content = {"due_days": {"month": 5, "quarter": 10, "year": 20}} | duties | exceptions
    assert counties_of(ReportingCalendar.model_validate(content).duties[0].units, CATALOG.tree)[0] == "520304"


def test_the_examples_in_the_file_are_good(written):
    lines = (FOLDER / "calendar.yml").read_text(encoding="utf-8").splitlines()
    examples = yaml.safe_load("\n".join(line.removeprefix("# ") for line in lines if line.startswith("# - {")))
    assert [type(entry) for entry in examples] == [dict, dict]
    assert len(written(*examples, id="county_table_month").calendar.exceptions) == 2
