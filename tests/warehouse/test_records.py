import tempfile
from datetime import datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warehouse.load import load

JULY = datetime.fromisoformat("2026-11-22T05:00:00+00:00")


def june(day):
    return datetime.fromisoformat(f"2026-06-{day:02d}T09:00:00")


def case(code, *, grade=None, closed=None, county="522301"):
    opened = june(1)
    return {
        "case_code": code,
        "county_code": county,
        "channel": "扫码",
        "case_kind": "意见建议",
        "opened_at": opened,
        "closed_at": closed,
        "grade": grade,
    }


class TestExports:
    def test_correction_replaces_and_the_older_is_kept(self, con, catalog, desk):
        closed = june(9)
        load(con, catalog, desk.cases("june", [case("G1"), case("G2")]), JULY)
        newer = desk.cases("july", [case("G1", closed=closed, grade="满意")], day=9)
        load(con, catalog, newer, JULY)
        rows = con.execute('select case_code, grade, delivery_id from core."case" order by 1').fetchall()
        assert [(code, grade) for code, grade, _ in rows] == [("G1", "满意"), ("G2", None)]
        older = con.execute(
            "select export, record_key, superseded_by, content ->> 'case_kind', source_ref from core.superseded_record"
        ).fetchall()
        assert older == [("case", "G1", newer.delivery.delivery_id, "意见建议", "工单!A2")]

    def test_an_older_version_that_comes_late_goes_straight_beside(self, con, catalog, desk):
        load(con, catalog, desk.cases("new", [case("G1", closed=june(9))], day=1), JULY)
        assert load(con, catalog, desk.cases("old", [case("G1")], day=5), JULY) == "loaded"
        assert con.execute('select closed_at from core."case"').fetchall() == [(june(9),)]
        assert con.execute("select count(*) from core.superseded_record").fetchone() == (1,)

    def test_same_content_is_not_a_new_version(self, con, catalog, desk):
        load(con, catalog, desk.cases("june", [case("G1")]), JULY)
        load(con, catalog, desk.cases("june and july", [case("G1"), case("G2")], day=9), JULY)
        assert con.execute('select count(*) from core."case"').fetchone() == (2,)
        assert con.execute("select count(*) from core.superseded_record").fetchone() == (0,)

    def test_same_key_twice_in_one_file(self, con, catalog, desk):
        load(con, catalog, desk.cases("june", [case("G1", grade="满意"), case("G1", grade="不满意")]), JULY)
        assert con.execute('select grade from core."case"').fetchall() == [("不满意",)]
        assert con.execute("select content ->> 'grade' from core.superseded_record").fetchall() == [("满意",)]

    def test_a_whole_file_delivered_again_after_a_correction_sets_it_back(self, con, catalog, desk):
        load(con, catalog, desk.cases("v1", [case("G1", grade="满意")], fingerprint="one"), JULY)
        load(con, catalog, desk.cases("v2", [case("G1", grade="不满意")], fingerprint="two", day=2), JULY)
        back = desk.cases("v1 again", [case("G1", grade="满意")], fingerprint="one", day=3)
        assert load(con, catalog, back, JULY) == "loaded"
        assert con.execute('select grade from core."case"').fetchall() == [("满意",)]

    def test_csv_and_jsonl_of_the_same_records_count_once(self, con, catalog, desk):
        load(con, catalog, desk.cases("csv", [case("G1")], fingerprint="same"), JULY)
        assert load(con, catalog, desk.cases("jsonl", [case("G1")], fingerprint="same"), JULY) == "duplicate"


RECORDS = st.fixed_dictionaries(
    {
        "day": st.integers(1, 3),
        "records": st.lists(
            st.tuples(
                st.sampled_from(["G1", "G2"]),
                st.sampled_from(["满意", "不满意"]),
                st.sampled_from([None, june(9)]),
            ),
            min_size=1,
            max_size=3,
        ),
    }
)
FEW = settings(
    max_examples=12,
    report_multiple_bugs=False,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@FEW
@given(exports=st.lists(RECORDS, min_size=2, max_size=4), data=st.data())
def test_order_of_arrival_of_records_does_not_matter(memory, arrive, make_desk, exports, data):
    with tempfile.TemporaryDirectory() as folder:
        desk = make_desk(Path(folder))
        intakes = [
            desk.cases(f"export {n}", [case(k, grade=g, closed=c) for k, g, c in export["records"]], day=export["day"])
            for n, export in enumerate(exports)
        ]
        shuffled = data.draw(st.permutations(intakes))
        found = arrive(memory, intakes)
        assert arrive(memory, intakes[::-1]) == found
        assert arrive(memory, shuffled) == found


@FEW
@given(exports=st.lists(RECORDS, min_size=2, max_size=4), data=st.data())
def test_a_content_is_known_since_its_first_file_whatever_came_first(memory, arrive, make_desk, exports, data):
    """Files with the same records are duplicates of one another: which is called so depends on which came first."""
    with tempfile.TemporaryDirectory() as folder:
        desk = make_desk(Path(folder))
        intakes, known = [], {}
        for n, export in enumerate(exports):
            records = [case(k, grade=g, closed=c) for k, g, c in export["records"]]
            name = f"export {n}"
            intakes.append(desk.cases(name, records, day=export["day"], fingerprint=str(export["records"])))
            delivery = intakes[-1].delivery
            for record in export["records"]:
                first = (delivery.delivered_at.replace(tzinfo=None), delivery.delivery_id)
                known[record] = min(first, known.get(record, first))
        arrive(memory, data.draw(st.permutations(intakes)))
        assert {tuple(row[:3]): tuple(row[3:]) for row in memory.execute(KNOWN).fetchall()} == known


KNOWN = """
select case_code, grade, closed_at, known_at, known_by from core."case"
union all
select
    record_key, content ->> 'grade', cast(content ->> 'closed_at' as timestamp), known_at, known_by
from core.superseded_record
"""
