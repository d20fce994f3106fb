from dataclasses import replace
from datetime import date
from decimal import Decimal

from catalog.declared import Correction, Explanation
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
