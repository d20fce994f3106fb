"""The worked examples of docs/methodology.md are the cases that are run."""

from pathlib import Path

import pytest
import yaml

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "methodology.md"


@pytest.mark.parametrize(("table", "place"), [("reconciliation", 0), ("reconciliation", 1), ("verified_share", 0)])
def test_every_line_of_the_case_is_on_the_page(table, place):
    page = PAGE.read_text(encoding="utf-8").splitlines()
    example = yaml.safe_load((HERE / f"{table}.yml").read_text(encoding="utf-8"))[place]
    lines = [line for text in [*example["given"].values(), example["expect"]] for line in text.splitlines()]
    assert [line for line in lines if line not in page] == []


def test_the_table_of_wordings_is_the_case_that_is_run():
    """Each wording of the page stands in the case with the ends that the page gives."""
    page = PAGE.read_text(encoding="utf-8")
    case = yaml.safe_load((HERE / "admitted_word.yml").read_text(encoding="utf-8"))[0]
    rows = [line.split() for line in case["expect"].splitlines()]
    ends = {(row[4], row[5]) for row in rows[1:]}
    printed = [line.split("|")[2].strip() for line in page.splitlines() if line.count("|") == 3 and "～" in line]
    assert printed
    assert {tuple(range_.split("～")) for range_ in printed} <= ends
