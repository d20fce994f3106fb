"""Cases (群众工单) of any number as csv files, a fault in every five-hundredth, and the registry of their stations.

Invented, personal columns included; written column by column, the same every time.
"""

from __future__ import annotations

import csv
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

UNITS = Path(__file__).parents[1] / "catalog/org/divisions.csv"
MONTHS = 6
CHANNELS = ("扫码", "来站", "走访", "12345", "网上", "其他")
CATEGORIES = ("道路交通", "教育", "环境保护", "农业农村", "医疗卫生", "社会保障", "住房", "水利")
KINDS = ("意见建议", "矛盾纠纷", "实际问题")
GRADES = ("满意", "基本满意", "不满意")
_STATIONS_PER_COUNTY = 20
_FAULTY = 500


def write_cases(folder: Path, number: int) -> None:
    """Write `number` cases in one file a month, and stations.csv, into `folder`."""
    with UNITS.open(encoding="utf-8", newline="") as lines:
        units = list(csv.DictReader(lines))
    counties = [unit["code"] for unit in units if unit["level"] == "county"]
    townships = {code: [u["code"] for u in units if u["parent"] == code] for code in counties}
    _write_stations(folder / "联络站台账.csv", townships)
    edges = np.linspace(0, number, MONTHS + 1).astype(int)
    for month, (begin, end) in enumerate(pairwise(edges), 1):
        table = _cases(np.random.default_rng(month), month, np.arange(begin, end), np.array(counties))
        arrow_csv.write_csv(table, folder / f"群众工单_2026{month:02d}.csv")


def _write_stations(path: Path, townships: dict[str, list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(["站点编码", "站点名称", "站点类型", "所属县区", "所属乡镇", "建成日期"])
        for county, own in townships.items():
            for n in range(_STATIONS_PER_COUNTY):
                township = own[n % len(own)]
                writer.writerow([f"Z{county}{n:02d}", f"{n + 1}号联络站", "联络站", county, township, "2020-05-01"])


def _cases(rng: np.random.Generator, month: int, serial: np.ndarray, counties: np.ndarray) -> pa.Table:
    size = len(serial)
    county = counties[rng.integers(0, len(counties), size)]
    station = np.char.add(np.char.add("Z", county), np.char.zfill(rng.integers(0, 20, size).astype(str), 2))
    days = (np.datetime64(f"2026-{month:02d}") + 1).astype("datetime64[D]") - np.datetime64(f"2026-{month:02d}-01")
    opened = np.datetime64(f"2026-{month:02d}-01T08:00:00") + rng.integers(0, days.astype(int) * 86400 - 30000, size)
    accepted = _later(rng, opened, 2, 0.95)
    assigned = _later(rng, accepted, 3, 0.95)
    closed = _later(rng, assigned, 40, 0.9)
    grade = np.where(np.isnat(closed), "", np.array(GRADES)[rng.integers(0, 3, size)])
    columns = {
        "工单编号": np.char.add("GD", np.char.zfill(serial.astype(str), 9)),
        "站点编码": station,
        "所属县区": county,
        "渠道": np.array(CHANNELS)[rng.integers(0, len(CHANNELS), size)],
        "类别": np.array(CATEGORIES)[rng.integers(0, len(CATEGORIES), size)],
        "类型": np.array(KINDS)[rng.choice(3, size, p=(0.6, 0.15, 0.25))],
        "群众姓名": np.full(size, "甄示壹"),
        "联系电话": np.char.add("1990000", np.char.zfill((serial % 10_000).astype(str), 4)),
        "身份证号": np.char.add("522301190002200", np.char.zfill((serial % 1000).astype(str), 3)),
        "诉求内容": np.char.add(np.char.add("反映第", serial.astype(str)), "件事，望早日办理。"),
        "提交时间": _written(opened),
        "接单时间": _written(accepted),
        "交办时间": _written(assigned),
        "办结时间": _written(closed),
        "评价": grade,
        "承办单位": np.full(size, "交通运输局"),
    }
    return pa.table({name: pa.array(values.tolist()) for name, values in _spoilt(columns).items()})


def _later(rng: np.random.Generator, moment: np.ndarray, days: int, share: float) -> np.ndarray:
    later = moment + rng.integers(60, days * 86400, len(moment)).astype("timedelta64[s]")
    return np.where(rng.random(len(moment)) < share, later, np.datetime64("NaT"))


def _written(moments: np.ndarray) -> np.ndarray:
    return np.where(np.isnat(moments), "", np.char.replace(moments.astype("datetime64[s]").astype(str), "T", " "))


def _spoilt(columns: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Break a rule in every `_FAULTY`-th record, one after the other of ten kinds."""
    wrong = (
        ("工单编号", ""), ("所属县区", "999999"), ("渠道", "托梦"), ("类型", ""), ("提交时间", "昨天"),
        ("接单时间", "2014-03-01 09:00:00"), ("办结时间", "2014-12-31 09:00:00"), ("评价", "尚可"),
        ("提交时间", "2099-01-01 09:00:00"), ("接单时间", ""),
    )  # fmt: skip
    spoilt = {name: values.astype(object) for name, values in columns.items()}
    for kind, (name, text) in enumerate(wrong):
        spoilt[name][kind * _FAULTY // 2 :: _FAULTY * len(wrong)] = text
    return spoilt
