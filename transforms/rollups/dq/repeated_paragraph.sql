-- dq.repeated_paragraph
-- grain: standing report in prose that shares paragraphs with another, of another unit, time or title
-- additivity: none; a question to the unit, no finding: the paragraphs may be right
-- hazards: other_... is the report that it shares most with, of n_alike such; cells name the first three paragraphs
with
shared as (select * from dq.shared_paragraph),
label as (select * from dq.report_label),
fewest as (select value as paragraphs from ref.parameter where name = 'repeated_least_paragraphs'),

told as (
    select
        shared.report_id,
        shared.other_report_id,
        count(*) as n_shared,
        cast(sum(shared.characters) as bigint) as characters,
        string_agg(case when shared.place <= 3 then shared.cell end, '、' order by shared.place) as cells,
        string_agg(case when shared.place <= 3 then shared.other_cell end, '、' order by shared.place) as other_cells,
        cast(min(shared.paragraph_number) as varchar) as number,
        cast(min(shared.other_paragraph_number) as varchar) as other_number,
        count(*) over (partition by shared.report_id) as n_alike,
        row_number() over (
            partition by shared.report_id order by sum(shared.characters) desc, shared.other_report_id asc
        ) as place
    from shared
    cross join fewest -- one row
    group by shared.report_id, shared.other_report_id
    having count(*) >= max(fewest.paragraphs)
),

final as (
    select
        concat('repeated_paragraph-', told.report_id, '-', told.other_report_id) as question_id,
        told.report_id,
        mine.org_code,
        mine.org_name,
        mine.period,
        mine.file,
        told.cells,
        told.other_report_id,
        others.org_code as other_org_code,
        others.org_name as other_org_name,
        others.period as other_period,
        others.file as other_file,
        told.other_cells,
        told.n_shared,
        told.characters,
        told.n_alike,
        concat(
            mine.org_name, '的报告“', mine.file, '”有', cast(told.n_shared as varchar), '段（第', told.number, '段起）与',
            if(mine.org_code = others.org_code, '本单位', others.org_name), '的报告“', others.file, '”（第', told.other_number,
            '段起）连同数字都相同。请核实是否沿用了旧稿或范文：数字确实相同的请说明情况，有误的请改正后重新报送。'
        ) as message
    from told
    inner join label as mine on told.report_id = mine.report_id and told.place = 1 -- 1:1
    inner join label as others on told.other_report_id = others.report_id -- n:1
)

select * from final
