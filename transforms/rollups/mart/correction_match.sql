-- mart.correction_match
-- grain: declared correction, with the one cell in force that holds what it corrects, else what stands in its place
-- additivity: none
-- hazards: only state applied changes a figure; expired goes before all others; a county's total over its townships is
--   no cell, so a correction of it is unmatched, and n_below says how many cells its townships have
with
correction as (select * from ref.correction),
correction_cell as (select * from mart.correction_cell),
known_day as (select * from mart.known_day),

counted as (
    select
        correction_id,
        count(case when is_own then 1 end) as n_own,
        count(case when is_meant then 1 end) as n_meant,
        count(case when not is_own then 1 end) as n_below
    from correction_cell
    group by correction_id
),

first_cell as (select * from correction_cell where is_own and place = 1),

final as (
    select
        correction.correction_id,
        case
            when known_day.known_on > correction.expires_on then 'expired'
            when counted.n_meant = 1 then 'applied'
            when counted.n_meant > 1 then 'ambiguous'
            when counted.n_own > 0 then 'stale'
            else 'unmatched'
        end as state,
        coalesce(counted.n_below, 0) as n_below,
        first_cell.report_id,
        first_cell.delivery_id,
        first_cell.source_ref,
        first_cell.value as value_now
    from correction
    left join counted on correction.correction_id = counted.correction_id -- 1:1
    left join first_cell on correction.correction_id = first_cell.correction_id -- 1:1
    cross join known_day -- n:1
)

select * from final
