-- mart.missing_unit
-- grain: county, prefecture or province, indicator, period whose figure does not rest on all units below
-- additivity: none
-- hazards: missing are townships (counties) in force without a figure for the whole period, of a rate those without its
--   two parts; a county that gave its 合计 only, or whose records know no township, has no row: nobody can say
with
told as (
    select * from mart.unit_period
    where level = 'county' and n_reported > 0
    union all
    select * from mart.tree_period
),
expected as ( -- one row a unit and unit in force that it should rest on
    select * from mart.org_unit
    where is_in_force and org_level = if(unit_level = 'county', 'township', 'county') and org_level <> unit_level
),

lacking as (
    select
        told.org_code,
        told.indicator_code,
        told.period,
        org.code as missing_code,
        org.name as missing_name
    from told
    inner join expected on told.org_code = expected.unit_code -- 1:n
    inner join ref.org as org on expected.org_code = org.code -- n:1
    left join mart.unit_period as present -- 1:1
        on
            expected.org_code = present.org_code
            and told.indicator_code = present.indicator_code
            and told.period = present.period
            and present.is_whole
            and (present.kind <> 'ratio' or present.denominator is not null)
    left join mart.tree_period as covering -- n:1, a prefecture that is told with all below it
        on
            told.level = 'province' and org.prefecture_code = covering.org_code and covering.source = 'prose'
            and told.indicator_code = covering.indicator_code and told.period = covering.period
    where told.n_reported < told.n_expected and present.org_code is null and covering.org_code is null
),

final as (
    select
        org_code,
        indicator_code,
        period,
        count(*) as n_missing,
        string_agg(missing_name, '、' order by missing_code) as missing
    from lacking
    group by org_code, indicator_code, period
)

select * from final
