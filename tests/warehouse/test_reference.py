from dataclasses import replace
from datetime import date
from decimal import Decimal

from catalog.declared import Correction, Explanation
from catalog.reporting import Duty, DutyException
from warehouse.duck import open_writer


def test_periods_know_where_they_belong_and_when_they_are_due(con):
    rows = con.execute(
        "select period, grain, start_date, end_date, month, quarter, year, due_date from ref.period "
        "where period in ('2024-02', '2026-Q2', '2026') order by period"
    ).fetchall()
    assert rows == [
        ("2024-02", "month", date(2024, 2, 1), date(2024, 2, 29), "2024-02", "2024-Q1", "2024", date(2024, 3, 5)),
        ("2026", "year", date(2026, 1, 1), date(2026, 12, 31), None, None, "2026", date(2027, 1, 20)),
        ("2026-Q2", "quarter", date(2026, 4, 1), date(2026, 6, 30), None, "2026-Q2", "2026", date(2026, 7, 10)),
    ]
    assert con.execute("select count(*) from ref.period").fetchone() == (21 * 17,)


def test_units_know_their_county_and_prefecture(con):
    rows = con.execute(
        "select code, county_code, prefecture_code, successor_code from ref.org "
        "where code in ('520000', '520300', '520304', '520321', '522301001') order by code"
    ).fetchall()
    assert rows == [
        ("520000", None, None, None),
        ("520300", None, "520300", None),
        ("520304", "520304", "520300", None),
        ("520321", "520304", "520300", "520304"),
        ("522301001", "522301", "522300", None),
    ]


def test_every_export_is_named_with_its_system(con, catalog):
    rows = con.execute("select export, name_zh, name_en, system from ref.export order by system, export").fetchall()
    assert [row[0] for row in rows] == sorted(catalog.exports, key=lambda name: (catalog.exports[name].system, name))
    assert ("case", "群众工单", catalog.exports["case"].name_en, 3) in rows


def test_what_the_catalog_says_now_replaces_what_it_said(warehouse_file, catalog):
    with open_writer(warehouse_file, catalog) as con:
        con.execute("update ref.indicator set unit = 'wrong'")
        con.execute("delete from ref.parameter")
    with open_writer(warehouse_file, catalog) as con:
        units = con.execute("select count(*), count(distinct code) from ref.indicator where unit <> 'wrong'").fetchone()
        assert units == (len(catalog.indicators), len(catalog.indicators))
        assert con.execute("select value from ref.parameter where name = 'case_due_days'").fetchone() == (30,)


def test_what_is_declared_stands_in_ref_until_it_is_deleted_from_the_catalog(warehouse_file, catalog):
    figure = {"unit": "522301001", "indicator": "station_visits", "period": "2026-06", "who": "兴义市人大办"}
    correction = {"id": "zero", "from": 4100, "to": 410, "reason": "多录入一个零", "declared_on": date(2026, 7, 15)}
    explanation = {"id": "said", "text": "站点装修停用", "said_on": date(2026, 7, 16)}
    until = {"expires": date(2026, 9, 30)}
    declared = replace(
        catalog,
        corrections=(Correction.model_validate(figure | correction | until),),
        explanations=(Explanation.model_validate(figure | explanation | until),),
    )
    with open_writer(warehouse_file, declared) as con:
        assert con.execute(
            "select correction_id, org_code, indicator_code, period, basis, value_from, value_to, reason, who, "
            "declared_on, expires_on from ref.correction"
        ).fetchall() == [
            (
                *("zero", "522301001", "station_visits", "2026-06", "period", Decimal(4100), Decimal(410)),
                *("多录入一个零", "兴义市人大办", date(2026, 7, 15), date(2026, 9, 30)),
            )
        ]
        assert con.execute(
            "select explanation_id, org_code, indicator_code, period, rule, text, who, said_on, expires_on "
            "from ref.explanation"
        ).fetchall() == [
            (
                *("said", "522301001", "station_visits", "2026-06", None, "站点装修停用", "兴义市人大办"),
                *(date(2026, 7, 16), date(2026, 9, 30)),
            )
        ]
    with open_writer(warehouse_file, catalog) as con:
        left = con.execute("select count(*) from ref.correction union all select count(*) from ref.explanation")
        assert left.fetchall() == [(0,), (0,)]


def test_duties_and_what_was_granted_have_a_row_a_unit(warehouse_file, catalog):
    duty = Duty.model_validate(
        {"id": "quarterly", "name_zh": "季报", "name_en": "quarterly", "form": "county_table", "grain": "quarter"}
        | {"first": "2026-Q2", "units": ["520300"], "due_days": 12, "remind_days": 3}
    )
    waived = DutyException.model_validate(
        {"id": "flood", "duty": "quarterly", "unit": "520321", "period": "2026-Q2", "waived": True}
        | {"requester": "播州区人大办", "reason": "洪涝灾害", "expires": date(2026, 12, 31)}
    )
    calendar = catalog.calendar.model_copy(update={"duties": (*catalog.calendar.duties, duty), "exceptions": (waived,)})
    with open_writer(warehouse_file, replace(catalog, calendar=calendar)) as con:
        counts = "select duty, count(*), min(due_days), min(remind_days) from ref.duty group by all order by all"
        assert con.execute(counts).fetchall() == [("county_table_month", 88, 5, 2), ("quarterly", 14, 12, 3)]
        assert con.execute("select * from ref.duty where org_code = '520304' and grain = 'quarter'").fetchall() == [
            ("quarterly", "季报", "county_table", "quarter", "520304", "2026-Q2", None, 12, 3)
        ]
        assert con.execute("select * from ref.duty_exception").fetchall() == [
            (
                *("flood", "quarterly", "520304", "2026-Q2", True, None, "播州区人大办", "洪涝灾害"),
                date(2026, 12, 31),
            )
        ]
    with open_writer(warehouse_file, catalog) as con:
        left = con.execute("select count(*) from ref.duty union all select count(*) from ref.duty_exception")
        assert left.fetchall() == [(88,), (0,)]


def test_on_an_older_tree_a_county_owes_as_the_unit_it_was(warehouse_file, catalog):
    """播州区 (520304) was 遵义县 (520321) on the tree of 2015."""
    parameters = catalog.parameters.model_copy(update={"comparable_on": date(2015, 1, 1)})
    with open_writer(warehouse_file, replace(catalog, parameters=parameters)) as con:
        owing = "select org_code from ref.duty where org_code in ('520304', '520321')"
        assert con.execute(owing).fetchall() == [("520321",)]
        stray = "select count(*) from ref.duty where org_code not in (select code from ref.org where is_on_tree)"
        assert con.execute(stray).fetchall() == [(0,)]
