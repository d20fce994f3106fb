-- mart.month_state
-- grain: month that any county, prefecture or the province has a figure for, or that somebody decided on (月度定稿状态)
-- additivity: none
-- hazards: 定稿 is somebody's decision and has nothing to do with is_final (终值), which says that all parts are there;
--   figures in the marts are those of today: of a month 已修订待确认 they differ from what was approved
with
decision as (select * from ops.month_decision),

month as (
    select period from mart.province_month
    union
    select period from decision
),

last_of as ( -- one row a month that was decided on
    select
        period,
        max(sequence) as sequence
    from decision
    group by period
),

final as (
    select
        month.period,
        case decision.decision
            when 'approved' then '已定稿' when 'revised' then '已修订待确认' when 'rejected' then '已退回'
            else '未定稿'
        end as state,
        coalesce(decision.revision, 0) as revision,
        coalesce(decision.n_changed, 0) as n_changed,
        decision.decided_at,
        decision.actor,
        decision.note
    from month
    left join last_of on month.period = last_of.period -- 1:1
    left join decision on last_of.period = decision.period and last_of.sequence = decision.sequence -- 1:1
)

select * from final
