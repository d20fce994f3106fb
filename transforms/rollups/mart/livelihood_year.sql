-- mart.livelihood_year
-- grain: township, county, prefecture or province, year that the livelihood projects (民生实事) are of
-- additivity: counts and sums add over units of one level and over years; the mean and the share never
-- hazards: mean_progress is of the chosen projects that state one; share_satisfied is of all votes of the surveys, 满意
--   and 基本满意 together, not a mean of projects; a year outside the calendar is left out
with
placed as (select * from mart.livelihood_place),
calendar as (select * from ref.period where grain = 'year'),
org_unit as (select * from mart.org_unit),

final as (
    select
        org_unit.unit_code as org_code,
        org_unit.unit_name as org_name,
        org_unit.unit_level as level,
        placed.period,
        cast(sum(placed.collected) as bigint) as collected,
        cast(sum(placed.candidates) as bigint) as candidates,
        cast(sum(placed.voted) as bigint) as voted,
        cast(sum(placed.chosen) as bigint) as chosen,
        cast(sum(placed.finished) as bigint) as finished,
        cast(sum(placed.with_progress) as bigint) as with_progress,
        cast(sum(placed.progress_sum) as decimal(18, 4)) as progress_sum,
        cast(sum(placed.progress_sum) / nullif(sum(placed.with_progress), 0) as decimal(18, 4)) as mean_progress,
        cast(sum(placed.investment_wan) as decimal(18, 4)) as investment_wan,
        cast(sum(placed.votes_satisfied) as bigint) as votes_satisfied,
        cast(sum(placed.votes_dissatisfied) as bigint) as votes_dissatisfied,
        cast(
            100.0 * sum(placed.votes_satisfied)
            / nullif(sum(placed.votes_satisfied + placed.votes_dissatisfied), 0)
            as decimal(18, 4)
        ) as share_satisfied,
        cast(sum(placed.dissatisfied_leading) as bigint) as dissatisfied_leading,
        cast(sum(placed.looked_back) as bigint) as looked_back
    from placed
    inner join calendar on placed.period = calendar.period -- n:1
    inner join org_unit on placed.place_code = org_unit.org_code -- n:m, the unit and all above it
    group by org_unit.unit_code, org_unit.unit_name, org_unit.unit_level, placed.period
)

select * from final
