-- mart.prose_period
-- grain: unit, indicator, month, quarter or year that reports in prose speak of (文字报告各期数)
-- additivity: none; figures are rounded, and a unit's may hold the units below it (全市各级)
-- hazards: a figure of the very period stands before the difference of two cumulative ones (今年以来 …: see basis); of
--   several in force the one reported last is taken, then the lower row_ref, as one of them must be:
--   n_figures says how many there are, mart.prose_said has them all
with
said as ( -- figures that tell of the very period, then those that follow from cumulative ones
    select
        *,
        1 as turn
    from mart.prose_said
    union all
    select
        *,
        2 as turn
    from mart.prose_difference
),

ranked as (
    select
        *,
        count(*) over (partition by org_code, indicator_code, period) as n_figures,
        row_number()
            over (partition by org_code, indicator_code, period order by turn asc, reported_on desc, row_ref asc)
            as place
    from said
),

final as (
    select
        org_code,
        level,
        indicator_code,
        kind,
        period,
        grain,
        basis,
        value,
        value_low,
        value_high,
        qualifier,
        is_inclusive,
        row_ref,
        reported_on,
        n_figures
    from ranked
    where place = 1
)

select * from final
