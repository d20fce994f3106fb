-- mart.prose_pair
-- grain: figure in prose, figure by form or by records of the same unit and indicator, of the same or a near period
-- additivity: none
-- hazards: near is a month that lies in the span (is_inside) or ends at most a year before or after it; quarters and
--   years only pair with prose of that very period (is_same); a figure in another unit has no pair
with
prose_figure as (select * from mart.prose_figure where is_comparable),
compared_figure as (select * from mart.compared_figure),

paired as (
    select
        prose_figure.row_ref,
        prose_figure.kind,
        prose_figure.span_start,
        prose_figure.span_end,
        prose_figure.n_months_expected,
        compared_figure.*,
        coalesce(prose_figure.basis = 'period' and prose_figure.period = compared_figure.period, false) as is_same,
        coalesce(
            compared_figure.start_date >= prose_figure.span_start and compared_figure.end_date <= prose_figure.span_end,
            false
        ) as is_inside,
        abs(date_diff('day', compared_figure.end_date, prose_figure.span_end)) as days_off
    from prose_figure
    inner join compared_figure -- n:m
        on
            prose_figure.org_code = compared_figure.org_code
            and prose_figure.indicator_code = compared_figure.indicator_code
),

final as (
    select
        row_ref,
        kind,
        span_start,
        span_end,
        n_months_expected,
        source,
        grain,
        period,
        start_date,
        end_date,
        value,
        n_reported,
        n_expected,
        is_same,
        is_inside,
        days_off
    from paired
    where is_same or (grain = 'month' and (is_inside or days_off <= 366))
)

select * from final
