-- mart.rate_part
-- grain: township or county as the source names it, rate, period, source: the two parts that the rate is rebuilt from
-- additivity: parts add over the tree and over time; the rate itself never does, so value is empty here
-- hazards: a form must give both parts for the same unit (a blank part leaves the unit out of the rate); records
--   without a numerator count 0 of n; columns and their order are those of mart.source_figure
with
source_figure as (select * from mart.source_figure),
rate as (select * from ref.indicator where kind = 'ratio'),

final as (
    select
        whole.org_code,
        rate.code as indicator_code,
        whole.period,
        whole.grain,
        whole.source,
        cast(null as decimal(18, 4)) as value,
        cast(null as decimal(18, 4)) as value_low,
        cast(null as decimal(18, 4)) as value_high,
        coalesce(part.value, 0) as numerator,
        whole.value as denominator,
        whole.is_final
    from source_figure as whole
    inner join rate on whole.indicator_code = rate.denominator -- 1:n
    left join source_figure as part -- 1:1
        on
            rate.numerator = part.indicator_code
            and whole.org_code = part.org_code
            and whole.period = part.period
            and whole.source = part.source
    where part.value is not null or whole.source = 'records'
)

select * from final
