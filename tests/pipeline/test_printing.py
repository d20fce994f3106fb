"""Answers are printed to the letter, and JSON is JSON."""

import json

import pytest

from pipeline.printing import as_json, distinct

from .conftest import daibiao


def _no_constant(name):
    raise AssertionError(f"{name} is no JSON")


@pytest.mark.parametrize("text", ["[/foo]", "[red]x[/red]", "[link=http://x]", ":smile:", "\\[a]"])
def test_a_value_and_a_column_are_printed_to_the_letter(walked, text):
    shown = daibiao("query", f"""select '{text}' as "{text}" """, home=walked[0], check=0).stdout
    assert [line.strip() for line in shown.splitlines()].count(text) == 2


def test_what_json_does_not_know_is_made_so_that_it_does(walked):
    sql = """
        select map {date '2026-06-01': 'nan'::double} as by_day, map {1: [2]} as by_number, '\\xFFa'::blob as bytes,
          'nan'::double as nan, 'infinity'::double as inf, ['-inf'::double, 1.5] as list, {'x': 'nan'::float} as struct,
          time '01:02:03' as clock, interval 1 day as span, 1.0::decimal(4, 2) as whole, null as nothing
    """
    done = daibiao("query", sql, "--json", home=walked[0], check=0)
    assert json.loads(done.stdout, parse_constant=_no_constant) == [
        {
            "by_day": {"2026-06-01": None},
            "by_number": {"1": [2]},
            "bytes": "ff61",
            "nan": None,
            "inf": None,
            "list": [None, 1.5],
            "struct": {"x": None},
            "clock": "01:02:03",
            "span": "1 day, 0:00:00",
            "whole": 1,
            "nothing": None,
        }
    ]


def test_columns_of_one_name_are_all_kept(walked):
    done = daibiao("query", "select 1 as a, 2 as a, 3 as b, 4 as a", "--json", home=walked[0], check=0)
    assert json.loads(done.stdout) == [{"a": 1, "a_1": 2, "b": 3, "a_2": 4}]


def test_a_name_that_is_taken_is_not_given():
    assert distinct(["a_1", "a", "a", "a_1"]) == ["a_1", "a", "a_2", "a_1_1"]


def test_keys_that_are_no_text_become_text():
    assert as_json({None: 1, True: 2, 1.5: 3, (1, 2): 4}) == {"null": 1, "true": 2, "1.5": 3, "[1, 2]": 4}
