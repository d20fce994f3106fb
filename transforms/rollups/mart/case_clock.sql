-- mart.case_clock
-- grain: case (群众工单), with its place (the station's township where known, else its county) and the days of each step
-- additivity: cases add over places and months; days do not
-- hazards: a station of another county than the case's gives no township; an open case has neither closed_at nor
--   days_total, and is overdue by the latest time that any case speaks of, so that the same data give the same answer;
--   a case opened outside the calendar (0001, 1899) is left out; a step that ends before it began took 0 days if on the
--   same day (a date may come without its time), else its days are empty
with
record as (select * from core."case"),
station as (select * from core.station),
calendar as (select * from ref.period where grain = 'month'),
due as (select cast(value as int) as due_days from ref.parameter where name = 'case_due_days'),

clock as ( -- one row: the latest time that any case speaks of
    select greatest(max(opened_at), max(accepted_at), max(assigned_at), max(closed_at)) as spoken_at
    from record
),

final as (
    select
        record.case_code,
        coalesce(station.township_code, record.county_code) as place_code,
        calendar.period,
        record.accepted_at,
        record.assigned_at,
        record.closed_at,
        record.grade,
        record.case_kind,
        record.category,
        record.channel,
        cast(if(
            cast(record.opened_at as date) <= cast(record.accepted_at as date),
            greatest(date_diff('second', record.opened_at, record.accepted_at), 0) / 86400.0, null
        ) as decimal(18, 6)) as days_accept,
        cast(if(
            cast(record.accepted_at as date) <= cast(record.assigned_at as date),
            greatest(date_diff('second', record.accepted_at, record.assigned_at), 0) / 86400.0, null
        ) as decimal(18, 6)) as days_assign,
        cast(if(
            cast(record.assigned_at as date) <= cast(record.closed_at as date),
            greatest(date_diff('second', record.assigned_at, record.closed_at), 0) / 86400.0, null
        ) as decimal(18, 6)) as days_handle,
        cast(if(
            cast(record.opened_at as date) <= cast(record.closed_at as date),
            greatest(date_diff('second', record.opened_at, record.closed_at), 0) / 86400.0, null
        ) as decimal(18, 6)) as days_total,
        date_diff('second', record.opened_at, coalesce(record.closed_at, clock.spoken_at))
        > due.due_days * 86400 as is_overdue
    from record
    inner join calendar on strftime(cast(record.opened_at as date), '%Y-%m') = calendar.period -- n:1
    left join station -- n:1
        on record.station_code = station.station_code and record.county_code = station.county_code
    cross join due -- one row
    cross join clock -- one row
)

select * from final
