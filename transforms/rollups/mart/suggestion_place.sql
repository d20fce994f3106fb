-- mart.suggestion_place
-- grain: county as the record names it, month in which suggestions were filed, bundle (打包编号; empty for those alone)
-- additivity: counts add in every direction; bundles must be counted anew
-- hazards: one bundle may hold suggestions of several counties and months; later steps count in the month of filing
with
suggestion_clock as (select * from mart.suggestion_clock),

final as (
    select
        place_code,
        period,
        bundle_code,
        count(*) as filed,
        count(reviewed_on) as reviewed,
        count(assigned_on) as assigned,
        count(answered_on) as answered,
        count(supervised_on) as supervised,
        count(applied_on) as applied,
        count(*) filter (where result = 'A') as class_a,
        count(*) filter (where result = 'B') as class_b,
        count(*) filter (where result = 'C') as class_c,
        count(*) filter (where result = 'D') as class_d,
        count(deputy_grade) as graded,
        count(*) filter (where deputy_grade in ('满意', '基本满意')) as satisfied,
        count(*) filter (where is_key) as key_supervised,
        count(*) filter (where is_overdue) as overdue
    from suggestion_clock
    group by place_code, period, bundle_code
)

select * from final
