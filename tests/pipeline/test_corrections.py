"""A declared correction on the whole road: applied, told, stale once the county has mended its form, expired."""

import json
import os
from datetime import UTC, datetime

import pytest
import yaml
from typer.testing import CliRunner

import catalog
from catalog.load import FOLDER, load
from pipeline import steps
from pipeline.cli import app
from pipeline.run import rebuild, run
from pipeline.settings import Settings

FORM = """南明区“高质量发展，代表在行动”活动情况统计表,,
填报单位：南明区人大常委会,,
统计期：2026年6月,,
填报时间：2026年7月{day}日,,
序号,街道（乡镇）,代表进站（人次）
1,新华路街道,{visits}
2,西湖路街道,61
"""
CORRECTION = """
- id: xinhua_visits
  unit: "520102016"
  indicator: station_visits
  period: 2026-06
  from: 680
  to: 68
  reason: 多录入一个零
  who: 南明区人大办
  declared_on: 2026-07-05
  expires: {expires}
"""
EXPLANATION = """
- id: nanming_visits
  unit: "520102"
  indicator: station_visits
  period: 2026-06
  text: 只有两个街道开展
  who: 南明区人大办
  said_on: 2026-07-05
  expires: {expires}
"""
STALE = (
    "更正 xinhua_visits：新华路街道 代表进站履职人次 2026-06 的来源已改，现为 68（修改稿.csv line 6 col 3），不是 680，"
    "未更正：请从 catalog/corrections.yml 删除此条。"
)


class Desk:
    """A home with a catalog of its own, in which entries are declared and forms are delivered on a day of July 2026."""

    def __init__(self, folder, monkeypatch):
        self.folder, self.monkeypatch = folder, monkeypatch
        self.home = folder / "home"
        (self.home / "landing").mkdir(parents=True)
        self.settings = Settings.read(home=self.home, environment={"DAIBIAO_SETTLE_SECONDS": "0"})
        monkeypatch.setenv("DAIBIAO_SETTLE_SECONDS", "0")

    def declare(self, corrections="[]", explanations="[]"):
        """Give the program a catalog in which just these entries are declared."""
        made = self.folder / f"catalog{len(list(self.folder.iterdir()))}"
        made.mkdir()
        for path in FOLDER.iterdir():
            if path.name not in ("corrections.yml", "explanations.yml"):
                (made / path.name).symlink_to(path)
        (made / "corrections.yml").write_text(corrections, encoding="utf-8")
        (made / "explanations.yml").write_text(explanations, encoding="utf-8")
        facts = load(made)
        self.monkeypatch.setattr(catalog, "load", lambda: facts)

    def deliver(self, name, day, visits):
        path = self.home / "landing" / name
        path.write_text(FORM.format(day=day, visits=visits), encoding="utf-8")
        moment = self.noon(day).timestamp()
        os.utime(path, (moment, moment))

    @staticmethod
    def noon(day):
        return datetime(2026, 7, day, 4, 0, tzinfo=UTC)

    def call(self, *arguments):
        return CliRunner().invoke(app, [*arguments, "--home", str(self.home)])

    def visits(self):
        """Return the county's and the province's figure in the newest release."""
        sql = "select value from mart.{}_month where indicator_code = 'station_visits' and period = '2026-06'"
        answers = [self.call("query", sql.format(level), "--json") for level in ("county", "province")]
        return [row["value"] for answer in answers for row in json.loads(answer.stdout)]


@pytest.fixture
def desk(tmp_path, monkeypatch):
    return Desk(tmp_path, monkeypatch)


def test_a_correction_changes_every_figure_above_it_until_the_county_mends_its_form(desk):
    desk.declare(CORRECTION.format(expires="2026-12-31"), EXPLANATION.format(expires="2026-12-31"))
    desk.deliver("统计表.csv", 2, 680)
    first = run(desk.settings, desk.noon(5))
    assert (first.corrections, desk.visits()) == ([], [129, 129])
    told = desk.call("explain", "mart.province_month", "station_visits", "2026-06").stdout
    assert "原报 680，更正为 68：多录入一个零（南明区人大办，至 2026-12-31） ← 统计表.csv" in told
    assert "说明：只有两个街道开展（南明区人大办，至 2026-12-31）" in told
    desk.call("run")  # by now the other counties are overdue, and that is news
    again = desk.call("run", "--json")
    assert (again.exit_code, json.loads(again.stdout)["release"], again.stderr) == (0, None, "")

    desk.deliver("修改稿.csv", 8, 68)
    mended = desk.call("run", "--json")
    assert (mended.exit_code, mended.stderr.strip()) == (1, STALE)
    account = json.loads(mended.stdout)
    assert account["release"]
    assert account["corrections"] == [
        {
            "correction": "xinhua_visits",
            "state": "stale",
            "file": "修改稿.csv",
            "cell": "line 6 col 3",
            "message": STALE,
        }
    ]
    assert desk.visits() == [129, 129]
    assert "原报" not in desk.call("explain", "mart.province_month", "station_visits", "2026-06").stdout
    for command in ("run", "rebuild"):  # until somebody deletes the entry
        told = desk.call(command)
        assert (told.exit_code, told.stderr.strip()) == (1, STALE)

    desk.declare()
    assert desk.call("run").exit_code == 0
    assert desk.visits() == [129, 129]


def test_an_expired_correction_gives_the_form_its_word_back_when_the_newest_file_is_later(desk):
    desk.declare(CORRECTION.format(expires="2026-07-10"))
    desk.deliver("统计表.csv", 2, 680)
    assert run(desk.settings, desk.noon(31)).corrections == []  # nothing is known of any day after the 2nd
    assert desk.visits() == [129, 129]
    (desk.home / "landing" / "别的.csv").write_text("不是报表", encoding="utf-8")
    moment = desk.noon(11).timestamp()
    os.utime(desk.home / "landing" / "别的.csv", (moment, moment))
    (expired,) = run(desk.settings, desk.noon(31)).corrections
    assert expired["state"] == "expired"
    assert "已于 2026-07-10 到期" in expired["message"]
    assert desk.visits() == [741, 741]
    (rebuilt,) = rebuild(desk.settings, datetime(2031, 1, 1, tzinfo=UTC)).corrections
    assert (rebuilt, desk.visits()) == (expired, [741, 741])


def test_explanations_change_no_figure_and_expire_without_a_word(desk):
    desk.declare(explanations=EXPLANATION.format(expires="2026-07-07"))
    desk.deliver("统计表.csv", 2, 680)
    run(desk.settings, desk.noon(5))
    assert desk.visits() == [741, 741]
    desk.deliver("修改稿.csv", 8, 68)
    assert desk.call("run").exit_code == 0
    said = desk.call("query", "select explanation_id, is_in_force from mart.explanation", "--json")
    assert json.loads(said.stdout) == [{"explanation_id": "nanming_visits", "is_in_force": False}]
    assert "说明" not in desk.call("explain", "mart.county_month", "520102", "station_visits", "2026-06").stdout


def test_before_the_first_release_no_correction_has_failed(desk):
    assert steps.failed_corrections(desk.settings) == []


def test_the_shape_shown_in_the_files_is_the_one_that_is_read(desk):
    """The examples in the comments of the two files load as they stand."""
    shown = {}
    for name in ("corrections", "explanations"):
        text = (FOLDER / f"{name}.yml").read_text(encoding="utf-8")
        shown[name] = "\n".join(line[2:] for line in text.splitlines() if line.startswith(("# - ", "#   ")))
        assert len(yaml.safe_load(shown[name])) == 1
    desk.declare(**shown)
    assert (len(catalog.load().corrections), len(catalog.load().explanations)) == (1, 1)
