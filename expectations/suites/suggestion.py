"""Rules of the deputies' suggestions (代表建议: 提、审、交、办、督、用), beside those that every export has."""

from __future__ import annotations

from catalog import Catalog
from expectations.rules import RecordSuite, Suite
from expectations.suites import standard
from expectations.suites.row_rules import between, filled, ordered

_DERIVED = {
    "result_state_if_answered": "case when answered_on is not null then result_state end",
    "assigned_state_if_handled": """
        case when answered_on is not null or supervised_on is not null then assigned_on_state end
    """,
    "answered_state_if_judged": """
        case when result is not null or deputy_grade is not null or applied_on is not null then answered_on_state end
    """,
    "supervised_state_if_key": "case when is_key and answered_on is not null then supervised_on_state end",
    # Suggestions without a bundle are spread out: they would be one very large group.
    "in_bundle": """
        case when bundle_code is not null then
            count(*) over (partition by delivery_id, coalesce(bundle_code, suggestion_code), bundle_code is null)
        end
    """,
}

_RULES = (
    filled(
        "ExpectResultOfAnsweredSuggestion",
        "result",
        "result_state_if_answered",
        reason="答复了的建议应有办理结果（A、B、C、D）。",
        message="填了“答复日期”，却没有“办理结果”，这一件计不进A类件。请补填办理结果。",
    ),
    filled(
        "ExpectHandledSuggestionToBeAssigned",
        "assigned_on",
        "assigned_state_if_handled",
        reason="答复、督办的建议应先交办。",
        message="填了“答复日期”或“督办日期”，却没有“交办日期”，办理用了多少天无法计算。请补填交办日期。",
    ),
    filled(
        "ExpectJudgedSuggestionToBeAnswered",
        "answered_on",
        "answered_state_if_judged",
        reason="有办理结果、代表评价或成果运用日期的建议应已答复。",
        message="填了“办理结果”“代表评价”或“成果运用日期”，却没有“答复日期”，这一件计不进办结数。"
        "已答复的请补填答复日期，没有答复的请去掉后面的内容。",
    ),
    ordered(
        "ExpectSupervisedAfterAssigned",
        "supervised_on",
        "supervised_on",
        "assigned_on",
        reason="督办日期不应早于交办日期。",
        message="“督办日期”早于“交办日期”，还没有交办的建议无从督办。请核对这两个日期。",
    ),
    filled(
        "ExpectKeySuggestionToBeSupervised",
        "supervised_on",
        "supervised_state_if_key",
        reason="重点督办的建议答复后，应有督办日期。",
        message="登记为重点督办，已有“答复日期”，却没有“督办日期”。请补填督办日期，或核对是否重点督办。",
    ),
    between(
        "ExpectBundleOfSeveral",
        "bundle_code",
        "in_bundle",
        2,
        None,
        severity="info",
        reason="打包督办的建议一般不止一件（同一打包编号也可能分在几份文件中）。",
        message="这份文件中，同一“打包编号”只有这一件建议。其余的若在别的文件中，不必处理；否则请核对打包编号。",
    ),
)


def suites(catalog: Catalog) -> tuple[Suite | RecordSuite, ...]:
    """Return the suites of the suggestions."""
    return standard.suites(catalog, "suggestion", _RULES, _DERIVED)
