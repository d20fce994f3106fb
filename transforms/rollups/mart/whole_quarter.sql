-- mart.whole_quarter
-- grain: township or county, indicator, quarter by forms: how many quarters of its year are whole by forms up to it
-- additivity: none
-- hazards: records make no quarter whole here; a quarter without any form has no row
with
unit_quarter as (select * from mart.unit_quarter where source = 'form'),

final as (
    select
        latest.org_code,
        latest.indicator_code,
        latest.period,
        count(*) as n_quarters
    from unit_quarter as latest
    inner join unit_quarter as part -- 1:n
        on
            latest.org_code = part.org_code
            and latest.indicator_code = part.indicator_code
            and latest.period >= part.period
            and left(latest.period, 4) = left(part.period, 4)
    where part.is_whole
    group by latest.org_code, latest.indicator_code, latest.period
)

select * from final
