-- dq.alike_report
-- grain: standing form, way of comparing, report that it is like (the most like has place 1)
-- additivity: none; a step of dq.repeated_report
-- hazards: n_alike counts all the reports that it is like, of equally like ones the latest comes first; cells are those
--   of the three largest figures that are the same
with
pair as (select * from dq.alike_pair),
figure as (select * from dq.alike_figure),
report as (select * from core.report),
fewest as (select value as digits from ref.parameter where name = 'alike_least_digits'),

told as (
    select
        kind,
        report_id,
        other_report_id,
        cast(sum(n_digits) as bigint) as n_digits,
        string_agg(case when place <= 3 then cell end, '、' order by place) as cells,
        string_agg(case when place <= 3 then other_cell end, '、' order by place) as other_cells
    from figure
    group by kind, report_id, other_report_id
),

final as (
    select
        pair.kind,
        pair.report_id,
        pair.other_report_id,
        pair.n_compared,
        pair.n_equal,
        told.n_digits,
        cast(100.0 * pair.n_equal / pair.n_compared as decimal(18, 4)) as share_equal,
        told.cells,
        told.other_cells,
        count(*) over (partition by pair.kind, pair.report_id) as n_alike,
        row_number() over (
            partition by pair.kind, pair.report_id
            order by pair.n_equal / pair.n_compared desc, other.period desc, other.county_code asc, other.report_id asc
        ) as place
    from pair
    inner join told -- 1:1
        on
            pair.kind = told.kind and pair.report_id = told.report_id
            and pair.other_report_id = told.other_report_id
    inner join report as other on pair.other_report_id = other.report_id -- n:1
    cross join fewest -- one row
    where told.n_digits >= fewest.digits
)

select * from final
