-- mart.given_explanation
-- grain: explanation (核实说明) that a unit gave in a workbook it sent back, or that was noted on an incident (问题单)
-- additivity: none; a figure may have several
-- hazards: of what workbooks answer to one thing asked only the newest is told, by the time of delivery; one without an
--   indicator is about no one figure; asked is empty where it answers its rule as a whole
with
said as (select * from mart.workbook_explanation),
noted as (select * from mart.noted_explanation),
county as (select * from ref.org where level = 'county' and valid_to is null),

workbook as (
    select
        *,
        rank() over about as newest
    from said
    window about as (
        partition by org_code, indicator_code, period, rule, asked order by delivered_at desc, delivery_id desc
    )
),

answered as (
    select
        concat_ws('-', 'workbook', workbook.delivery_id, regexp_extract(workbook.source_ref, '[A-Z]+[0-9]+$'))
            as explanation_id,
        workbook.org_code,
        workbook.indicator_code,
        workbook.period,
        workbook.rule,
        workbook.asked,
        workbook.text,
        coalesce(county.name, workbook.county_code) as who,
        workbook.said_on,
        workbook.expires_on,
        'workbook' as origin
    from workbook
    left join county on workbook.county_code = county.code -- n:1
    where workbook.newest = 1
),

final as (
    select * from answered
    union all
    select
        explanation_id,
        org_code,
        indicator_code,
        period,
        rule,
        null as asked,
        text,
        who,
        said_on,
        expires_on,
        origin
    from noted
)

select * from final
