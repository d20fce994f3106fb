-- mart.rate_part
-- grain: township or county as the source names it, rate, period, source: the two parts that the rate is rebuilt from
-- additivity: parts add over the tree and over time; the rate itself never does, so value is empty here
-- hazards: a form must give both parts for the same unit (a blank part leaves the unit out of the rate); of records the
--   part that is not there is 0: 0 of n, or n of 0 where what was filed in one month is answered in another, which has
--   no rate of its own but counts in that of the year; columns and their order are those of mart.source_figure
with
source_figure as (select * from mart.source_figure),
rate as (select * from ref.indicator where kind = 'ratio'),

whole as (
    select
        source_figure.*,
        rate.code as rate_code
    from source_figure
    inner join rate on source_figure.indicator_code = rate.denominator -- n:m
),

part as (
    select
        source_figure.*,
        rate.code as rate_code
    from source_figure
    inner join rate on source_figure.indicator_code = rate.numerator -- n:m
),

final as (
    select
        coalesce(whole.org_code, part.org_code) as org_code,
        coalesce(whole.rate_code, part.rate_code) as indicator_code,
        coalesce(whole.period, part.period) as period,
        coalesce(whole.grain, part.grain) as grain,
        coalesce(whole.source, part.source) as source,
        cast(null as decimal(18, 4)) as value,
        cast(null as decimal(18, 4)) as value_low,
        cast(null as decimal(18, 4)) as value_high,
        coalesce(part.value, 0) as numerator,
        coalesce(whole.value, 0) as denominator,
        coalesce(whole.is_final, part.is_final) as is_final
    from whole
    full outer join part -- 1:1
        on
            whole.rate_code = part.rate_code
            and whole.org_code = part.org_code
            and whole.period = part.period
            and whole.grain = part.grain
            and whole.source = part.source
    where (whole.value is not null and part.value is not null) or coalesce(whole.source, part.source) = 'records'
)

select * from final
