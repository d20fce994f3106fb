-- dq.repeated_report
-- grain: standing form that is nearly all the same as another, of another period (two_periods) or unit (two_units)
-- additivity: none; a question to the unit, no finding: the figures may be right
-- hazards: other_... is the report that it is most like, of n_alike such; cells are three of the equal ones
with
alike as (select * from dq.alike_report where place = 1),
label as (select * from dq.report_label),

final as (
    select
        concat('repeated_report-', alike.report_id, '-', alike.other_report_id) as question_id,
        alike.kind,
        alike.report_id,
        mine.org_code,
        mine.org_name,
        mine.period,
        mine.file,
        alike.cells,
        alike.other_report_id,
        others.org_code as other_org_code,
        others.org_name as other_org_name,
        others.period as other_period,
        others.file as other_file,
        alike.other_cells,
        alike.n_compared,
        alike.n_equal,
        alike.n_digits,
        alike.share_equal,
        alike.n_alike,
        concat(
            mine.org_name, mine.period_name, '的报表中可比的', cast(alike.n_compared as varchar), '个数，有',
            cast(alike.n_equal as varchar), '个与',
            case when alike.kind = 'two_units' then others.org_name else '本单位' end, others.period_name,
            '的报表相同（如', alike.cells, '与对方的', alike.other_cells, '）。请核实',
            case when alike.kind = 'two_units' then '两地是否用了同一份底表而有数未改' else '是否沿用了上期的数而未更新' end,
            '：确实相同的请说明情况，填错的请改正后重新报送。'
        ) as message
    from alike
    inner join label as mine on alike.report_id = mine.report_id -- n:1
    inner join label as others on alike.other_report_id = others.report_id -- n:1
)

select * from final
