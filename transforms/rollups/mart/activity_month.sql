-- mart.activity_month
-- grain: county, prefecture or province, month in which the activities (活动开展) were held
-- additivity: all columns add over units of one level and over months
-- hazards: a blank number of suggestions or matters counts nothing
with
activity_level_month as (select * from mart.activity_level_month),

final as (
    select
        org_code,
        org_name,
        level,
        period,
        cast(sum(activities) as bigint) as activities,
        cast(sum(participants) as bigint) as participants,
        cast(sum(suggestions_made) as bigint) as suggestions_made,
        cast(sum(matters_settled) as bigint) as matters_settled
    from activity_level_month
    group by org_code, org_name, level, period
)

select * from final
