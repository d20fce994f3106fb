-- mart.unit_series
-- grain: series (as_reported 原口径, comparable 可比口径), county or township with a history, indicator, period
-- additivity: none over series; within one series as mart.unit_period
-- hazards: only units that were renamed, moved, merged or split are here: of all others both series are mart.county_*
--   and mart.township_*; a figure reported after a unit's end still stands under its last name; distinct counts are
--   told as comparable only, but for units that just changed their name; is_break: what came before or after is not
--   comparable, since nobody knows the shares
with
unit_period as (select * from mart.unit_period),
term as (select * from ref.org_term),
indicator as (select * from ref.indicator where not is_part),
calendar as (select * from ref.period),

final as (
    select
        term.series,
        term.org_code,
        term.org_name,
        unit_period.level,
        unit_period.indicator_code,
        indicator.name_zh as indicator_name,
        indicator.unit,
        unit_period.period,
        unit_period.grain,
        unit_period.value,
        unit_period.value_low,
        unit_period.value_high,
        unit_period.numerator,
        unit_period.denominator,
        unit_period.source,
        unit_period.is_final,
        term.is_break,
        term.note
    from unit_period
    inner join indicator on unit_period.indicator_code = indicator.code -- n:1
    inner join calendar on unit_period.period = calendar.period -- n:1
    inner join term -- n:2, one of either series
        on
            unit_period.org_code = term.unit_code
            and calendar.end_date >= coalesce(term.first_date, calendar.end_date)
            and calendar.end_date <= coalesce(term.last_date, calendar.end_date)
    where unit_period.kind <> 'distinct' or term.unit_code not like '~%'
)

select * from final
