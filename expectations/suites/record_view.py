"""The rows that the rules of an export's records are judged on: the parser's records, and what all exports derive.

Text of SQL only, over tables `record` (the parser's records) and `arrival` (their tables): when each table came and
which of the required columns it has.
"""

from __future__ import annotations

import json
import re
from collections.abc import ItemsView, Iterable, Iterator, Mapping
from string import Template

import pandas as pd

from catalog import Catalog, Column, Export
from expectations.arrival import local_arrival
from expectations.rules import Rows

NUMBERS = ("count", "amount")
# No record counts so much: an identity or phone number in the wrong column does, and would break every sum.
IMPOSSIBLE = 10_000_000
# The column that holds a number where it is one that a record can hold.
IF_POSSIBLE = "{}_if_possible"

# A day ahead: clocks of systems differ, and some write tomorrow's date at midnight.
_ROWS = Template("""
with again as ( -- one row a number that comes more than once in a delivery
    select delivery_id, $key
    from record
    where $key is not null
    group by delivery_id, $key
    having count(*) > 1
),

told as ( -- one row a record of such a number; where records of one number differ, none is a repeat
    select
        record.table_id,
        record.line,
        first_value(record.source_ref) over in_order as repeat_of,
        row_number() over in_order > 1 and $alike as is_repeat,
        not ($alike) as is_told_otherwise
    from record
    inner join again on record.delivery_id = again.delivery_id and record.$key = again.$key -- n:1
    window
        in_order as (
            partition by record.delivery_id, record.$key
            order by cast(split_part(record.table_id, '#', 2) as int), record.line
        ),
        whole as (partition by record.delivery_id, record.$key)
),

known as (
    select
        record.* exclude ($states),
        $states_as_found,
        arrival.* exclude (table_id, received_at),
        $is_broken as is_broken,
        arrival.received_at + interval 1 day as latest_moment,
        year(arrival.received_at) + 1 as latest_year,
        make_timestamp($earliest_year, 1, 1, 0, 0, 0) as earliest_moment,
        told.repeat_of,
        coalesce(told.is_told_otherwise, false) as is_told_otherwise,
        case when told.is_repeat then 'repeated' else 'ok' end as repeat_state,
        case when not coalesce(told.is_repeat, false) then record.$key end as ${key}_once
    from record
    inner join arrival on record.table_id = arrival.table_id -- n:1
    left join told on record.table_id = told.table_id and record.line = told.line -- 1:1
)

select
    known.*$derived
from known
""")


def give_arrival(export: Export, header: pd.DataFrame, rows: Rows) -> None:
    """Put table `arrival` beside the records: table_id, received_at (local), has_<name> for each required column."""
    found = refs(header)
    arrived = pd.DataFrame({"table_id": header["table_id"], "received_at": local_arrival(header).to_numpy()})
    for column in export.columns:
        if column.required:
            arrived[f"has_{column.name}"] = [column.name in found[table] for table in arrived["table_id"]]
    rows.give("arrival", arrived)


def refs(header: pd.DataFrame) -> dict[str, dict[str, str]]:
    """Return each table's columns, as the parser found them, with the template of their cells' places."""
    return {table: json.loads(refs) for table, refs in zip(header["table_id"], header["column_refs"], strict=True)}


def has_state(column: Column) -> bool:
    """Say whether the parser says of a column's values how they were read."""
    return column.required or column.type != "text"


def judged_rows(catalog: Catalog, export: Export, derived: Mapping[str, str]) -> str:
    """Return the SELECT of the rows to judge: the records, what all exports derive, and what this one does.

    A `_state` is missing where another finding already says what is wrong: in a record of which nothing could be read
    (`record_state` says that once), under a required column that the table does not have, and for townships of a county
    that is not known. `<key>_once` is the key but of records that say again what the first of their number says
    (`repeat_state`, `repeat_of`). `<date>_latest` and `<date>_previous` are the date and the last one filled of those
    before it in `date_order`.
    """
    states = [f"{column.name}_state" for column in export.stored_columns if has_state(column)]
    return _ROWS.substitute(
        key=export.key,
        states=", ".join(states),
        states_as_found=",\n        ".join(f"record.{state} as {state}_found" for state in states),
        is_broken=" and ".join(f"record.{state} = 'unreadable'" for state in states),
        earliest_year=catalog.parameters.earliest_year,
        alike=_all_alike(export),
        derived="".join(f",\n    {expression} as {name}" for name, expression in _columns(export, derived)),
    )


def read_through(
    catalog: Catalog, export: Export, derived: Mapping[str, str], columns: Iterable[str]
) -> dict[str, str]:
    """Return how the derived ones among `columns` come about, and those that they rest on: a name to its SQL."""
    told = {
        "earliest_moment": str(catalog.parameters.earliest_year),
        "repeat_state": _all_alike(export),
        **dict(_columns(export, derived)),
    }
    found: dict[str, str] = {}
    waiting = list(columns)
    while waiting:
        name = waiting.pop()
        if name in told and name not in found:
            found[name] = " ".join(told[name].split())
            waiting += re.findall(r"\w+", told[name])
    return found


def _columns(export: Export, derived: Mapping[str, str]) -> ItemsView[str, str]:
    return {**dict(_derived(export)), **derived}.items()


def _all_alike(export: Export) -> str:
    hashed = [column.name for column in export.stored_columns if column.personal == "hash"]
    return " and ".join(_alike(name) for name in ("record_hash", *hashed))


def _alike(name: str) -> str:
    """Return whether all records of a number hold the same in a column, missing values being the same too."""
    values = f"(record.{name}) over whole"
    return f"min{values} is not distinct from max{values} and count{values} in (0, count(*) over whole)"


def _derived(export: Export) -> Iterator[tuple[str, str]]:
    yield "record_state", "case when is_broken then 'unreadable' else 'ok' end"
    for column in export.stored_columns:
        if has_state(column):
            state = f"{column.name}_state"
            tests = ["not is_broken"]
            tests += [f"has_{column.name}"] if column.required else []
            tests += [f"{export.place}_state_found = 'ok'"] if column.type == "township" else []
            yield state, f"case when {' and '.join(tests)} then {state}_found end"
        if column.type in NUMBERS:
            yield IF_POSSIBLE.format(column.name), f"case when abs({column.name}) < {IMPOSSIBLE} then {column.name} end"
    for number, name in enumerate(export.date_order):
        if number:
            # A date without a time may be any hour of its day.
            day_end = f"{name} + interval 86399999999 microseconds"
            yield f"{name}_latest", f"case when {name} = date_trunc('day', {name}) then {day_end} else {name} end"
            before = ", ".join(reversed(export.date_order[:number]))
            yield f"{name}_previous", f"coalesce({before})"
