-- mart.correction_cell
-- grain: declared correction, cell in force of its unit, or (is_own false) of the townships of a county that it names
-- additivity: none
-- hazards: is_meant: the cell that holds what the correction says; place 1 of is_own is it, else the unit's first cell
with
correction as (select * from ref.correction),
observation as (select * from core.observation where source = 'form' and is_current),
org_unit as (select * from mart.org_unit),

cell as (
    select
        correction.correction_id,
        observation.report_id,
        observation.delivery_id,
        observation.source_ref,
        observation.value,
        told.series_code = meant.series_code as is_own,
        told.series_code = meant.series_code and coalesce(observation.value = correction.value_from, false) as is_meant
    from correction
    inner join org_unit as named on correction.org_code = named.org_code and named.org_level = named.unit_level -- n:1
    inner join org_unit as unit on named.unit_code = unit.unit_code -- 1:n, its codes, old and new, and those below it
    inner join observation -- 1:n
        on
            unit.org_code = observation.org_code and correction.indicator_code = observation.indicator_code
            and correction.period = observation.period and correction.basis = observation.basis
    inner join ref.org as meant on correction.org_code = meant.code -- n:1
    inner join ref.org as told on observation.org_code = told.code -- n:1
    where told.series_code = meant.series_code or told.level <> meant.level -- never those of a unit merged with it
),

final as (
    select
        *,
        row_number() over (
            partition by correction_id, is_own
            order by is_meant desc, report_id asc, source_ref asc
        ) as place
    from cell
)

select * from final
