"""Rules of the opinions on draft regulations (立法意见), beside those that every export has."""

from __future__ import annotations

from catalog import Catalog
from expectations.rules import RecordSuite, Suite
from expectations.suites import standard
from expectations.suites.row_rules import filled, ordered, plausible

_MOST_OPINIONS = 1000

_DERIVED = {
    # A record of which nothing could be read has no state and a finding of its own.
    "contact_point_state": """
        case when opinion_code_state is not null then
            case when contact_point_code is null then 'blank' else 'ok' end
        end
    """,
    "adopted_if_counted": "case when adopted >= 0 and opinions >= 0 then adopted end",
}

_RULES = (
    filled(
        "ExpectContactPoint",
        "contact_point_code",
        "contact_point_state",
        reason="立法意见应写明由哪个基层立法联系点征集。",
        message="没有填“联系点编码”，这些意见只能计到县，不知道由哪个立法联系点征集。请补填。",
    ),
    ordered(
        "ExpectAdoptedNotAboveGiven",
        "adopted",
        "opinions",
        "adopted_if_counted",
        severity="critical",
        reason="采纳的条数不应多于提出的条数。",
        message="“采纳条数”多于“条数”。请核对这两个数有没有填反，改正后重新导出。",
    ),
    plausible("ExpectPlausibleOpinionsGiven", "opinions", "条数", _MOST_OPINIONS, "条", of="一次征集"),
)


def suites(catalog: Catalog) -> tuple[Suite | RecordSuite, ...]:
    """Return the suites of the opinions on draft regulations."""
    return standard.suites(catalog, "legislative_opinion", _RULES, _DERIVED)
