"""Json is read whatever it is wrapped in, and holds nothing that cannot be written again."""

from __future__ import annotations

import pytest

from transforms.documents import read_document


@pytest.mark.parametrize(
    "wrapper", ['{"data": %s}', '{"code": 0, "data": {"total": 2, "list": %s}, "tags": []}', '{"a": {"b": {"c": %s}}}']
)
def test_json_records_are_found_however_deep_they_are_wrapped(wrapper: str) -> None:
    records = '[{"a": 1}, {"a": [{"b": 2}]}]'
    document = read_document((wrapper % records).encode(), "a.json")
    assert document.format == "json"
    assert document.records == [(1, {"a": 1}), (2, {"a": '[{"b": 2}]'})]


def test_half_characters_that_json_spells_are_replaced() -> None:
    document = read_document(rb'{"x\ud800": "\udfffy", "z": ["\ud800"], "whole": "\ud83d\ude00"}', "a.jsonl")
    assert document.records == [(1, {"x\ufffd": "\ufffdy", "z": '["\ufffd"]', "whole": "\U0001f600"})]
