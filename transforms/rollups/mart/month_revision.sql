-- mart.month_revision
-- grain: month, revision of it from the second on, unit, indicator whose figure that revision changed (定稿修订)
-- additivity: change adds up over the revisions of one figure, never over levels
-- hazards: an empty value_before is a figure that came late, an empty value_after one that went away; where only the
--   interval changed, change is 0; a unit stands under the code that it had when the revision was made
with
figure as (select * from ops.month_figure),

revised as ( -- one row a month and revision that has one before it
    select distinct
        period,
        revision
    from ops.month_decision
    where revision > 1
),

before as (
    select
        figure.*,
        revised.revision as next_revision
    from figure
    inner join revised on figure.period = revised.period and figure.revision + 1 = revised.revision -- n:1
),

after as (
    select figure.*
    from figure
    inner join revised on figure.period = revised.period and figure.revision = revised.revision -- n:1
),

final as (
    select
        coalesce(after.period, before.period) as period,
        coalesce(after.revision, before.next_revision) as revision,
        coalesce(after.level, before.level) as level,
        coalesce(after.org_code, before.org_code) as org_code,
        org.name as org_name,
        coalesce(after.indicator_code, before.indicator_code) as indicator_code,
        before.value as value_before,
        after.value as value_after,
        coalesce(after.value, 0) - coalesce(before.value, 0) as change
    from before
    full join after -- 1:1
        on
            before.period = after.period and before.next_revision = after.revision and before.level = after.level
            and before.org_code = after.org_code and before.indicator_code = after.indicator_code
    left join ref.org as org on coalesce(after.org_code, before.org_code) = org.code -- n:1
    where
        after.value is distinct from before.value
        or after.value_low is distinct from before.value_low
        or after.value_high is distinct from before.value_high
)

select * from final
