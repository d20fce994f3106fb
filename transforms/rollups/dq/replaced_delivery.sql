-- dq.replaced_delivery
-- grain: delivery after which another came that was taken in
-- additivity: none
-- hazards: it came under the same name, whatever its ending, under the name that we gave its returned copy, or
--   from the same unit for the same period (dq.spoken_period); prose replaces prose, and forms forms; what
--   could not be read may be prose where its ending is that of a text; exports replace by name only, and their
--   records are settled one by one (dq.settled_record)
with
delivery as (
    select
        *,
        regexp_replace(file, '[.][^./]*$', '') as stem,
        translate(left(delivery_id, 8), '0123456789', 'ghijklmnop') as mark,
        nullif(regexp_extract(file, '（反馈([a-p]{8})）', 1), '') as answers,
        lower(regexp_extract(file, '[^.]*$')) in ('doc', 'docx', 'txt', 'html', 'htm', 'md', 'pdf') as is_text
    from ops.delivery
    where status not in ('duplicate', 'set_aside')
),

later as (select * from delivery where status in ('loaded', 'partly_loaded', 'superseded')),
spoken as (select * from dq.spoken_period),

pair as ( -- one row two deliveries that are named alike or speak of the same
    select
        delivery.delivery_id,
        later.delivery_id as later_id,
        true as is_named_alike
    from delivery
    inner join later on delivery.stem = later.stem or delivery.mark = later.answers -- n:m
    union
    select
        before.delivery_id,
        after.delivery_id as later_id,
        false as is_named_alike
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
        and coalesce(
            delivery.dataset = later.dataset, pair.is_named_alike or later.dataset <> 'prose' or delivery.is_text
        )
)

select * from final
