-- mart.livelihood_place
-- grain: township (or county), year that the livelihood projects (民生实事) are of
-- additivity: counts and sums add in every direction
-- hazards: a project counts in every stage that it has reached; progress, money and votes are those of chosen projects;
--   one whose 不满意 votes outnumber 满意 and 基本满意 together has dissatisfaction in the lead
with
record as (select * from core.livelihood_project),

final as (
    select
        coalesce(township_code, county_code) as place_code,
        cast(year as varchar) as period,
        count(*) as collected,
        count(*) filter (where stage <> '征集') as candidates,
        count(*) filter (where stage not in ('征集', '候选') or votes_for is not null) as voted,
        count(*) filter (where is_chosen) as chosen,
        count(*) filter (where is_chosen and stage in ('完成', '测评')) as finished,
        count(progress) filter (where is_chosen) as with_progress,
        coalesce(sum(progress) filter (where is_chosen), 0) as progress_sum,
        coalesce(sum(investment_wan) filter (where is_chosen), 0) as investment_wan,
        coalesce(sum(coalesce(votes_satisfied, 0) + coalesce(votes_largely_satisfied, 0)) filter (where is_chosen), 0)
            as votes_satisfied,
        coalesce(sum(coalesce(votes_dissatisfied, 0)) filter (where is_chosen), 0) as votes_dissatisfied,
        count(*) filter (
            where is_chosen
            and votes_dissatisfied > coalesce(votes_satisfied, 0) + coalesce(votes_largely_satisfied, 0)
        ) as dissatisfied_leading,
        count(*) filter (where is_chosen and is_looked_back) as looked_back
    from record
    group by coalesce(township_code, county_code), year
)

select * from final
