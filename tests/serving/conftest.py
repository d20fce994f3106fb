"""A release of our own making: reports and figures put straight into a warehouse, rolled up by the real roll-ups."""

from dataclasses import replace
from datetime import date

import pytest

import catalog
from transforms.rollup_sql import statements, views_of
from warehouse.duck import open_writer
from warehouse.rollup import roll_up

_REPORT = """
insert into core.report (
    report_id, delivery_id, form, org_code, county_code, period, grain, period_start, period_end, basis, reported_on,
    delivered_at, rows_in, rows_quarantined, is_complete, is_nil, is_current, superseded_by
)
select
    $id, $id, $form, $county, $county, period, grain,
    if($basis = 'period', start_date, date_trunc('year', start_date)::date), end_date, $basis, $reported_on,
    '2026-12-01', 9, $held, $complete, $is_nil, $current, $newer
from ref.period
where period = $period
"""
_DELIVERY = """
insert into ops.delivery (
    delivery_id, sha256, file, size_bytes, status, rows_in, rows_loaded, rows_quarantined, rows_rejected,
    delivered_at, received_at, loaded_at
)
values ($id, $id, $id || '.xlsx', 1, 'loaded', 0, 0, 0, 0, '2026-12-01', '2026-12-01', '2026-12-01')
"""
_OBSERVATION = """
insert into core.observation (
    report_id, delivery_id, org_code, org_name_reported, county_code, indicator_code, period, grain, period_start,
    period_end, basis, value, value_low, value_high, unit, state, source, source_ref, row_ref, is_current,
    is_breakdown, is_inclusive
)
select
    report_id, delivery_id, $org, $org, county_code, $indicator, period, grain, period_start, period_end, basis,
    $value, $value, $value, '人次', $state, if(form = 'prose', 'prose', 'form'), $cell, $cell, is_current, false,
    $inclusive
from core.report
where report_id = $id
"""


class Maker:
    """Puts reports and their cells into a warehouse, and rolls it up when all is in."""

    def __init__(self, path, connection):
        self.path, self.connection = path, connection

    def report(self, name, county, period, on=None, held=0, complete=True, newer=None, **kind):
        """Put in a report and its file `<name>.xlsx`; `newer` replaced it; `kind`: `form`, `basis`, `is_nil`."""
        keys = {"id": name, "county": county, "period": period, "reported_on": on and date.fromisoformat(on)}
        keys |= {"held": held, "complete": complete, "current": newer is None, "newer": newer}
        keys |= {"form": "county_table", "basis": "period", "is_nil": False} | kind
        self.connection.execute(_DELIVERY, {"id": name})
        self.connection.execute(_REPORT, keys)

    def cell(self, report, org, indicator, value, cell, inclusive=None):
        """Put in a cell of a report; None is a blank one. Prose may be `inclusive` of the units below."""
        state = "blank" if value is None else "figure"
        keys = {"id": report, "org": org, "indicator": indicator, "value": value, "cell": cell, "state": state}
        keys |= {"inclusive": inclusive}
        self.connection.execute(_OBSERVATION, keys)


@pytest.fixture
def made(tmp_path):
    """Return a function that fills a warehouse by the function given and returns its path.

    `declared` are facts that the catalog does not have: `corrections` and `explanations`.
    """

    def make(fill, **declared):
        facts = replace(catalog.load(), **declared)
        path = tmp_path / "made.duckdb"
        with open_writer(path, facts) as connection:
            fill(Maker(path, connection))
            roll_up(connection, statements(facts), views_of(facts))
        return path

    return make
