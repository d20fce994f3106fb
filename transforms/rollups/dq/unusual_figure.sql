-- dq.unusual_figure
-- grain: county, flow, month whose figure lies far outside all that its forms told before (异常值)
-- additivity: none; no finding: the figure may be right
-- hazards: far is all of unusual_times beyond the largest or below the least one ever told, unusual_distance by the
--   usual scatter (MAD; none where they never differ) and unusual_least_difference in figures; the month's own change
--   among the counties of the prefecture or the province, if three are known, is granted first (全省集中行动)
with
usual as (select * from dq.usual_figure where earlier_median > 0 and value > 0),
known as (
    select
        max(case when name = 'unusual_times' then value end) as times,
        max(case when name = 'unusual_distance' then value end) as distance,
        max(case when name = 'unusual_least_difference' then value end) as least_difference
    from ref.parameter
),

beside as ( -- what the month did to the counties of the prefecture and of the province
    select
        *,
        case when count(*) over prefecture >= 3 then median(value_change) over prefecture else 1 end as near_change,
        case when count(*) over province >= 3 then median(value_change) over province else 1 end as wide_change
    from usual
    window
        prefecture as (partition by prefecture_code, indicator_code, period),
        province as (partition by indicator_code, period)
),

judged as (
    select
        beside.*,
        known.distance,
        beside.value - beside.earlier_largest >= known.least_difference
        and beside.value / known.times
        > beside.earlier_largest * greatest(1, beside.near_change, beside.wide_change) as is_high,
        beside.earlier_least - beside.value >= known.least_difference
        and beside.value * known.times
        < beside.earlier_least * least(1, beside.near_change, beside.wide_change) as is_low
    from beside
    cross join known -- one row
),

final as (
    select
        org_code,
        indicator_code,
        period,
        value,
        n_earlier,
        earlier_least,
        earlier_largest,
        is_high
    from judged
    where (is_high or is_low) and 0.6745 * abs(value - earlier_median) >= distance * earlier_mad
)

select * from final
