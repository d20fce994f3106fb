"""A run says which marts it made anew, and leaves alone what nothing new reaches."""

import json
import shutil

import duckdb

from .conftest import LANDING, daibiao

NANMING = "贵阳市南明区2026年{}月活动情况统计表.csv"


def test_a_run_says_what_it_made_anew(tmp_path):
    landing = tmp_path / "landing"
    landing.mkdir()

    def walk(*, as_json=True):
        done = daibiao("run", "--landing", landing, *["--json"] * as_json, home=tmp_path / "home", check=0)
        return json.loads(done.stdout)["rolled_up"] if as_json else done.stdout

    shutil.copy(LANDING / "南明区" / NANMING.format(5), landing)
    first = walk()
    assert "mart.county_month" in first["whole"]
    assert (first["along_the_path"], first["left_alone"]) == ({}, [])

    shutil.copy(LANDING / "南明区" / NANMING.format(6), landing)
    second = walk()
    june = second["along_the_path"]["mart.province_month"]
    assert (june["units"], june["periods"]) == (["520000"], ["2026-06"])
    assert "mart.visit_month" in second["left_alone"]

    assert "汇总：数据没有变动，各表未动。" in walk(as_json=False)
    with duckdb.connect(str(tmp_path / "home" / "warehouse.duckdb"), read_only=True) as con:
        assert con.execute("select count(*) from ops.touched").fetchone() == (0,)
