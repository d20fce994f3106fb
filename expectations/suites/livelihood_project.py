"""Rules of the livelihood projects (民生实事项目: 征集、票决、监督、测评), beside those that every export has.

A vote (一次票决) is what one county or township votes on in one year; votes of different deliveries are judged apart.
"""

from __future__ import annotations

from catalog import Catalog
from expectations.rules import RecordSuite, Suite, equal
from expectations.suites import standard
from expectations.suites.row_rules import amounts, between, filled, never, ordered

_MOST_WAN = 100_000

_DERIVED = {
    # An unknown place or year makes no vote; an unknown township stands apart from the county's own projects.
    "vote": """
        case when county_code is not null and year is not null then
            concat_ws('|', county_code, township_code, township_code_state, year)
        end
    """,
    "is_surveyed": """
        coalesce(votes_satisfied, 0) + coalesce(votes_largely_satisfied, 0) + coalesce(votes_dissatisfied, 0) > 0
    """,
    "votes_state_if_voted": "case when stage in ('票决', '实施', '完成', '测评') then votes_for_state end",
    "stage_if_voted": "case when votes_for > 0 or is_chosen or is_surveyed then stage end",
    "chosen_if_under_way": """
        case when stage in ('实施', '完成', '测评') and is_chosen_state <> 'unreadable' then
            case when is_chosen then 'chosen' else 'not chosen' end
        end
    """,
    "votes_for_if_chosen": "case when is_chosen and votes_for >= 0 then votes_for_if_possible end",
    "votes_against_if_chosen": "case when is_chosen and votes_against >= 0 then votes_against_if_possible end",
    "most_votes_unchosen": """
        case when vote is not null then
            max(case when not is_chosen then votes_for_if_possible end) over (partition by delivery_id, vote)
        end
    """,
    # What is impossible has a finding of its own, and says nothing about the votes beside it.
    "votes_cast": """
        case when vote is not null and least(votes_for, votes_against, votes_abstain) >= 0 then
            cast(votes_for_if_possible + votes_against_if_possible + votes_abstain_if_possible as double)
        end
    """,
    # The most frequent total of the vote; where two projects differ, that of the first.
    "votes_cast_usual": """
        mode(votes_cast) over (
            partition by delivery_id, vote order by table_id, line
            rows between unbounded preceding and unbounded following
        )
    """,
    # Said once a vote. A file of projects under way holds only chosen ones: without one that was collected, or that
    # went no further than the vote, nobody can tell.
    "places": """
        case when
            vote is not null and is_chosen
            and row_number() over (partition by delivery_id, vote, is_chosen order by table_id, line) = 1
        then
            case when
                count(case when is_chosen then 1 end) over (partition by delivery_id, vote) > 1
                and count(case when stage <> '征集' and not coalesce(is_chosen, false) then 1 end)
                    over (partition by delivery_id, vote) = 0
                and count(case when stage in ('征集', '票决') then 1 end) over (partition by delivery_id, vote) > 0
            then 'as many as candidates' else 'fewer than candidates' end
        end
    """,
    "progress_if_finished": "case when stage in ('完成', '测评') and progress between 0 and 100 then progress end",
    "stage_if_surveyed": "case when is_surveyed then stage end",
    "look_back": """
        case when votes_dissatisfied_if_possible is not null and is_looked_back_state <> 'unreadable' then
            case
                when is_looked_back then 'done'
                when votes_dissatisfied > coalesce(votes_satisfied, 0) + coalesce(votes_largely_satisfied, 0)
                    then 'lacking'
                else 'not needed'
            end
        end
    """,
}

_VOTES = (
    filled(
        "ExpectVotesOfProjectVotedOn",
        "votes_for",
        "votes_state_if_voted",
        reason="票决及以后阶段的项目应有票数。",
        message="“阶段”已到票决或以后，却没有“赞成票”。请补填票决的票数，或核对阶段。",
    ),
    never(
        "ExpectStageAfterBallot",
        "stage",
        "stage_if_voted",
        ("征集", "候选"),
        reason="有票数、已当选或已测评的项目，阶段应在票决或以后。",
        message="有票数、登记为当选或已有满意度票，“阶段”却还在票决之前。请核对阶段，或去掉还没有的票数。",
    ),
    never(
        "ExpectProjectUnderWayToBeChosen",
        "is_chosen",
        "chosen_if_under_way",
        ("not chosen",),
        reason="实施、完成、测评的项目应是票决当选的。",
        message="“阶段”在实施或以后，“是否当选”却不是“是”，这个项目和投资额计不进去。请核对是否当选，或核对阶段。",
    ),
    ordered(
        "ExpectChosenProjectToHaveMajority",
        "votes_for",
        "votes_for_if_chosen",
        "votes_against_if_chosen",
        or_equal=False,
        reason="当选项目的赞成票应多于反对票。",
        message="登记为当选，“赞成票”却不多于“反对票”。请核对票数和是否当选。",
    ),
    ordered(
        "ExpectChosenToLeadUnchosen",
        "votes_for",
        "votes_for_if_chosen",
        "most_votes_unchosen",
        reason="同一次票决中，当选项目的赞成票不应少于没有当选的。",
        message="登记为当选，同一次票决（同一县区、乡镇、年度）中却有没当选的项目“赞成票”更多。请核对票数和是否当选。",
    ),
    standard.row_rule(
        name="ExpectVotesCastToAgree",
        severity="warning",
        expectation="ExpectColumnPairValuesToBeEqual",
        arguments=equal("votes_cast", "votes_cast_usual"),
        reason="同一次票决中，各项目的赞成、反对、弃权票合计应相同。",
        message="“赞成票”“反对票”“弃权票”合计，与同一次票决（同一县区、乡镇、年度）的多数项目不同。"
        "请核对这个项目的票数，有废票、没有按表决器的请确认。",
        column="votes_for",
    ),
    never(
        "ExpectMoreCandidatesThanPlaces",
        "is_chosen",
        "places",
        ("as many as candidates",),
        reason="票决应差额：候选项目应多于当选项目。",
        message="同一次票决（同一县区、乡镇、年度）的候选项目全部当选，没有差额。"
        "请核对是否当选，或补上没有当选的候选项目。",
    ),
)
_PROGRESS = (
    between(
        "ExpectProgressWithinHundred",
        "progress",
        standard.possible("progress"),
        0,
        100,
        severity="critical",
        reason="进度应在 0 到 100 之间。",
        message="“进度”小于 0 或超过 100%。请核对，改正后重新导出。",
    ),
    between(
        "ExpectFinishedProjectToBeDone",
        "progress",
        "progress_if_finished",
        100,
        None,
        reason="完成、测评的项目，进度应是 100。",
        message="“阶段”已是完成或测评，“进度”却不到 100。请核对阶段和进度；进度请填百分数（完成填 100，不填 1）。",
    ),
    never(
        "ExpectSurveyAfterFinish",
        "stage",
        "stage_if_surveyed",
        ("票决", "实施"),
        reason="满意度测评应在项目完成以后。",
        message="已有满意度票，“阶段”却还没有到完成。请核对阶段，或去掉还没有的满意度票。",
    ),
    never(
        "ExpectLookBackWhereDissatisfied",
        "is_looked_back",
        "look_back",
        ("lacking",),
        reason="不满意票多于满意和基本满意票的项目，应“回头看”。",
        message="“不满意票”多于“满意票”和“基本满意票”之和，“是否回头看”却不是“是”。请安排回头看，已回头看的请补填。",
    ),
)


def suites(catalog: Catalog) -> tuple[Suite | RecordSuite, ...]:
    """Return the suites of the livelihood projects."""
    money = amounts("investment_wan", "投资额（万元）", _MOST_WAN)
    return standard.suites(catalog, "livelihood_project", (*_VOTES, *_PROGRESS, *money), _DERIVED)
