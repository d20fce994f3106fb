-- mart.case_place
-- grain: township (or county), month in which the cases were opened, category, channel
-- additivity: counts add in every direction
-- hazards: a case without a category counts as 未注明; later steps count in the month of opening
with
case_clock as (select * from mart.case_clock),

final as (
    select
        place_code,
        period,
        coalesce(category, '未注明') as category,
        channel,
        count(*) as opened,
        count(accepted_at) as accepted,
        count(assigned_at) as assigned,
        count(closed_at) as closed,
        count(grade) as graded,
        count(*) filter (where grade in ('满意', '基本满意')) as satisfied,
        count(*) filter (where grade = '不满意') as dissatisfied,
        count(*) filter (where is_overdue) as overdue,
        count(*) filter (where case_kind = '矛盾纠纷') as disputes,
        count(closed_at) filter (where case_kind = '矛盾纠纷') as disputes_settled
    from case_clock
    group by place_code, period, category, channel
)

select * from final
