"""The road as it is usually walked: pandas reads, Great Expectations judges every row, groupby rolls up.

`python -m benchmarks.pandas_road LANDING FOLDER` walks it and prints what it took. The rules are those of
`benchmarks.bare_road`, as expectations over columns that pandas derives.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.case_files import CHANNELS, GRADES, KINDS, UNITS

_TIMES = {"提交时间": "opened_at", "接单时间": "accepted_at", "交办时间": "assigned_at", "办结时间": "closed_at"}
_KEPT = {
    "工单编号": "case_code",
    "站点编码": "station_code",
    "所属县区": "county_code",
    "渠道": "channel",
    "类型": "case_kind",
    "评价": "grade",
}
_LISTED = {"channel": CHANNELS, "case_kind": KINDS, "grade": GRADES}
_REQUIRED = ("case_code", "county_code", "channel", "case_kind", "opened_at")
STEPS = ("opened_at", "accepted_at", "assigned_at", "closed_at")


def read(landing: Path) -> pd.DataFrame:
    """Return the cases, typed, without personal data; `<name>_text` says whether anything was written."""
    parts = []
    for path in sorted(landing.glob("群众工单_*.csv")):
        part = pd.read_csv(path, dtype="str", usecols=[*_KEPT, *_TIMES, "类别", "承办单位"], keep_default_na=False)
        parts.append(part.assign(filename=path.name, line=np.arange(2, len(part) + 2)))
    cases = pd.concat(parts, ignore_index=True).rename(columns=_KEPT)
    for written, name in _TIMES.items():
        cases[f"{name}_text"] = cases[written] != ""
        cases[name] = pd.to_datetime(cases.pop(written), format="%Y-%m-%d %H:%M:%S", errors="coerce")
    for name in ("case_code", *_LISTED, "county_code"):
        cases[f"{name}_text"] = cases[name] != ""
    counties = set(pd.read_csv(UNITS, dtype="str").query("level == 'county'")["code"])
    cases["county_code"] = cases["county_code"].where(cases["county_code"].isin(counties))
    for name, values in _LISTED.items():
        cases[name] = cases[name].where(cases[name].isin(values))
    return cases


def rules() -> list[tuple[str, str, dict[str, object]]]:
    """List rule, Great Expectations class and arguments."""
    states = [*_REQUIRED, "accepted_at", "assigned_at", "closed_at", "grade"]
    listed = [("blank", f"{name}_state", ["blank"]) for name in _REQUIRED]
    listed += [("unread", f"{name}_state", ["unread"]) for name in states]
    listed += [("ungraded", "closed_if_graded", ["blank"]), ("unaccepted", "accepted_if_closed", ["blank"])]
    found: list[tuple[str, str, dict[str, object]]] = [
        (rule, "ExpectColumnValuesToNotBeInSet", {"column": column, "value_set": values})
        for rule, column, values in listed
    ]
    pairs = [("order", name, f"{name}_previous") for name in STEPS[1:]]
    pairs += [("future", "latest", name) for name in STEPS]
    pairs += [("early", name, "earliest") for name in ("opened_at", "closed_at")]
    skip = {"or_equal": True, "ignore_row_if": "either_value_is_missing"}
    found += [
        (rule, "ExpectColumnPairValuesAToBeGreaterThanB", {"column_A": a, "column_B": b, **skip})
        for rule, a, b in pairs
    ]
    found.append(("again", "ExpectColumnValuesToBeUnique", {"column": "case_code_filled"}))
    return found


def derive(cases: pd.DataFrame) -> pd.DataFrame:
    """Add the columns that the rules read."""
    added: dict[str, object] = {}
    for name in (*_REQUIRED, "accepted_at", "assigned_at", "closed_at", "grade"):
        read_in = cases[name].notna() & cases[f"{name}_text"]
        added[f"{name}_state"] = np.select([read_in, ~cases[f"{name}_text"]], ["ok", "blank"], "unread")
    frame = cases.assign(**added)
    frame["closed_if_graded"] = frame["closed_at_state"].where(frame["grade"].notna())
    frame["accepted_if_closed"] = frame["accepted_at_state"].where(frame["closed_at"].notna())
    previous = frame["opened_at"]
    for name in STEPS[1:]:
        frame[f"{name}_previous"] = previous
        previous = frame[name].fillna(previous)
    frame["latest"] = pd.Timestamp.now() + pd.Timedelta(hours=32)
    frame["earliest"] = pd.Timestamp("2015-01-01")
    frame["case_code_filled"] = frame["case_code"].where(frame["case_code"] != "")
    return frame


def judge(frame: pd.DataFrame) -> list[tuple[str, np.ndarray]]:
    """Return each rule's failing rows."""
    import great_expectations as gx
    import great_expectations.expectations as gxe

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    batch = context.data_sources.pandas_default.read_dataframe(frame)
    suite = gx.ExpectationSuite(
        name="cases",
        expectations=[getattr(gxe, kind)(**given, meta={"n": n}) for n, (_, kind, given) in enumerate(rules())],
    )
    wanted = {"result_format": "COMPLETE", "return_unexpected_index_query": False}
    results = batch.validate(suite, result_format=wanted).results
    by_number = {result.expectation_config.meta["n"]: result.result["unexpected_index_list"] for result in results}
    return [(rule, np.asarray(by_number[n] or [], dtype=int)) for n, (rule, _, _) in enumerate(rules())]


def roll_up(cases: pd.DataFrame, landing: Path) -> pd.DataFrame:
    """Return figures by unit, indicator and month, quarter and year; and take the funnel's medians."""
    stations = pd.read_csv(landing / "联络站台账.csv", dtype="str")
    units = pd.read_csv(UNITS, dtype="str").set_index("code")["parent"]
    placed = cases.merge(
        stations[["站点编码", "所属县区", "所属乡镇"]],
        left_on=["station_code", "county_code"],
        right_on=["站点编码", "所属县区"],
        how="left",
    )
    place = placed["所属乡镇"].fillna(placed["county_code"])
    figures = []
    counted = {
        "opinions_collected": ("意见建议", "opened_at"),
        "opinions_resolved": ("意见建议", "closed_at"),
        "disputes_mediated": ("矛盾纠纷", "opened_at"),
        "problems_solved": ("实际问题", "closed_at"),
    }
    while place.notna().any():
        for indicator, (kind, moment) in counted.items():
            chosen = placed["case_kind"].eq(kind) & placed[moment].notna()
            day = placed.loc[chosen, moment].dt
            year = day.year.astype("str")
            for period in (day.strftime("%Y-%m"), year + "-Q" + day.quarter.astype("str"), year):
                counts = placed[chosen].groupby([place[chosen], period]).size()
                figures += [(unit, indicator, label, n) for (unit, label), n in counts.items()]
        days = pd.DataFrame({"unit": place, "month": placed["opened_at"].dt.to_period("M")})
        for step, (begin, end) in enumerate(zip((*STEPS, "opened_at"), (*STEPS[1:], "closed_at"), strict=False)):
            days[f"days_{step}"] = (placed[end] - placed[begin]).dt.total_seconds() / 86400
        days.groupby(["unit", "month"]).quantile([0.5, 0.9])
        place = place.map(units)
    return pd.DataFrame(figures, columns=["unit_code", "indicator", "period", "value"])


def walk(landing: Path, folder: Path) -> dict[str, object]:
    """Walk the road once; return seconds by stage and the peak memory in MB."""
    seconds: dict[str, float] = {}
    started = time.perf_counter()
    cases = read(landing)
    seconds["parse"] = time.perf_counter() - started
    started = time.perf_counter()
    frame = derive(cases)
    found = judge(frame)
    seconds["validate"] = time.perf_counter() - started
    harmless = {"unaccepted", "ungraded", "early"}
    held = {n for (rule, _, given), (_, rows) in zip(rules(), found, strict=True) for n in rows.tolist()
            if rule not in harmless and not (rule == "unread" and given["column"] in _OPTIONAL)}  # fmt: skip
    started = time.perf_counter()
    figures = roll_up(cases.drop(index=sorted(held)), landing)
    seconds["roll_up"] = time.perf_counter() - started
    figures.to_parquet(folder / "figures.parquet", index=False)
    failing = [(cases.at[n, "filename"], int(cases.at[n, "line"])) for _, rows in found for n in rows.tolist()]
    (folder / "failing.json").write_text(json.dumps(sorted(failing)), encoding="utf-8")
    return {"seconds": seconds, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


_OPTIONAL = {f"{name}_state" for name in ("accepted_at", "assigned_at", "closed_at", "grade")}

if __name__ == "__main__":
    print(json.dumps(walk(Path(sys.argv[1]), Path(sys.argv[2]))))
