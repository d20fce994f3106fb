-- dq.cumulative_gap
-- grain: unit as the form names it, flow, period that a form tells of and that cumulative forms tell otherwise
-- additivity: none
-- hazards: told_value stands in the marts, difference_value is what 本年累计 makes of the period; only where no reading of
--   both wordings agrees
with
told as (select * from mart.reported_figure where basis = 'period'),
cumulative as (select * from mart.cumulative_period where source = 'form'),

final as (
    select
        told.org_code,
        told.county_code,
        told.indicator_code,
        told.period,
        told.grain,
        told.value as told_value,
        cumulative.value as difference_value,
        cumulative.value - told.value as difference
    from told
    inner join cumulative -- 1:1
        on
            told.org_code = cumulative.org_code
            and told.indicator_code = cumulative.indicator_code
            and told.period = cumulative.period
            and told.is_lone = (cumulative.scope = 'lone')
    where told.value_low > cumulative.value_high or told.value_high < cumulative.value_low
)

select * from final
