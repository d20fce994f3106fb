"""The quality report tells what the release holds, the same every time, and nothing in a file becomes markup."""

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from lxml import html

import catalog
from serving import quality_facts, quality_figures, quality_incidents
from serving.quality_facts import Month
from serving.quality_page import KEEP, bars, draw, rate_lines, write_quality_page
from transforms.rollup_sql import statements, views_of
from warehouse.duck import open_writer
from warehouse.query import query
from warehouse.release import MANIFEST, Published
from warehouse.rollup import roll_up

from .conftest import Maker

XINGYI, XINGREN, QIANXI = "522301", "522302", "520581"
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> =cmd|' /C calc'!A0 javascript:alert(3)"
PUBLISHED = datetime(2026, 7, 20, 16, 30, tzinfo=UTC)  # half past midnight of the 21st in Guizhou
RELEASE_ID = "20260720T163000Z-0123abcd"
_FINDING = """
insert into dq.finding (
    finding_id, delivery_id, file, table_id, line, cell, suite, rule, severity, scope, column_name, message
)
values ($id, $delivery, $delivery || '.xlsx', $delivery, 5, $cell, $suite, $rule, $severity, 'row', null, $message)
"""
_VERDICT = (
    "insert into dq.verdict by name select $d delivery_id, $s suite, $r rule, 'critical' severity, 40 checked, 2 failed"
)
_WAIVED = """
insert into ref.duty_exception
select 'x' exception_id, duty, $org, '2026-06', true as is_waived, null, '办公室', '换届', '2026-12-31'
from ref.duty where org_code = $org
"""
_EVENT = """
insert into dq.incident_event (
    incident_id, sequence, happened_at, kind, state, root_cause, cause, org_code, period, file, is_must_fix, n_findings,
    members, title, due_on, owner, actor, note
)
values (
    $id, $sequence, $at, if($state = 'open', 'opened', $state), $state, $id, $cause,
    $org, '2026-06', $file, $must, $n, $members, $title, $due, $owner,
    'daibiao', $note
)
"""


def finding(maker, name, delivery, rule="ExpectFigureToBeReadable", severity="critical", message="不是能识别的数。"):
    keys = {"id": name, "delivery": delivery, "cell": "B5", "rule": rule, "severity": severity, "message": message}
    maker.connection.execute(_FINDING, keys | {"suite": "county_table.figures"})


def incident(
    maker, number, state="open", sequence=1, at="2026-07-10 02:00", must=True, due="2026-07-15", n=1, **others
):
    members = others.pop("members", [{"unit": "兴义市", "place": "B5", "message": "不是能识别的数。"}])
    keys = {"id": number, "state": state, "sequence": sequence, "at": at, "must": must, "due": due, "n": n}
    keys |= {
        "cause": "bad_file",
        "org": XINGYI,
        "file": "兴义市/六月.xlsx",
        "title": f"标题{number}",
        "owner": "州督导组",
    }
    keys |= {"note": None, "members": json.dumps(members)} | others
    maker.connection.execute(_EVENT, keys)


def fill(maker):
    maker.report("a", XINGYI, "2026-05", on="2026-06-01")
    maker.report("b", XINGREN, "2026-05", on="2026-06-20")
    maker.report("c", XINGYI, "2026-06", on="2026-07-03", complete=False, held=2)
    maker.cell("a", XINGYI, "station_visits", 10, "B5")
    maker.cell("c", XINGYI, "station_visits", 1200, "B5")
    maker.connection.execute("update ops.delivery set dataset = 'county_table'")
    finding(maker, "f1", "c")
    finding(maker, "f2", "c", message="也不是数。")
    finding(maker, "f3", "c", rule="ExpectTotalsToMatchParts", severity="warning", message="合计多 7。")
    maker.connection.execute(_VERDICT, {"d": "c", "s": "county_table.figures", "r": "ExpectFigureToBeReadable"})
    incident(maker, "2026-00001", n=12, members=[{"unit": "兴义市", "place": "B5", "message": "数"}] * 12)
    incident(maker, "2026-00002", due="2026-07-30", must=False, cause="question", owner="省人大代表工委")
    incident(maker, "2026-00003", due="2026-07-20")
    incident(maker, "2026-00003", state="resolved", sequence=2, at="2026-07-12 14:00", note="已收到《六月.xlsx》")


def released(path, release_id=RELEASE_ID, at=PUBLISHED):
    (path.parent / MANIFEST).write_text(json.dumps({"published_at": at.isoformat()}), encoding="utf-8")
    return Published(release_id, path, is_new=True)


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    """A release that most tests look at, made once."""
    facts, path = catalog.load(), tmp_path_factory.mktemp("release") / "made.duckdb"
    with open_writer(path, facts) as connection:
        fill(Maker(path, connection))
        roll_up(connection, statements(facts), views_of(facts))
    return released(path)


def page_of(release, reasons=None):
    return html.document_fromstring(draw(release, PUBLISHED, reasons or {}))


def text_of(element):
    return " ".join(element.text_content().split())


def rows_of(page, section):
    return [[text_of(cell) for cell in row.xpath("./td|./th")] for row in page.xpath(f"//section[@id='{section}']//tr")]


def test_the_same_release_gives_the_same_bytes(release, tmp_path):
    first = write_quality_page(release, tmp_path / "one")
    second = write_quality_page(release, tmp_path / "two")
    assert first.name == f"{RELEASE_ID}.html"
    assert first.read_bytes() == second.read_bytes() == (tmp_path / "one/latest.html").read_bytes()
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == [f"{RELEASE_ID}.html", "latest.html"]


def test_the_clock_is_that_of_the_release(release):
    page = page_of(release)
    assert "发布时间 2026-07-21 00:30" in text_of(page.xpath("//header")[0])
    later = draw(release, PUBLISHED + timedelta(days=365), {})
    assert "逾期 371 天" in later  # due on 15 July 2026, seen on 21 July 2027


def test_incidents_that_wait_come_first_with_what_a_supervisor_needs(release):
    page = page_of(release)
    first, second = page.xpath("//article")
    assert (first.get("id"), second.get("id")) == ("2026-00001", "2026-00002")
    told = text_of(first)
    for words in (
        "必须改正",
        "待处理",
        "标题2026-00001",
        "州督导组",
        "期限 2026-07-15 逾期 6 天",
        "已 11 天",
        "另有 2 处",
    ):
        assert words in told
    assert len(first.xpath(".//li")) == quality_incidents.MOST_MEMBERS
    assert "请核实" in text_of(second)
    assert "逾期" not in text_of(second)
    assert "有 1 项问题单已过处理期限" in text_of(page.xpath("//*[@class='banner']")[0])


def test_a_resolved_incident_tells_how_long_it_took(release):
    (row,) = page_of(release).xpath("//tr[@id='2026-00003']")
    assert [text_of(cell) for cell in row.xpath("td")] == [
        "2026-00003",
        "兴义市",
        "标题2026-00003已收到《六月.xlsx》",
        "✓ 已解决",
        "2026-07-10",
        "2026-07-12",
        "2.5 天",
    ]


def test_offices_are_told_how_much_waits_for_them(release):
    owners = [text_of(item) for item in page_of(release).xpath("//ul[@class='owners']/li")]
    assert owners == ["州督导组 未解决 1，逾期 1", "省人大代表工委 未解决 1"]


def test_without_overdue_incidents_nobody_is_alarmed(made):
    release = released(made(lambda maker: incident(maker, "2026-00001", due="2026-07-21")))
    (banner,) = page_of(release).xpath("//p[@role='status']")
    assert banner.get("class") == "banner calm"
    assert "都在期限之内" in text_of(banner)


def test_the_heat_map_tells_every_county_by_colour_and_sign(release):
    page = page_of(release)
    cells = {cell.get("title"): (cell.get("class"), cell.text) for cell in page.xpath("//div[@class='heat']//td")}
    assert len(cells) == 88 * 2
    assert cells["兴义市 2026-05 按时，2026-06-01 报，期限 2026-06-05"] == ("on_time", "●")
    assert cells["兴仁市 2026-05 迟报，2026-06-20 报，期限 2026-06-05"] == ("late", "▲")
    assert cells["兴仁市 2026-06 未报，期限 2026-07-05"] == ("missing", "✕")
    assert len(page.xpath("//div[@class='prefecture']")) == 9
    legend = [item.text for item in page.xpath("//section[@id='reporting']//ul[@class='legend']/li/i")]
    assert len(legend) == len(set(legend)) == 6


def test_what_the_calendar_says_of_a_county_is_told(made):
    def reported(maker):
        maker.report("n", XINGYI, "2026-06", on="2026-07-03")
        maker.connection.execute("update core.report set is_nil = true")
        maker.connection.execute(_WAIVED, {"org": XINGREN})

    found = quality_figures.heat_map(released(made(reported)).path, date(2026, 7, 21))
    assert found.months == ("2026-05", "2026-06")
    assert [_june(found, county) for county in ("兴义市", "兴仁市", "凯里市")] == ["nil", "waived", "missing"]


def test_a_month_that_is_not_due_is_not_missing(release):
    on_the_day = quality_figures.heat_map(release.path, date(2026, 7, 5))
    next_day = quality_figures.heat_map(release.path, date(2026, 7, 6))
    assert [_june(found, "兴仁市") for found in (on_the_day, next_day)] == ["not_due", "missing"]
    assert [_june(found, "兴义市") for found in (on_the_day, next_day)] == ["on_time", "on_time"]


def _june(heat, county):
    counties = dict(pair for _, counties in heat.prefectures for pair in counties)
    return counties[county][heat.months.index("2026-06")].state


def test_numbers_are_those_of_the_release(release):
    page = page_of(release, {("county_table", "ExpectFigureToBeReadable"): "指标栏里应填数。"})
    files = query(release.path, "select count(*) from ops.delivery").rows[0][0]
    assert files == 3
    assert rows_of(page, "intake")[-5][:2] == ["合计", "3"]
    faults = rows_of(page, "faults")
    assert ["兴义市黔西南布依族苗族自治州", "2", "1", "1"] in faults
    assert ["指标栏里应填数。ExpectFigureToBeReadable", "活动情况统计表", "2", "1", "40", "不是能识别的数。"] in faults
    tiles = [text_of(tile) for tile in page.xpath("//div[starts-with(@class, 'tile ')]")]
    assert tiles == ["2处必须改正", "1处请核实"]
    assert rows_of(page, "trend") == [
        ["月份", "应报", "已报", "按时", "完整", "必须改正", "请核实"],
        ["2026-06", "88", "1", "1", "0", "2", "1"],
        ["2026-05", "88", "2", "1", "2", "0", "0"],
    ]


def test_a_rule_without_a_reason_is_told_by_its_name(release):
    assert "ExpectTotalsToMatchParts" in text_of(page_of(release).xpath("//section[@id='faults']")[0])


def test_revisions_and_differences(made):
    def resent(maker):
        maker.report("old", XINGYI, "2026-06", on="2026-07-01", newer="new")
        maker.report("new", XINGYI, "2026-06", on="2026-07-04")
        maker.cell("old", "522301001", "station_visits", 4, "B5")
        maker.cell("new", "522301001", "station_visits", 1234, "B5")

    release = released(made(resent))
    found = quality_figures.revisions(release.path)
    assert len(found.rows) + found.n_more == query(release.path, "select count(*) from mart.revision").rows[0][0]
    page = page_of(release)
    for revision, row in zip(found.rows, rows_of(page, "revision")[1:], strict=True):
        assert row[:3] == ["兴义市", f"{revision.indicator}{revision.unit}", "2026-06"]
    assert "县级月度数没有分歧" in text_of(page.xpath("//section[@id='reconciliation']")[0])


def test_hostile_text_is_only_text(made, tmp_path):
    def fill_hostile(maker):
        maker.report("c", XINGYI, "2026-06", on="2026-07-03")
        maker.connection.execute("update ops.delivery set file = $f, reason = $f", {"f": f"{HOSTILE}.xlsx"})
        finding(maker, "f1", "c", rule=HOSTILE, message=HOSTILE)
        finding(maker, "f2", "c", severity="warning", message=HOSTILE)
        text = dict.fromkeys(("title", "file", "note", "owner", "cause"), HOSTILE)
        incident(maker, "2026-00001", members=[{"unit": HOSTILE, "place": HOSTILE, "message": HOSTILE}], **text)
        incident(maker, f"2' {HOSTILE}", **text)
        incident(maker, "2026-00003", **text)
        incident(maker, "2026-00003", state="resolved", sequence=2, at="2026-07-12 14:00", **text)

    release = released(made(fill_hostile))
    drawn = write_quality_page(release, tmp_path / "pages", {("", HOSTILE): HOSTILE}).read_text(encoding="utf-8")
    page = html.document_fromstring(drawn)
    assert drawn.count("alert(1)") == drawn.count("&lt;script&gt;alert(1)")
    assert drawn.count("&lt;script&gt;") > 10
    assert page.xpath("//script | //img | //iframe | //object | //embed | //link | //base | //form | //input") == []
    for element in page.iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on"), (element.tag, name)
            if name in {"href", "src", "action", "xlink:href", "style", "srcset"}:
                assert re.fullmatch(r"#[a-z]+|text-anchor:start", value), (element.tag, name, value)
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def test_the_page_needs_nothing_from_outside(release):
    drawn = draw(release, PUBLISHED, {})
    assert "//" not in drawn.replace("<!doctype html>", "")
    assert "url(" not in drawn
    assert "@import" not in drawn


def test_an_empty_warehouse_has_a_page(made):
    page = page_of(released(made(lambda maker: None)))
    told = text_of(page)
    for words in ("没有未解决的问题单", "还没有收到文件", "没有发现问题", "还没有可比的月份"):
        assert words in told
    assert "另有" not in told
    assert {cell.text for cell in page.xpath("//div[@class='heat']//td")} == {"✕"}  # what is owed is missing


def test_long_lists_are_cut_and_say_so(made, monkeypatch):
    monkeypatch.setattr(quality_facts, "MOST_FILES", 2)
    monkeypatch.setattr(quality_incidents, "MOST_OPEN", 3)
    monkeypatch.setattr("serving.quality_page.MOST_CARDS", 2)

    def many(maker):
        for number in range(5):
            maker.report(f"r{number}", XINGYI, f"2026-0{number + 1}", on="2026-07-01")
            incident(maker, f"2026-0000{number}", due=f"2026-07-1{number}")

    page = page_of(released(made(many)))
    assert [article.get("id") for article in page.xpath("//article")] == ["2026-00000", "2026-00001"]
    assert page.xpath("//section[@id='incidents']//tr/@id") == ["2026-00002"]
    more = [text_of(paragraph) for paragraph in page.xpath("//p[@class='more']")]
    assert more == [
        "另有 2 项。全部列出：daibiao query \"from dq.incident where state <> 'resolved' order by due_on\"",
        '另有 3 项。全部列出：daibiao query "from ops.delivery order by delivered_at desc"',
    ]


def test_the_queries_it_names_can_be_asked(release):
    drawn = draw(release, PUBLISHED, {})
    named = {
        quality_facts.ALL_FILES,
        quality_facts.ALL_FINDINGS,
        quality_figures.ALL_DIFFERENCES,
        quality_figures.ALL_REVISIONS,
        quality_figures.ALL_REPORTING,
        quality_incidents.ALL_OPEN,
        quality_incidents.ALL_ENDED,
        *(one.statement for one in quality_incidents.open_incidents(release.path, datetime(2026, 7, 20)).rows),
    }
    assert all(query(release.path, statement).columns for statement in named)
    (shown,) = html.document_fromstring(drawn).xpath("//article[1]//code/text()")
    assert query(release.path, shown.removeprefix('daibiao query "').removesuffix('"')).rows[0][0] == "2026-00001"


def test_pages_are_kept_but_not_for_ever(release, tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    old = [f"202501{day:02}T000000Z-00000000.html" for day in range(1, 32)]
    for name in (*old, "notes.html"):
        (folder / name).write_text("old", encoding="utf-8")
    write_quality_page(release, folder)
    left = sorted(path.name for path in folder.iterdir())
    assert left == sorted([*old[2:], f"{RELEASE_ID}.html", "latest.html", "notes.html"])
    assert len(left) - 2 == KEEP


def test_an_older_release_does_not_become_the_latest(release, tmp_path):
    newer = Published("20260801T000000Z-ffffffff", release.path, is_new=True)
    write_quality_page(newer, tmp_path)
    latest = (tmp_path / "latest.html").read_text(encoding="utf-8")
    write_quality_page(release, tmp_path)
    assert (tmp_path / "latest.html").read_text(encoding="utf-8") == latest
    assert newer.release_id in latest


def test_rates_are_drawn_over_the_whole_height_and_cut_where_nothing_is_known():
    months = [
        Month("2026-01", 88, 88, 44, 0, 0, 0),
        Month("2026-02", None, None, None, None, 3, 0),
        Month("2026-03", 88, 44, 0, 0, 0, 0),
    ]
    reported, on_time, complete = rate_lines(months)
    assert [[point.y for point in stretch] for stretch in reported.stretches] == [[18.0], [70.0]]
    assert [[point.y for point in stretch] for stretch in on_time.stretches] == [[70.0], [122.0]]
    assert [line.newest for line in (reported, on_time, complete)] == ["50.0%", "0.0%", "0.0%"]


def test_the_highest_bar_is_as_high_as_the_chart():
    drawn = bars([0, 1, 200])
    assert [(bar.y, bar.height, bar.label) for bar in drawn] == [
        (122.0, 0, "0"),
        (120.5, 1.5, "1"),
        (18.0, 104.0, "200"),
    ]
    assert [bar.height for bar in bars([0, 0])] == [0, 0]
    assert bars([]) == []
