"""Rules of the cases (群众工单), beside those that every export has."""

from __future__ import annotations

from catalog import Catalog
from expectations.rules import RecordSuite, Suite
from expectations.suites import standard
from expectations.suites.row_rules import filled

_DERIVED = {
    "closed_state_if_graded": "case when grade is not null then closed_at_state end",
    "accepted_state_if_closed": "case when closed_at is not null then accepted_at_state end",
    # A system that does not keep the hotline's numbers at all is not asked for them line by line.
    "hotline_state_if_kept": """
        case when
            channel = '12345' and table_id in (select table_id from record where hotline_code is not null)
        then hotline_code_state end
    """,
}

_RULES = (
    filled(
        "ExpectGradedCaseToBeClosed",
        "closed_at",
        "closed_state_if_graded",
        reason="评价过的工单应已办结。",
        message="填了“评价”，却没有“办结时间”，这次评价不计入满意率。已办结的请补填办结时间，没有办结的请去掉评价。",
    ),
    filled(
        "ExpectClosedCaseToBeAccepted",
        "accepted_at",
        "accepted_state_if_closed",
        reason="办结的工单应有代表接单。",
        message="填了“办结时间”，却没有“接单时间”，接单环节计不到这一件。请补填代表接单的时间。",
    ),
    filled(
        "ExpectHotlineNumber",
        "hotline_code",
        "hotline_state_if_kept",
        reason="12345热线转来的工单应有热线工单号（文件中有热线工单号的才检查）。",
        message="“渠道”是12345，却没有“热线工单号”，无法与12345热线核对是不是同一件。请补填热线工单号，或改正渠道。",
    ),
)


def suites(catalog: Catalog) -> tuple[Suite | RecordSuite, ...]:
    """Return the suites of the cases."""
    return standard.suites(catalog, "case", _RULES, _DERIVED)
