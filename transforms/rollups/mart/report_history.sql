-- mart.report_history
-- grain: report (a table of a form, or a report in prose), the standing one of its series and those it replaced
-- additivity: none
-- hazards: it stands until one that ranks above it (by day of report, at latest that of arrival, then by delivery) is
--   known; replaced and said again by a file of the same content it has one row: first known_at, last known_until
with
report as (select * from core.report),
delivery as (select * from ops.delivery),

sighting as ( -- one row a report and file that says it, its own or a duplicate of that; place 1 ranks lowest
    select
        report.report_id,
        report.series,
        delivery.file,
        delivery.delivered_at as known_at,
        row_number() over (
            partition by report.series
            order by
                least(report.reported_on, cast(delivery.delivered_at + interval 8 hours as date)),
                delivery.delivered_at, delivery.delivery_id, report.report_id
        ) as place
    from report
    inner join delivery on report.delivery_id = coalesce(delivery.duplicate_of, delivery.delivery_id) -- 1:n
),

outranked as ( -- one row a sighting and better one; number 1 is what ended it: what came first, then what ranks highest
    select
        sighting.*,
        better.file as by_file,
        better.place is not null as is_ended,
        greatest(sighting.known_at, better.known_at) as known_until,
        row_number() over (
            partition by sighting.report_id, sighting.place
            order by greatest(sighting.known_at, better.known_at) asc, better.place desc
        ) as number
    from sighting
    left join sighting as better -- n:m
        on sighting.series = better.series and sighting.report_id <> better.report_id and sighting.place < better.place
),

final as ( -- a later sighting never ends before an earlier one
    select
        report_id,
        min(known_at) as known_at,
        case
            when bool_and(is_ended)
                then coalesce(max(known_until) filter (where known_until > known_at), min(known_at))
        end as known_until,
        case
            when bool_and(is_ended)
                then coalesce(arg_max(by_file, place) filter (where known_until > known_at), arg_min(by_file, place))
        end as superseded_by_file
    from outranked
    where number = 1
    group by report_id
)

select * from final
