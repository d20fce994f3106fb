"""A small made-up province whose deliveries come at random, and the ways to bring its marts up to date."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime

import duckdb
import pandas as pd

import catalog
from catalog.declared import Explanation
from transforms import reaches_of, statements, views_of
from warehouse.load import load
from warehouse.migrate import migrate
from warehouse.recompute import bring_up_to_date
from warehouse.reference import refill
from warehouse.release import manifest
from warehouse.tables import ensure_exports

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
ANSWER = {
    "id": "reception_day", "unit": "522301", "indicator": "station_visits", "period": "2026-02",
    "text": "二月为集中接待月", "who": "兴义市人大办", "said_on": "2026-03-09", "expires": "2030-12-31",
}  # fmt: skip
FACTS = replace(catalog.load(), explanations=(Explanation.model_validate(ANSWER),))
STATEMENTS, VIEWS, REACHES = statements(FACTS), views_of(FACTS), reaches_of(FACTS)

# Two prefectures; 520321 was 播州区 before 2016.
COUNTIES = ("522301", "522302", "520304", "520302")
LATE = ("520304", "2026-02")  # the form that is not there at first
KINDS = (
    "corrected", "lone total", "corrected", "emptied", "late county", "quarter", "year", "to date", "new month",
    "former code", "prose", "rejected", "visits", "cases",
)  # fmt: skip
TOWNSHIPS = {code: [org.code for org in FACTS.tree.children(code)][:3] for code in COUNTIES}
MONTHS = ("2025-10", "2025-11", "2025-12", "2026-01", "2026-02", "2026-03")
INDICATORS = (
    "station_visits", "opinions_collected", "station_count", "deputies", "deputies_reporting",
    "disputes_mediated", "disputes_settled", "disputes_resolution_rate",
)  # fmt: skip


class Province:
    """Makes deliveries at random; each is newer than those before."""

    def __init__(self, desk, seed):
        self.desk, self.chance, self.day = desk, random.Random(seed), 0

    def _next(self):
        self.day += 1
        return f"delivery-{self.day}"

    def line(self):
        chosen = self.chance.sample(INDICATORS, self.chance.randint(3, len(INDICATORS)))
        return {indicator: self.chance.choice((None, *range(60))) for indicator in chosen}

    def form(self, county, period, *, lone=False, blank=False, **more):
        units = [county] if lone else self.chance.choice((TOWNSHIPS[county], TOWNSHIPS[county][:2]))
        figures = {unit: dict.fromkeys(INDICATORS) if blank else self.line() for unit in units}
        return self.desk.form(self._next(), figures, county=county, period=period, day=self.day, **more)

    def whole(self, county, period):
        figures = {unit: {name: self.chance.randint(1, 60) for name in INDICATORS} for unit in TOWNSHIPS[county]}
        return self.desk.form(self._next(), figures, county=county, period=period, day=self.day)

    def visits(self, county):
        visits = [
            {"visit_code": f"V{self.day}-{n}", "county_code": county, "visited_on": date(2026, n, 3)}
            | {"deputy_level": "县", "deputy_key": f"D{n}", "people_received": n, "opinions_taken": 1}
            for n in (1, 2, 5)
        ]
        return self.desk.cases(self._next(), visits, export="station_visit", day=self.day)

    def performance(self, county):
        actions = [
            {"action_code": f"A{self.day}-{n}", "deputy_code": f"D{n % 2}", "deputy_level": "县", "county_code": county}
            | {"acted_on": date(2026, n, 3), "action_kind": "述职", "points": n}
            for n in (1, 2, 3)
        ]
        return self.desk.cases(self._next(), actions, export="performance", day=self.day)

    def cases(self, county):
        opened = [pd.Timestamp(2026, n, 3, 9) for n in (1, 2, 3)]
        cases = [
            {"case_code": f"C{self.day}-{at.month}", "county_code": county, "opened_at": at, "closed_at": at}
            | {"channel": "扫码", "case_kind": "意见建议"}
            for at in opened
        ]
        return self.desk.cases(self._next(), cases, day=self.day)

    def prose(self, org):
        told = [(org, "station_visits", self.chance.randint(1, 99)), (org, "station_count", 5)]
        period = self.chance.choice((None, "2021-11-01/2026-06-12", "2026-02"))
        return self.desk.prose(
            self._next(), told, org=org, period=period, title_key=org, day=self.day, unit_of_measure="人次"
        )

    def deliver(self, kind):
        """One delivery of a kind, of a county and month that chance chooses."""
        county, month = self.chance.choice(COUNTIES), self.chance.choice(MONTHS)
        makers = {
            "corrected": lambda: self.form(county, month),
            "lone total": lambda: self.form(county, month, lone=True),
            "emptied": lambda: self.form(county, month, blank=True),
            "late county": lambda: self.form(*LATE),
            "quarter": lambda: self.form(county, f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}"),
            "year": lambda: self.form(county, month[:4], lone=self.chance.random() < 0.5),
            "to date": lambda: self.form(county, month, basis="year_to_date"),
            "new month": lambda: self.form(county, self.chance.choice(("2026-04", "2025-08"))),
            "former code": lambda: self.form("520321", month, lone=True),
            "prose": lambda: self.prose(self.chance.choice((county, "520300", "520000"))),
            "rejected": lambda: replace(self.form(county, month), status="rejected", folder=None, reason="打不开"),
            "visits": lambda: self.visits(county),
            "cases": lambda: self.cases(county),
        }
        return makers[kind]()

    def start(self):
        """What is there before anything is corrected."""
        forms = [self.form(c, m, lone=self.chance.random() < 0.2) for c in COUNTIES for m in MONTHS if (c, m) != LATE]
        return [*forms, *(self.visits(c) for c in COUNTIES), self.performance("522301"), self.performance("520304"),
                *(self.whole("522301", f"2025-Q{n}") for n in (1, 2, 3, 4)), self.form("520302", "2025"),
                *(self.form("522302", m, basis="year_to_date") for m in ("2026-05", "2026-06")),
                *(self.prose(org) for org in ("520300", "520304", "520302", "520000", "522300"))]  # fmt: skip


def warehouse():
    con = duckdb.connect()
    migrate(con)
    refill(con, FACTS)
    ensure_exports(con, FACTS)
    return con


def arrive(con, *intakes):
    for intake in intakes:
        load(con, FACTS, intake, NOW)


def renew(con):
    return bring_up_to_date(con, STATEMENTS, VIEWS, REACHES)


def wholly(con):
    con.execute("delete from ops.rolled_up")
    outcome = renew(con)
    assert outcome.is_full
    return outcome


def differing(one, other):
    """Name the tables whose rows are not the same in two warehouses."""
    left, right = manifest(one, FACTS)["tables"], manifest(other, FACTS)["tables"]
    assert left.keys() == right.keys()
    return [name for name in left if left[name] != right[name]]
