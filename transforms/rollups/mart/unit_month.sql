-- mart.unit_month
-- grain: township or county, indicator, month: one figure, chosen between the form's and the records'
-- additivity: flows add over time; values and parts add over the tree within one level; the value of a rate never adds
-- hazards: the form stands where it speaks and the records' figure is kept in records_value; a rate takes both parts
--   from one source (the form's, else the records', else the form's bare percent); a rate of 0 cases has no value;
--   distinct counts never come here: mart.distinct_unit has them
with
unit_figure as (select * from mart.unit_figure where grain = 'month' and kind <> 'distinct'),

ranked as (
    select
        *,
        row_number() over (partition by org_code, indicator_code, period order by preference) as place,
        max(case when source = 'records' then value end)
            over (partition by org_code, indicator_code, period) as value_of_records
    from unit_figure
),

final as (
    select
        org_code,
        level,
        indicator_code,
        kind,
        period,
        grain,
        source,
        preference,
        value,
        value_low,
        value_high,
        value_rounded,
        value_of_records as records_value,
        numerator,
        denominator,
        n_reported,
        n_expected,
        is_whole,
        is_final
    from ranked
    where place = 1
)

select * from final
