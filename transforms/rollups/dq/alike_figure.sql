-- dq.alike_figure
-- grain: pair of dq.alike_pair, figure of an indicator that is the same in both, with the first place it stands in
-- additivity: n_digits adds over the figures of a pair
-- hazards: a figure that stands in several lines, such as a quota, tells once; n_digits are the digits behind the
--   first, so that 25 tells 1 and 318 tells 2; place counts from the largest
with
pair as (select * from dq.alike_pair),
cell as (select * from dq.comparable_cell),

equal as (
    select
        pair.kind,
        pair.report_id,
        pair.other_report_id,
        mine.indicator_code,
        mine.value,
        length(cast(cast(floor(mine.value) as bigint) as varchar)) - 1 as n_digits,
        arg_min(mine.cell, mine.slot) as cell,
        arg_min(others.cell, mine.slot) as other_cell
    from pair
    inner join cell as mine on pair.kind = mine.kind and pair.report_id = mine.report_id -- 1:n
    inner join cell as others -- 1:1
        on
            pair.kind = others.kind and pair.other_report_id = others.report_id and mine.slot = others.slot
            and mine.indicator_code = others.indicator_code and mine.value = others.value
    group by pair.kind, pair.report_id, pair.other_report_id, mine.indicator_code, mine.value
),

final as (
    select
        *,
        row_number() over (
            partition by kind, report_id, other_report_id order by value desc, indicator_code asc
        ) as place
    from equal
)

select * from final
