-- mart.distinct_part
-- grain: township or county, distinct count (of people), quarter or year: the bounds that its parts leave open
-- additivity: none; at least as many people as in the fullest part, at most those of all parts together
-- hazards: a part is a month, by its form else by the records, or a quarter's own form in place of its months;
--   is_beyond says that a form tells of more people in some part than the records, which cannot hold everybody then
with
figure as (select * from mart.distinct_figure where level in ('township', 'county')),
calendar as (select * from ref.period),

part as (
    select
        figure.*,
        calendar.quarter,
        calendar.year,
        greatest(figure.value_low, figure.records_value) as part_low,
        greatest(figure.value_high, figure.records_value) as part_high,
        coalesce(figure.value_high > coalesce(figure.records_value, 0), false) as is_fuller,
        figure.grain = 'quarter' as is_direct
    from figure
    inner join calendar on figure.period = calendar.period -- n:1
    where figure.grain = 'month' or (figure.grain = 'quarter' and figure.value is not null)
),

in_quarter as (
    select
        org_code,
        indicator_code,
        quarter as period,
        'quarter' as grain,
        year,
        coalesce(max(part_low) filter (where is_direct), max(part_low)) as bound_low,
        coalesce(max(part_high) filter (where is_direct), sum(part_high)) as bound_high,
        bool_or(is_fuller) as is_beyond,
        count(*) filter (where is_direct) = 1 or count(*) = 3 as is_whole
    from part
    group by org_code, indicator_code, quarter, year
),

final as (
    select * from in_quarter
    union all
    select
        org_code,
        indicator_code,
        year as period,
        'year' as grain,
        year,
        max(bound_low) as bound_low,
        sum(bound_high) as bound_high,
        bool_or(is_beyond) as is_beyond,
        count(*) = 4 and bool_and(is_whole) as is_whole
    from in_quarter
    group by org_code, indicator_code, year
)

select * from final
