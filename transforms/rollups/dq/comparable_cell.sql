-- dq.comparable_cell
-- grain: way of comparing (two_periods of one unit, two_units of one period), cell of a standing form that tells
-- additivity: none; a step of dq.alike_pair
-- hazards: only flows from alike_smallest_figure on: stocks stay the same, and small numbers, 0 and 无 are alike
--   everywhere; of 本年累计 two months are not compared, as nothing may have been added; slot is the township of one
--   unit's cells, and of two units' the number of the line, since townships differ
with
report as (select * from core.report where is_current and form <> 'prose'),
observation as (select * from core.observation where is_current and source = 'form'),
indicator as (select * from ref.indicator where kind = 'flow'),
org_unit as (select * from mart.org_unit),
smallest as (select value as figure from ref.parameter where name = 'alike_smallest_figure'),

lined as ( -- blanks and 无 count as lines
    select
        observation.*,
        own.unit_level,
        dense_rank() over (
            partition by observation.report_id, own.unit_level
            order by
                try_cast(regexp_extract(observation.row_ref, '#([0-9]+):', 1) as int),
                try_cast(regexp_extract(observation.row_ref, ':([0-9]+)$', 1) as int)
        ) as line
    from observation
    inner join org_unit as own on observation.org_code = own.org_code and own.unit_level = own.org_level -- n:1
),

way (kind) as (values ('two_periods'), ('two_units')),

final as (
    select
        way.kind,
        report.form,
        report.grain,
        report.basis,
        if(way.kind = 'two_units', report.period, county.unit_code) as shared,
        if(way.kind = 'two_units', county.unit_code, report.period) as side,
        case
            when lined.unit_level <> 'township' then lined.unit_level
            when way.kind = 'two_units' then cast(lined.line as varchar)
            else lined.org_code
        end as slot,
        lined.indicator_code,
        lined.value,
        report.report_id,
        lined.source_ref as cell
    from lined
    inner join report on lined.report_id = report.report_id -- n:1
    inner join indicator on lined.indicator_code = indicator.code -- n:1
    inner join org_unit as county on report.county_code = county.org_code and county.unit_level = 'county' -- n:1
    inner join way on way.kind = 'two_units' or report.basis = 'period' -- 1:2
    cross join smallest -- one row
    where lined.state = 'figure' and lined.value >= smallest.figure
)

select * from final
