-- mart.year_so_far
-- grain: township or county, indicator, year: its latest figure of 本年累计 and what came after it, where parts know less
-- additivity: flows added, rates rebuilt from added parts; adds over the tree
-- hazards: only where some month up to the cumulative figure is known by no form of a month or quarter, else the parts
--   in mart.year_of_quarters say it; whole if every month behind it is there; n_reported is 0 until all of it is final
with
piece as (
    select
        piece.*,
        reach.level,
        reach.kind,
        reach.n_reported,
        reach.n_expected,
        reach.is_whole,
        reach.n_months as n_reach,
        sum(if(piece.role = 'before' and piece.source = 'form', piece.n_months, 0))
            over (partition by piece.org_code, piece.indicator_code, piece.year) as n_before,
        sum(if(piece.role = 'before', 0, piece.n_months))
            over (partition by piece.org_code, piece.indicator_code, piece.year) as n_all
    from mart.year_piece as piece
    inner join mart.year_reach as reach -- n:1
        on piece.org_code = reach.org_code and piece.indicator_code = reach.indicator_code and piece.year = reach.year
),

final as (
    select
        org_code,
        level,
        indicator_code,
        kind,
        year as period,
        'year' as grain,
        if(bool_and(source = 'form'), 'form', 'mixed') as source,
        if(n_all = 12 and bool_and(source = 'form'), 2, 5) as preference,
        case kind
            when 'flow' then sum(value)
            else cast(100.0 * sum(numerator) / nullif(sum(denominator), 0) as decimal(18, 4))
        end as value,
        if(kind = 'flow', sum(value_low), null) as value_low,
        if(kind = 'flow', sum(value_high), null) as value_high,
        if(kind = 'flow', sum(value_rounded), null) as value_rounded,
        cast(null as decimal(18, 4)) as records_value,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        if(n_all = 12 and bool_and(is_final), n_reported, 0) as n_reported,
        n_expected,
        is_whole and n_all = 12 as is_whole,
        n_all = 12 and bool_and(is_final) as is_final
    from piece
    where n_before < n_reach and role <> 'before'
    group by org_code, level, indicator_code, kind, year, n_all, n_reported, n_expected, is_whole
    having kind = 'flow' or count(denominator) = count(*)
)

select * from final
