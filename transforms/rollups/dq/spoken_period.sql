-- dq.spoken_period
-- grain: delivery of a form, of prose or of what could not be read, and a unit and period that it speaks of
-- additivity: none
-- hazards: of a file that could not be read, those that its name and folder claim; prose speaks of the month, quarter
--   or year that it claims rather than of a span, which moves with each version
with
delivery as (
    select *
    from ops.delivery
    where
        status not in ('duplicate', 'set_aside')
        and (dataset is null or dataset not in (select export.export from ref.export as export))
),

report as (select * from core.report),

told as ( -- one row a delivery
    select
        delivery_id,
        coalesce(org_code, claimed_org_code) as org_code,
        case
            when dataset = 'prose' then coalesce(claimed_period, period)
            else coalesce(period, claimed_period)
        end as period
    from delivery
    union all
    select
        report.delivery_id,
        report.org_code,
        report.period
    from report
    inner join delivery on report.delivery_id = delivery.delivery_id -- n:1
),

final as (
    select distinct
        delivery_id,
        org_code,
        period
    from told
    where org_code is not null and period is not null
)

select * from final
