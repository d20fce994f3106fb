"""Rules of the projects paid from the fund for suggestions (建议办理专项资金), beside those that every export has."""

from __future__ import annotations

from catalog import Catalog
from expectations.rules import RecordSuite, Suite
from expectations.suites import standard
from expectations.suites.row_rules import amounts, filled, never, plausible

_MOST_WAN = 100_000
# No county of Guizhou has as many inhabitants.
_MOST_PEOPLE = 2_000_000

_DERIVED = {
    # A record of which nothing could be read has no state and a finding of its own.
    "suggestion_state": """
        case when fund_project_code_state is not null then
            case when suggestion_code is null then 'blank' else 'ok' end
        end
    """,
}

_RULES = (
    *amounts("amount_wan", "金额（万元）", _MOST_WAN),
    never(
        "ExpectAmountNotZero",
        "amount_wan",
        "amount_wan",
        (0,),
        reason="资金项目的金额应大于零。",
        message="“金额（万元）”是 0，这个项目没有用到资金。请核对金额。",
    ),
    plausible(
        "ExpectPlausibleBeneficiaries",
        "beneficiaries",
        "惠及人数",
        _MOST_PEOPLE,
        "人",
        of="一个项目",
        advice="请核对有没有多写一位，或把人次填成了人数。",
    ),
    filled(
        "ExpectSuggestionOfFundProject",
        "suggestion_code",
        "suggestion_state",
        reason="专项资金项目应写明办理的是哪一件代表建议。",
        message="没有填“建议编号”，不知道这笔资金办理的是哪一件代表建议。请补填。",
    ),
)


def suites(catalog: Catalog) -> tuple[Suite | RecordSuite, ...]:
    """Return the suites of the fund's projects."""
    return standard.suites(catalog, "fund_project", _RULES, _DERIVED)
