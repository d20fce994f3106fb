-- dq.alike_pair
-- grain: way of comparing, standing form, other one of its form, grain and basis whose figures are nearly all the same
-- additivity: none; a step of dq.repeated_report
-- hazards: two units stand in two rows, one from each side; of one unit only the later period has a row; n_compared is
--   that of the report with fewer figures; reports of very few figures are here too, and mean nothing
with
cell as (select * from dq.comparable_cell),
percent as (select value as share from ref.parameter where name = 'alike_percent'),

counted as ( -- figures that can be compared
    select
        kind,
        report_id,
        count(*) as n_cells
    from cell
    group by kind, report_id
),

equal as ( -- figures that are the same at the same place
    select
        cell.kind,
        cell.report_id,
        other.report_id as other_report_id,
        count(*) as n_equal
    from cell
    inner join cell as other -- 1:n
        on
            cell.kind = other.kind and cell.form = other.form and cell.grain = other.grain
            and cell.basis = other.basis and cell.shared = other.shared and cell.slot = other.slot
            and cell.indicator_code = other.indicator_code and cell.value = other.value
            and (cell.side > other.side or (cell.side < other.side and cell.kind = 'two_units'))
    group by cell.kind, cell.report_id, other.report_id
),

final as (
    select
        equal.kind,
        equal.report_id,
        equal.other_report_id,
        least(mine.n_cells, others.n_cells) as n_compared,
        equal.n_equal
    from equal
    inner join counted as mine on equal.kind = mine.kind and equal.report_id = mine.report_id -- n:1
    inner join counted as others on equal.kind = others.kind and equal.other_report_id = others.report_id -- n:1
    cross join percent -- one row
    where 100 * equal.n_equal >= percent.share * least(mine.n_cells, others.n_cells)
)

select * from final
