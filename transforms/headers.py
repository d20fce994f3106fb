"""Understand a table's header: join its rows, and match its columns to indicators by a form's synonyms.

Refuses to guess: a column that no synonym fits, that counts another span of time than the report (累计、上年、同比), or
whose unit cannot be its indicator's is left unknown and reported.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from catalog import Form, Indicator, Period
from transforms.grids import Unreadable, seen
from transforms.numbers import UNITS, unit_family

# Words that say nothing about what is counted; a leaf that is only such a word leaves the naming to its group.
_SILENT = ("", "数", "合计", "总计", "总数", "小计")
_THIS_PERIOD = re.compile(r"^(?:本月|当月|本季度|本期)")
_OTHER_PERIOD = re.compile(r"累计|本年|今年|全年|上年|去年|同期|上月|上季|上期|同比|环比|增长|增减")
# A span at the head of a name (1-6月, 2026年6月): the report's own, or another one.
_MONTHS = re.compile(r"^(?:(?P<y>20\d\d)年)?(?:(?P<from>\d{1,2})月?[-~—–至到])?(?P<to>\d{1,2})月份?(?:累计数?)?")
_COUNTED = re.compile(r"(?:数量|总数|情况|人次|人数|条数|件数|次数|个数|场次|数)$")
_UNIT = re.compile(rf"(?:单位:?)?((?:百万|千万|百|千|万|亿)?(?:{'|'.join(sorted(UNITS, key=len, reverse=True))}))")
_BRACKETED_UNIT = re.compile(rf"\({_UNIT.pattern}\)|:{_UNIT.pattern}$")
_NUMBERED = re.compile(r"^\d{1,2}[.、](?=\D)")
_TABLE_UNIT = re.compile(rf"(?<![报送填责表])单位[:(]?{_UNIT.pattern}((?:[、,;/和]{_UNIT.pattern})*)(?![一-鿿])")
_SHORTEST_BARE = 3
# 化解矛盾纠纷 and 收集意见建议 say a deed and its object; 代表建议 and 办结率 say one of the two.
_SAYS_ENOUGH = 5
_SHORTEST_SUBJECT = 4


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
    return "".join(unicodedata.normalize("NFKC", seen(text)).split()).upper()


def split_unit(header: str) -> tuple[str, str]:
    """Return a header's name and the unit that stands in brackets, or alone, in it ("" when there is none).

    >>> split_unit("接待群众 （万人次）"), split_unit("乡镇（街道）"), split_unit("（单位：条）")
    (('接待群众', '万人次'), ('乡镇(街道)', ''), ('', '条'))
    """
    # Footnote marks (①, ²) would become digits; 1. and 2、 only number the columns.
    marked = "".join(character for character in header if unicodedata.category(character) != "No")
    name = _NUMBERED.sub("", plain(marked).replace("(人/次)", "(人次)").replace("()", "").strip(":*"))
    if alone := _UNIT.fullmatch(name):
        return "", alone[1]
    if bracketed := _BRACKETED_UNIT.search(name):
        return name[: bracketed.start()] + name[bracketed.end() :], bracketed[1] or bracketed[2]
    return name, ""


def table_units(text: str) -> list[str]:
    """Return the units that a line above a table gives for the whole table; [] when it gives none.

    >>> table_units("统计期：2026年6月  单位：万人次、万元"), table_units("填报单位：户籍科")
    (['万人次', '万元'], [])
    """
    stated = _TABLE_UNIT.search(plain(text))
    return re.split("[、,;/和]", stated[0].partition("单位")[2].strip(":()")) if stated else []


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
        self._subjects = self._by_subject(form)

    def _by_subject(self, form: Form) -> dict[str, int]:
        """Give a number to each subject that is followed from whole to part and rate: 意见建议, 代表建议, 矛盾纠纷."""
        subjects: dict[str, int] = {}
        for number, rule in enumerate(form.at_most):
            subject = subjects.get(rule.whole, subjects.get(rule.part, number))
            subjects |= {rule.whole: subject, rule.part: subject}
        for code, indicator in self._indicators.items():
            if indicator.numerator in subjects:
                subjects[code] = subjects[indicator.numerator]
        return subjects

    def is_township(self, text: str) -> bool:
        """Say whether a header is the one above the townships' names."""
        return split_unit(text)[0] in self._township

    def columns(
        self, paths: Sequence[tuple[str, ...]], period: Period | None = None, units: Sequence[str] = ()
    ) -> Columns | None:
        """Say what each column is; None when no column names townships or none reports an indicator.

        `period` is the report's, if it is known: a column of other months is left unknown. `units` stand above the
        table, and hold for the columns that give none of their own.
        """
        townships: list[tuple[int, int]] = []
        figures: list[FigureColumn] = []
        unknown: list[tuple[int, str]] = []
        left: str | None = None
        for column, path in enumerate(paths):
            parts = [split_unit(label) for label in path]
            names = [name for name, _ in parts if name]
            unit = next((unit for _, unit in reversed(parts) if unit), "")
            indicator = self.indicator(names, period)
            if len(names) == 1 and names[0] in self._leaves and left is not None and left in self._subjects:
                indicator = self._after(left, names[0], unit, indicator)
            left = indicator if len(names) == 1 else None
            if not names or names[-1] in self._ignored:
                continue
            if names[-1] in self._township:
                townships.append((self._township[names[-1]], column))
            elif indicator and self._agrees(indicator, unit):
                figures.append(FigureColumn(column, indicator, unit or self._unit_of_table(indicator, units)))
            else:
                unknown.append((column, "/".join(path)))
        if not townships or not figures:
            return None
        return Columns(min(townships)[1], tuple(figures), tuple(unknown))

    def indicator(self, names: Sequence[str], period: Period | None = None) -> str | None:
        """Return the indicator that a header path (cleaned names, group before leaf) stands for; None when unsure.

        Group and leaf together go first, since 代表建议/办结 is not 意见建议/办结; then the leaf alone; then the leaf
        without words that say nothing of their own (本月…, …数), where only one indicator is left. Below the name of
        another subject only a leaf goes alone that says what was done with what, for groups are often drawn too wide:
        意见建议/化解矛盾纠纷 is read, 意见建议/代表建议 and 意见建议/办结率 are not.
        """
        if any(_counts_otherwise(name, period) for name in names):
            return None
        names = [_MONTHS.sub("", name) for name in names]
        names = [name for name in names if _THIS_PERIOD.sub("", name) not in _SILENT]
        if not names:
            return None
        *groups, leaf = (_THIS_PERIOD.sub("", name) for name in names)
        for group in reversed(groups):
            if found := self._paths.get((group, leaf)) or self._names.get(group + leaf):
                return found
        found = self._names.get(leaf) or self._bare.get(_bare(leaf))
        if found and leaf in self._leaves and not all(self._same_subject(group, found) for group in groups):
            return None  # 化解矛盾纠纷/办结: a leaf that many groups share, below the name of another indicator
        if found in self._subjects and not (leaf in self._names and len(leaf) >= _SAYS_ENOUGH):
            about = {subject for group in groups for subject in self._subjects_of(group)}
            return found if not about or self._subjects[found] in about else None
        return found

    def _after(self, left: str, leaf: str, unit: str, alone: str | None) -> str | None:
        """Return what a leaf without a group stands for right of the column of indicator `left`.

        办结 beside 代表建议 is that one's; `alone` is what it would be by itself. Where the neighbour is of another
        subject and knows no such leaf, only the column's own unit can tell that it goes by itself.
        """
        subject = self._subjects[left]
        own = {code for (_, name), code in self._paths.items() if name == leaf and self._subjects.get(code) == subject}
        if len(own - {left}) == 1:
            return (own - {left}).pop()
        if alone is None or self._subjects.get(alone, subject) == subject:
            return alone
        return alone if unit == self._indicators[alone].unit else None

    def _same_subject(self, group: str, indicator: str) -> bool:
        """Say whether a group is no indicator's name, or the name of one of the same subject."""
        named = self._names.get(group, indicator)
        return self._subjects.get(named, named) == self._subjects.get(indicator, indicator)

    def _subjects_of(self, group: str) -> set[int]:
        """Return the subjects that a group names, else those whose words it holds or is part of (矛盾纠纷)."""
        words = chain(self._names.items(), ((path[0], code) for path, code in self._paths.items()))
        known = [(word, self._subjects[code]) for word, code in words if code in self._subjects]
        named = {subject for word, subject in known if word == group}
        return named or {
            subject
            for word, subject in known
            if min(len(word), len(group)) >= _SHORTEST_SUBJECT and (word in group or group in word)
        }

    def _unit_of_table(self, indicator: str, units: Sequence[str]) -> str:
        family = unit_family(self._indicators[indicator].unit)
        fitting = {unit for unit in units if unit_family(unit) == family}
        scaled = {unit for unit in fitting if unit not in UNITS or family}
        if not scaled:
            return ""
        if len(fitting) > 1:
            raise Unreadable(
                "table_units",
                f"表头上方写的单位“{'、'.join(units)}”有几种，分不清各栏用哪一种，请在每一栏的表头里写明单位后重新报送。",
            )
        return scaled.pop()

    def _agrees(self, indicator: str, unit: str) -> bool:
        return not unit or unit_family(unit) == unit_family(self._indicators[indicator].unit)


def _counts_otherwise(name: str, period: Period | None) -> bool:
    """Say whether a name speaks of another span than the report's: 累计, 上年, 1-6月 in the report of June."""
    span = _MONTHS.match(name)
    if span is None or period is None:
        return _OTHER_PERIOD.search(name[span.end() :] if span else name) is not None
    months = int(span["from"] or span["to"]), int(span["to"])
    if months != (period.start.month, period.end.month) or int(span["y"] or period.end.year) != period.end.year:
        return True
    return _OTHER_PERIOD.search(name[span.end() :]) is not None


def _bare(name: str) -> str:
    return _COUNTED.sub("", name)
