-- dq.replaced_delivery
-- grain: delivery after which another came that was taken in: under the same name, or by the same unit for the
--   same period
-- additivity: none
-- hazards: of a file that could not be read, unit and period are those that its name and folder claim; prose
--   replaces prose only, and a form forms; records are settled one by one, see dq.settled_record
with
delivery as (select * from ops.delivery where status not in ('duplicate', 'set_aside')),
later as (select * from ops.delivery where status in ('loaded', 'partly_loaded', 'superseded')),
report as (select * from core.report),

spoken as ( -- one row a delivery, and unit and period that it speaks of
    select
        delivery_id,
        coalesce(org_code, claimed_org_code) as org_code,
        coalesce(period, claimed_period) as period
    from delivery
    where coalesce(org_code, claimed_org_code) is not null and coalesce(period, claimed_period) is not null
    union
    select
        delivery_id,
        org_code,
        period
    from report
    where org_code is not null and period is not null
),

pair as ( -- one row two deliveries that speak of the same
    select
        delivery.delivery_id,
        later.delivery_id as later_id
    from delivery
    inner join later on delivery.file = later.file -- n:m
    union
    select
        before.delivery_id,
        after.delivery_id as later_id
    from spoken as before
    inner join spoken as after on before.org_code = after.org_code and before.period = after.period -- n:m
),

final as (
    select distinct delivery.delivery_id
    from pair
    inner join delivery on pair.delivery_id = delivery.delivery_id -- n:1
    inner join later on pair.later_id = later.delivery_id -- n:1
    where
        row(later.delivered_at, later.delivery_id) > row(delivery.delivered_at, delivery.delivery_id)
        and coalesce(delivery.dataset = later.dataset, later.dataset <> 'prose')
)

select * from final
