-- mart.verified_share
-- grain: county, prefecture or province, indicator (flow or stock), month, quarter or year (经记录核实占比)
-- additivity: value and verified_value add over units of one level and grain; verified_rate never does
-- hazards: verified_value is the part of value from counties whose form or prose the records bear out (records_state
--   agrees, within_precision or explained); what rests on records alone is not verified by them
with
figure as (
    select * from mart.unit_period
    where level = 'county'
    union all
    select * from mart.tree_period
),
reconciliation as (select * from mart.reconciliation where level = 'county'),
org_unit as (select * from mart.org_unit where unit_level <> 'township'),
indicator as (select * from ref.indicator where kind in ('flow', 'stock') and not is_part),
org as (select * from ref.org),

verified as ( -- one row a unit, indicator, period: its counties that the records bear out
    select
        org_unit.unit_code,
        county.indicator_code,
        county.period,
        sum(county.value) as verified_value,
        count(*) as n_verified
    from figure as county
    inner join reconciliation -- 1:1
        on
            county.org_code = reconciliation.org_code
            and county.indicator_code = reconciliation.indicator_code
            and county.period = reconciliation.period
    inner join org_unit on county.org_code = org_unit.org_code -- 1:3
    where reconciliation.records_state in ('agrees', 'within_precision', 'explained')
    group by org_unit.unit_code, county.indicator_code, county.period
),

final as (
    select
        figure.org_code,
        org.name as org_name,
        figure.level,
        figure.indicator_code,
        indicator.name_zh as indicator_name,
        figure.period,
        figure.grain,
        figure.value,
        coalesce(verified.verified_value, 0) as verified_value,
        coalesce(verified.n_verified, 0) as n_verified,
        cast(100.0 * coalesce(verified.verified_value, 0) / nullif(figure.value, 0) as decimal(18, 4)) as verified_rate
    from figure
    inner join indicator on figure.indicator_code = indicator.code -- n:1
    inner join org on figure.org_code = org.code -- n:1
    left join verified -- 1:1
        on
            figure.org_code = verified.unit_code
            and figure.indicator_code = verified.indicator_code
            and figure.period = verified.period
)

select * from final
