"""Understand a table's header: join its rows, and match its columns to indicators by a form's synonyms.

Refuses to guess: a column that no synonym fits, that counts another span of time than the report (累计、上年、同比), or
whose unit cannot be its indicator's is left unknown and reported.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalog import Form, Indicator
from transforms.numbers import UNITS, unit_family

# Words that say nothing about what is counted; a leaf that is only such a word leaves the naming to its group.
_SILENT = ("", "数", "合计", "总计", "总数", "小计")
_THIS_PERIOD = re.compile(r"^(?:本月|当月|本季度|本期)")
_OTHER_PERIOD = re.compile(r"累计|本年|今年|全年|上年|去年|同期|上月|上季|上期|同比|环比|增长|增减")
_COUNTED = re.compile(r"(?:数量|总数|情况|人次|人数|条数|件数|次数|个数|场次|数)$")
_UNIT = re.compile(rf"(?:单位:?)?((?:百万|千万|百|千|万|亿)?(?:{'|'.join(sorted(UNITS, key=len, reverse=True))}))")
_BRACKETED_UNIT = re.compile(rf"\({_UNIT.pattern}\)")
_SHORTEST_BARE = 3


@dataclass(frozen=True)
class FigureColumn:
    """A column that reports an indicator; `unit` is the one its header gives ("" when it gives none)."""

    column: int
    indicator: str
    unit: str


@dataclass(frozen=True)
class Columns:
    """What the columns of a table are. `unknown` holds the columns that no synonym fits, with their headers."""

    township: int
    figures: tuple[FigureColumn, ...]
    unknown: tuple[tuple[int, str], ...]


def plain(text: str) -> str:
    """Return a text as headers and labels are compared: half-width, without blanks, in upper case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def split_unit(header: str) -> tuple[str, str]:
    """Return a header's name and the unit that stands in brackets, or alone, in it ("" when there is none).

    >>> split_unit("接待群众 （万人次）"), split_unit("乡镇（街道）"), split_unit("（单位：条）")
    (('接待群众', '万人次'), ('乡镇(街道)', ''), ('', '条'))
    """
    name = plain(header).replace("(人/次)", "(人次)").strip(":*")
    if alone := _UNIT.fullmatch(name):
        return "", alone[1]
    if bracketed := _BRACKETED_UNIT.search(name):
        return name[: bracketed.start()] + name[bracketed.end() :], bracketed[1]
    return name, ""


def join_header_rows(rows: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Join the header rows of a table into one path a column, group before leaf.

    A blank to the right of a group's label continues the group as long as a leaf stands below the blank, which is what
    is left of a merged cell in formats that do not tell. A label repeated straight below itself is one label.

    >>> join_header_rows([["乡镇", "意见建议", "", "备注"], ["", "收集", "办结", ""]])
    [('乡镇',), ('意见建议', '收集'), ('意见建议', '办结'), ('备注',)]
    """
    width = max(map(len, rows), default=0)
    labels = [[*row, *[""] * (width - len(row))] for row in rows]
    for level in range(len(labels) - 1):
        for column in range(1, width):
            if not labels[level][column] and _continues_group(labels, level, column):
                labels[level][column] = labels[level][column - 1]
    paths = []
    for column in range(width):
        path: list[str] = []
        for row in labels:
            if row[column] and row[column] not in path[-1:]:
                path.append(row[column])
        paths.append(tuple(path))
    return paths


def _continues_group(labels: Sequence[Sequence[str]], level: int, column: int) -> bool:
    """Say whether the blank at `level`, `column` belongs to the group on its left: both have a leaf, and one parent."""
    label = labels[level][column - 1]
    below_left = [row[column - 1] for row in labels[level + 1 :]]
    return (
        bool(label)
        and any(leaf and leaf != label for leaf in below_left)
        and any(row[column] for row in labels[level + 1 :])
        and all(row[column - 1] == row[column] for row in labels[:level])
    )


class Vocabulary:
    """The words of one form, ready to be looked up."""

    def __init__(self, form: Form, indicators: Mapping[str, Indicator]) -> None:
        """Index the form's synonyms; `indicators` gives the unit that a column's unit must agree with."""
        self._indicators = indicators
        self._township = {plain(word): rank for rank, word in enumerate(form.township_headers)}
        self._ignored = {plain(word) for word in (*form.serial_headers, *form.ignored_headers)}
        self._paths: dict[tuple[str, str], str] = {}
        self._names: dict[str, str] = {}
        bare: dict[str, set[str]] = {}
        for figure in form.figures:
            for header in figure.headers:
                group, _, leaf = split_unit(header)[0].rpartition("/")
                if group:
                    self._paths[group, leaf] = figure.indicator
                else:
                    self._names[leaf] = figure.indicator
                    bare.setdefault(_bare(leaf), set()).add(figure.indicator)
        self._bare = {
            name: next(iter(found)) for name, found in bare.items() if len(found) == 1 and len(name) >= _SHORTEST_BARE
        }
        self._leaves = {leaf for _, leaf in self._paths}

    def is_township(self, text: str) -> bool:
        """Say whether a header is the one above the townships' names."""
        return split_unit(text)[0] in self._township

    def columns(self, paths: Sequence[tuple[str, ...]]) -> Columns | None:
        """Say what each column is; None when no column names townships or none reports an indicator."""
        townships: list[tuple[int, int]] = []
        figures: list[FigureColumn] = []
        unknown: list[tuple[int, str]] = []
        for column, path in enumerate(paths):
            parts = [split_unit(label) for label in path]
            names = [name for name, _ in parts if name]
            unit = next((unit for _, unit in reversed(parts) if unit), "")
            if not names or names[-1] in self._ignored:
                continue
            if names[-1] in self._township:
                townships.append((self._township[names[-1]], column))
            elif (indicator := self.indicator(names)) and self._agrees(indicator, unit):
                figures.append(FigureColumn(column, indicator, unit))
            else:
                unknown.append((column, "/".join(path)))
        if not townships or not figures:
            return None
        return Columns(min(townships)[1], tuple(figures), tuple(unknown))

    def indicator(self, names: Sequence[str]) -> str | None:
        """Return the indicator that a header path (cleaned names, group before leaf) stands for; None when unsure.

        Group and leaf together go first, since 代表建议/办结 is not 意见建议/办结; then the leaf alone; then the leaf
        without words that say nothing of their own (本月…, …数), where only one indicator is left.
        """
        if any(_OTHER_PERIOD.search(name) for name in names):
            return None
        names = [name for name in names if _THIS_PERIOD.sub("", name) not in _SILENT]
        if not names:
            return None
        *groups, leaf = (_THIS_PERIOD.sub("", name) for name in names)
        for group in reversed(groups):
            if found := self._paths.get((group, leaf)) or self._names.get(group + leaf):
                return found
        found = self._names.get(leaf) or self._bare.get(_bare(leaf))
        if found and leaf in self._leaves and any(self._names.get(group, found) != found for group in groups):
            return None  # 化解矛盾纠纷/办结: a leaf that many groups share, below the name of another indicator
        return found

    def _agrees(self, indicator: str, unit: str) -> bool:
        return not unit or unit_family(unit) == unit_family(self._indicators[indicator].unit)


def _bare(name: str) -> str:
    return _COUNTED.sub("", name)
