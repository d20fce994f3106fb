-- mart.report_completeness
-- grain: county, month, quarter or year of which a report by form stands
-- additivity: counts add over counties; the rate never: add n_cells_filled and n_cells_expected, then divide
-- hazards: measured from the cells, not declared: a lone 合计 fills no township's cells; a nil report (零报告) leaves
--   nothing to be filled, so all its cells count as filled; the cells of a line held back are not filled, those that
--   could not be read are counted; a column that the county's tables have not is not expected
with
cell as (select * from mart.report_cell),
finding as (select * from dq.finding where rule = 'ExpectFigureToBeReadable'),

filled as ( -- one row a county and period
    select
        org_code,
        org_name,
        period,
        grain,
        bool_and(is_nil) as is_nil,
        max(n_expected) as n_townships,
        max(n_expected) * count(distinct indicator_code) as n_cells,
        count(distinct township_code) filter (where is_filled) as n_townships_filled,
        count(distinct concat(township_code, ' ', indicator_code)) filter (where is_filled and township_code <> '')
            as n_cells_filled
    from cell
    group by org_code, org_name, period, grain
),

unreadable as ( -- one row a county and period with a cell that could not be read
    select
        cell.org_code,
        cell.period,
        count(distinct finding.finding_id) as n_unreadable
    from cell
    inner join finding on cell.table_id = finding.table_id -- n:m
    group by cell.org_code, cell.period
),

final as (
    select
        filled.org_code,
        filled.org_name,
        filled.period,
        filled.grain,
        filled.is_nil,
        filled.n_townships as n_townships_expected,
        if(filled.is_nil, filled.n_townships, filled.n_townships_filled) as n_townships_reported,
        filled.n_cells as n_cells_expected,
        if(filled.is_nil, filled.n_cells, filled.n_cells_filled) as n_cells_filled,
        coalesce(unreadable.n_unreadable, 0) as n_unreadable,
        if(filled.is_nil, 100, cast(100.0 * filled.n_cells_filled / nullif(filled.n_cells, 0) as decimal(18, 4)))
            as completeness_rate
    from filled
    left join unreadable on filled.org_code = unreadable.org_code and filled.period = unreadable.period -- 1:1
)

select * from final
