"""What somebody would write who has DuckDB, files of cases and no wish for more: the measure of our speed.

Plain SQL by hand, apart from everything in the project: csv files in, typed and without personal data; every rule
checked and every row that breaks one listed; good rows stored; figures rolled up; a copy put where readers find it.
`python -m benchmarks.bare_road LANDING FOLDER` walks the whole road and prints what it took.
"""

from __future__ import annotations

import json
import resource
import shutil
import sys
import time
from pathlib import Path

import duckdb

from benchmarks.case_files import UNITS

# The rules of the cases: name, whether it holds a row back, and the condition that breaks it.
CHECKS = (
    ("ExpectRequiredFieldFilled", True, "case_code is null"),
    ("ExpectRequiredFieldFilled", True, "county_text is null"),
    ("ExpectRequiredFieldFilled", True, "channel_text is null"),
    ("ExpectRequiredFieldFilled", True, "kind_text is null"),
    ("ExpectRequiredFieldFilled", True, "opened_text is null"),
    ("ExpectCountyToBeKnown", True, "county_text is not null and county_code is null"),
    ("ExpectCodeToBeAllowed", True, "channel_text is not null and channel is null"),
    ("ExpectCodeToBeAllowed", True, "kind_text is not null and case_kind is null"),
    ("ExpectFieldToBeReadable", True, "opened_text is not null and opened_at is null"),
    ("ExpectFieldToBeReadableIfGiven", False, "accepted_text is not null and accepted_at is null"),
    ("ExpectFieldToBeReadableIfGiven", False, "assigned_text is not null and assigned_at is null"),
    ("ExpectFieldToBeReadableIfGiven", False, "closed_text is not null and closed_at is null"),
    ("ExpectCodeToBeAllowedIfGiven", False, "grade_text is not null and grade is null"),
    ("ExpectDatesInOrder", True, "accepted_at < opened_at"),
    ("ExpectDatesInOrder", True, "assigned_at < coalesce(accepted_at, opened_at)"),
    ("ExpectDatesInOrder", True, "closed_at < coalesce(assigned_at, accepted_at, opened_at)"),
    ("ExpectDateNotInFuture", True, "opened_at > latest"),
    ("ExpectDateNotInFuture", True, "accepted_at > latest"),
    ("ExpectDateNotInFuture", True, "assigned_at > latest"),
    ("ExpectDateNotInFuture", True, "closed_at > latest"),
    ("ExpectDateNotTooEarly", False, "opened_at < timestamp '2015-01-01'"),
    ("ExpectDateNotTooEarly", False, "closed_at < timestamp '2015-01-01'"),
    ("ExpectGradedCaseToBeClosed", False, "grade is not null and closed_text is null"),
    ("ExpectClosedCaseToBeAccepted", False, "closed_at is not null and accepted_text is null"),
    ("ExpectRecordIdToBeUnique", True, "is_again"),
)

UNITS_TABLE = """
create table unit as select code, name, level, parent from read_csv('$units', all_varchar = true);
create table above as -- every unit with itself and those above it
select code, code as unit_code from unit
union all select code, parent from unit where parent is not null
union all select t.code, c.parent from unit as t join unit as c on t.parent = c.code where c.parent is not null
union all select t.code, p.parent from unit as t join unit as c on t.parent = c.code join unit as p on c.parent = p.code
where p.parent is not null
"""

READ = """
create temp table typed as
with text as (
    select *, row_number() over () as place from read_csv($files, all_varchar = true, filename = true)
),

numbered as (
    select *, place - min(place) over (partition by filename) + 2 as line from text
)

select
    filename, line, trim(工单编号) as case_code, trim(站点编码) as station_code, 所属县区 as county_text,
    unit.code as county_code, 渠道 as channel_text,
    case when 渠道 in ('扫码', '来站', '走访', '12345', '网上', '其他') then 渠道 end as channel, 类别 as category,
    类型 as kind_text, case when 类型 in ('意见建议', '矛盾纠纷', '实际问题') then 类型 end as case_kind,
    提交时间 as opened_text, try_cast(提交时间 as timestamp) as opened_at,
    接单时间 as accepted_text, try_cast(接单时间 as timestamp) as accepted_at,
    交办时间 as assigned_text, try_cast(交办时间 as timestamp) as assigned_at,
    办结时间 as closed_text, try_cast(办结时间 as timestamp) as closed_at,
    评价 as grade_text, case when 评价 in ('满意', '基本满意', '不满意') then 评价 end as grade, 承办单位 as department,
    sha256(concat_ws('|', 工单编号, 站点编码, 所属县区, 渠道, 类别, 类型, 提交时间, 接单时间, 交办时间, 办结时间, 评价,
        承办单位)) as record_hash
from numbered left join unit on numbered.所属县区 = unit.code and unit.level = 'county'
"""

FLAGGED = """
create temp table flagged as
select *, case_code in (select case_code from typed group by case_code having count(*) > 1) as is_again,
    now()::timestamp + interval 32 hours as latest
from typed
"""

_LOAD = """
create table case_record as
select * exclude (county_text, channel_text, kind_text, opened_text, accepted_text, assigned_text, closed_text,
    grade_text, is_again, latest)
from flagged
where (filename, line) not in (select filename, line from failing where is_critical);
create table station as select * from read_csv($stations, all_varchar = true)
"""

# Figures by unit and month, then by quarter and year; the funnel with its medians from the cases themselves.
_ROLL_UP = """
create temp table placed as
select r.*, coalesce(s.所属乡镇, r.county_code) as place_code
from case_record as r
left join station as s on r.station_code = s.站点编码 and r.county_code = s.所属县区;
create temp table counted as
select place_code, strftime(opened_at, '%Y-%m') as month, 'opinions_collected' as indicator, count(*) as value
from placed where case_kind = '意见建议' group by all
union all select place_code, strftime(closed_at, '%Y-%m'), 'opinions_resolved', count(*)
from placed where case_kind = '意见建议' and closed_at is not null group by all
union all select place_code, strftime(opened_at, '%Y-%m'), 'disputes_mediated', count(*)
from placed where case_kind = '矛盾纠纷' group by all
union all select place_code, strftime(closed_at, '%Y-%m'), 'problems_solved', count(*)
from placed where case_kind = '实际问题' and closed_at is not null group by all;
create table figure as
with month_figure as (
    select above.unit_code, indicator, month as period, sum(value) as value
    from counted join above on counted.place_code = above.code group by all
)
select * from month_figure
union all
select unit_code, indicator, left(period, 4) || '-Q' || ((right(period, 2)::int + 2) // 3), sum(value)
from month_figure group by all
union all select unit_code, indicator, left(period, 4), sum(value) from month_figure group by all;
create table funnel as
select above.unit_code, strftime(opened_at, '%Y-%m') as period, count(*) as opened, count(accepted_at) as accepted,
    count(assigned_at) as assigned, count(closed_at) as closed, count(grade) as graded,
    median(date_diff('second', opened_at, accepted_at) / 86400.0) as median_days_accept,
    quantile_cont(date_diff('second', opened_at, accepted_at) / 86400.0, 0.9) as p90_days_accept,
    median(date_diff('second', accepted_at, assigned_at) / 86400.0) as median_days_assign,
    quantile_cont(date_diff('second', accepted_at, assigned_at) / 86400.0, 0.9) as p90_days_assign,
    median(date_diff('second', assigned_at, closed_at) / 86400.0) as median_days_handle,
    quantile_cont(date_diff('second', assigned_at, closed_at) / 86400.0, 0.9) as p90_days_handle,
    median(date_diff('second', opened_at, closed_at) / 86400.0) as median_days_total,
    quantile_cont(date_diff('second', opened_at, closed_at) / 86400.0, 0.9) as p90_days_total
from placed join above on placed.place_code = above.code group by all
"""


def failing(source: str) -> str:
    """Return the SELECT that lists each row of `source` that breaks a rule, once a rule."""
    parts = [
        f"select filename, line, '{rule}' as rule, {critical} as is_critical from {source} where {condition}"
        for rule, critical, condition in CHECKS
    ]
    return " union all ".join(parts)


def walk(landing: Path, folder: Path) -> dict[str, object]:
    """Walk the road once; return seconds by stage and the peak memory in MB."""
    seconds: dict[str, float] = {}
    cases = ", ".join(f"'{path}'" for path in sorted(landing.glob("群众工单_*.csv")))
    file = folder / "bare.duckdb"
    con = duckdb.connect(str(file))
    stages = {
        "parse": [UNITS_TABLE.replace("$units", str(UNITS)), READ.replace("$files", f"[{cases}]")],
        "validate": [FLAGGED, f"create table failing as {failing('flagged')}"],
        "load": [_LOAD.replace("$stations", f"'{landing / '联络站台账.csv'}'")],
        "roll_up": [_ROLL_UP],
    }
    for stage, statements in stages.items():
        started = time.perf_counter()
        for statement in statements:
            con.execute(statement)
        seconds[stage] = time.perf_counter() - started
    started = time.perf_counter()
    con.close()
    shutil.copyfile(file, folder / "release.duckdb")
    seconds["publish"] = time.perf_counter() - started
    return {"seconds": seconds, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


if __name__ == "__main__":
    print(json.dumps(walk(Path(sys.argv[1]), Path(sys.argv[2]))))
