"""`daibiao replay RULE`: judge all past deliveries anew by today's code, and say which verdicts would turn.

Reads the archive and the newest release and changes neither, nor the warehouse: what it makes lies in its own folder
below `work/` and is gone when it ends. Tells places, never what stands there.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pandas as pd

import catalog
from expectations.suites import suites_of
from pipeline import steps
from pipeline.published import published
from pipeline.settings import Settings
from warehouse.query import query

Turn = Literal["fails_now", "passes_now", "changed"]
_TURNS: Mapping[Turn, str] = {
    "fails_now": "原先通过，现在不通过",
    "passes_now": "原先不通过，现在通过",
    "changed": "都不通过，问题有变化",
}
_FIRST_PLACES = 3
# Forms are judged by the hundred; a large export is a batch of its own.
_FILES_AT_ONCE = 200
_BYTES_AT_ONCE = 64 * 2**20

_RULES = "select distinct rule from dq.verdict order by rule"
# A duplicate was never judged: what it repeats was.
_DELIVERIES = """
select delivery_id, file, dataset, size_bytes
from ops.delivery
where
    delivery_id in (select judged.delivery_id from dq.verdict as judged)
    and (
        list_contains($datasets, dataset)
        or delivery_id in (select judged.delivery_id from dq.verdict as judged where judged.rule = $rule)
    )
order by dataset, delivered_at, delivery_id
"""
# All columns: a release of before 0013 has no versions.
_VERDICTS = "select * from dq.verdict where rule = $rule and list_contains($ids, delivery_id)"
_FINDINGS = """
select delivery_id, suite, severity, table_id, line, cell, column_name
from dq.finding
where rule = $rule and list_contains($ids, delivery_id)
order by finding_id
"""
_QUARANTINE = """
select delivery_id, table_id, line, list_contains(string_split(rules, ' '), $rule) as is_by_rule
from dq.quarantine
where list_contains($ids, delivery_id)
"""


@dataclass(frozen=True)
class Count:
    """A verdict: how many rows a rule looked at and how many broke it; `version` is None where none was kept."""

    checked: int
    failed: int
    version: str | None


@dataclass(frozen=True)
class Flip:
    """A verdict that turns (翻转): before, now, and the first places that make the difference.

    `before` is None where the rule was not asked then, `now` where it is not asked any more.
    """

    turn: Turn
    file: str
    dataset: str
    suite: str
    severity: str
    before: Count | None
    now: Count | None
    places: tuple[str, ...]


@dataclass
class Replay:
    """What today's code would say of a rule: verdicts that turn, rows it would hold back or let go.

    `unread` are deliveries that today's code does not read at all, each with its reason.
    """

    rule: str
    release: str
    deliveries: int = 0
    flips: list[Flip] = field(default_factory=list)
    rows_quarantined: int = 0
    rows_released: int = 0
    unread: list[tuple[str, str]] = field(default_factory=list)

    @property
    def turns(self) -> bool:
        """Whether anything would be told otherwise."""
        return bool(self.flips or self.unread)

    def as_json(self, most: int) -> dict[str, Any]:
        """Return it as plain data, with at most so many flips."""
        return {
            "rule": self.rule,
            "release": self.release,
            "deliveries": self.deliveries,
            "flips": len(self.flips),
            "by_turn": {turn: sum(flip.turn == turn for flip in self.flips) for turn in _TURNS},
            "rows_quarantined": self.rows_quarantined,
            "rows_released": self.rows_released,
            "unread": [{"file": file, "reason": reason} for file, reason in self.unread],
            "first": [asdict(flip) for flip in self.flips[:most]],
        }

    def lines(self, most: int) -> Iterator[str]:
        """Yield it as Chinese text, with at most so many flips."""
        yield (
            f"重放 {self.rule}：按今天的规则重新检查 {self.deliveries} 个文件（对照发布 {self.release}），"
            f"{len(self.flips)} 项结果会变。"
        )
        for flip in self.flips[:most]:
            places = f"：{'、'.join(flip.places)}" if flip.places else ""
            yield (
                f"  {_TURNS[flip.turn]}　{flip.file}　{flip.suite}　{flip.severity}　"
                f"{_written(flip.before)} → {_written(flip.now)}{places}"
            )
        if len(self.flips) > most:
            yield f"  …… 另有 {len(self.flips) - most} 项，用 --limit 多看一些。"
        for file, reason in self.unread:
            yield f"  今天读不出　{file}　{reason}"
        if self.flips:
            yield f"影响：将隔离 {self.rows_quarantined} 行，将放行 {self.rows_released} 行。"
        yield "仓库和发布都没有改动。" + ("要按今天的规则全部重判，请运行 daibiao rebuild。" if self.flips else "")


class _Delivery(NamedTuple):
    delivery_id: str
    file: str
    dataset: str
    size_bytes: int


class _Place(NamedTuple):
    table_id: str
    line: int | None
    cell: str | None
    column: str | None


# A verdict is one of a delivery, suite and severity.
_Key = tuple[str, str, str]


@dataclass
class _Said:
    """What one side says: verdicts, their places, and the rows held back, those by the rule apart."""

    counts: dict[_Key, Count] = field(default_factory=dict)
    places: dict[_Key, list[_Place]] = field(default_factory=dict)
    held: set[tuple[str, str, int | None]] = field(default_factory=set)
    held_by_rule: set[tuple[str, str, int | None]] = field(default_factory=set)


def replay(settings: Settings, rule: str, now: datetime) -> Replay:
    """Judge every past delivery that `rule` speaks about by today's code, and hold that against the newest release.

    Raises LookupError, in Chinese, when there is no release, or no rule of that name today or in any verdict.
    """
    release = published(settings)
    facts = catalog.load()
    rules = {dataset: _rules(dataset, facts) for dataset in (*facts.forms, catalog.PROSE, *facts.exports)}
    known = {name for names in rules.values() for name in names}
    known |= {str(name) for (name,) in query(release.path, _RULES).rows}
    if rule not in known:
        raise LookupError(_unknown(rule, known))
    datasets = [dataset for dataset, names in rules.items() if rule in names]
    rows = query(release.path, _DELIVERIES, {"datasets": datasets, "rule": rule}).rows
    deliveries = [_Delivery(*row) for row in rows]
    told = Replay(rule, release.release_id, len(deliveries))
    archived = set(steps.archived(settings))
    told.unread += [(gone.file, "存档中没有这个文件。") for gone in deliveries if gone.delivery_id not in archived]
    there = [delivery for delivery in deliveries if delivery.delivery_id in archived]
    run = f"replay-{now:%Y%m%dT%H%M%S%f}"
    for batch in _batches(there):
        try:
            _compare(settings, release.path, run, batch, told)
        finally:
            shutil.rmtree(settings.work / run, ignore_errors=True)
    return told


def _rules(dataset: str, facts: catalog.Catalog) -> set[str]:
    return {rule.name for suite in suites_of(dataset, facts) for rule in suite.rules}


def _unknown(rule: str, known: Iterable[str]) -> str:
    near = get_close_matches(rule, sorted(known), n=3, cutoff=0.5)
    hint = f"是不是 {'、'.join(near)}？" if near else ""
    return f"没有名为 {rule} 的规则。{hint}全部规则见 docs/suites.md。(No such rule.)"


def _batches(deliveries: Sequence[_Delivery]) -> Iterator[list[_Delivery]]:
    batch: list[_Delivery] = []
    for delivery in deliveries:
        size = sum(item.size_bytes for item in batch) + delivery.size_bytes
        full = len(batch) == _FILES_AT_ONCE or size > _BYTES_AT_ONCE
        if batch and (full or batch[0].dataset != delivery.dataset):
            yield batch
            batch = []
        batch.append(delivery)
    if batch:
        yield batch


def _compare(settings: Settings, release: Path, run: str, batch: Sequence[_Delivery], told: Replay) -> None:
    ids = [delivery.delivery_id for delivery in batch]
    steps.validate(settings, run, steps.parse(settings, run, ids))
    read: list[_Delivery] = []
    for delivery in batch:
        outcome = json.loads((settings.work / run / delivery.delivery_id / steps.PARSED).read_text(encoding="utf-8"))
        if outcome["status"] == "accepted":
            read.append(delivery)
        else:
            told.unread.append((delivery.file, outcome["reason"]))
    before = _said_then(release, told.rule, [delivery.delivery_id for delivery in read])
    now = _said_now(settings.work / run, told.rule, [delivery.delivery_id for delivery in read])
    known = {delivery.delivery_id: delivery for delivery in read}
    told.flips += _flips(known, before, now)
    told.rows_quarantined += len(now.held_by_rule - before.held)
    told.rows_released += len(before.held_by_rule - now.held)


def _flips(known: Mapping[str, _Delivery], before: _Said, now: _Said) -> Iterator[Flip]:
    order = {delivery_id: number for number, delivery_id in enumerate(known)}
    for key in sorted({*before.counts, *now.counts}, key=lambda key: (order[key[0]], *key[1:])):
        was, places_then = before.counts.get(key), before.places.get(key, [])
        is_, places_now = now.counts.get(key), now.places.get(key, [])
        failed_then, failed_now = was.failed if was else 0, is_.failed if is_ else 0
        then, today = set(places_then), set(places_now)
        differing = [p for p in places_now if p not in then]
        differing += [p for p in places_then if p not in today]
        if failed_then == failed_now and not differing:
            continue
        turn: Turn = "changed" if failed_then and failed_now else "fails_now" if failed_now else "passes_now"
        cells = dict.fromkeys(_named(place) for place in differing)
        delivery_id, suite, severity = key
        delivery = known[delivery_id]
        first = tuple(cells)[:_FIRST_PLACES]
        yield Flip(turn, delivery.file, delivery.dataset, suite, severity, was, is_, first)


def _said_then(release: Path, rule: str, ids: Sequence[str]) -> _Said:
    said = _Said()
    chosen: dict[str, object] = {"rule": rule, "ids": list(ids)}
    verdicts = query(release, _VERDICTS, chosen)
    for row in verdicts.rows:
        one = dict(zip(verdicts.columns, row, strict=True))
        key = (one["delivery_id"], one["suite"], one["severity"])
        said.counts[key] = Count(one["checked"], one["failed"], one.get("rule_version"))
    for delivery_id, suite, severity, *place in query(release, _FINDINGS, chosen).rows:
        said.places.setdefault((delivery_id, suite, severity), []).append(_Place(*place))
    for delivery_id, table_id, line, is_by_rule in query(release, _QUARANTINE, chosen).rows:
        said.held.add((delivery_id, table_id, line))
        if is_by_rule:
            said.held_by_rule.add((delivery_id, table_id, line))
    return said


def _said_now(folder: Path, rule: str, ids: Sequence[str]) -> _Said:
    said = _Said()
    for delivery_id in ids:
        checks = pd.read_parquet(folder / delivery_id / "checks.parquet")
        for row in checks[checks["rule"] == rule].to_dict("records"):
            count = Count(int(row["checked"]), int(row["failed"]), row["rule_version"])
            said.counts[delivery_id, row["suite"], row["severity"]] = count
        findings = pd.read_parquet(folder / delivery_id / "findings.parquet")
        for row in findings[findings["rule"] == rule].to_dict("records"):
            place = _Place(row["table_id"], _number(row["line"]), _text(row["cell"]), _text(row["column_name"]))
            said.places.setdefault((delivery_id, row["suite"], row["severity"]), []).append(place)
        held = pd.read_parquet(folder / delivery_id / "quarantine.parquet", columns=["table_id", "line", "rules"])
        for table_id, line, rules in held.itertuples(index=False):
            said.held.add((delivery_id, table_id, _number(line)))
            if rule in rules.split(" "):
                said.held_by_rule.add((delivery_id, table_id, _number(line)))
    return said


def _number(value: Any) -> int | None:  # noqa: ANN401 - a cell of a frame
    return None if pd.isna(value) else int(value)


def _text(value: Any) -> str | None:  # noqa: ANN401 - a cell of a frame
    return None if pd.isna(value) else str(value)


def _named(place: _Place) -> str:
    return place.cell or place.column or place.table_id


def _written(count: Count | None) -> str:
    return "未检查" if count is None else f"{count.failed}/{count.checked}（{count.version or '版本未记'}）"
