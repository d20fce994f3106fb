-- dq.shared_paragraph
-- grain: standing report in prose, other one, paragraph that is the same in both
-- additivity: characters add over the paragraphs of a pair
-- hazards: two units stand in two rows, one from each side; of one unit only the later report has rows; a paragraph
--   that stands twice in a report counts once; the report of a unit above may quote those below and is compared with
--   none of them, nor is one that names no unit; reports loaded before paragraphs were kept have none
with
paragraph as (select * from core.paragraph),
label as (select * from dq.report_label where org_code is not null),

standing as ( -- one row a report and paragraph
    select
        report_id,
        digest,
        max(characters) as characters,
        min(paragraph_number) as paragraph_number,
        arg_min(source_ref, paragraph_number) as cell
    from paragraph
    group by report_id, digest
),

final as (
    select
        mine.report_id,
        other.report_id as other_report_id,
        mine.characters,
        mine.paragraph_number,
        mine.cell,
        other.paragraph_number as other_paragraph_number,
        other.cell as other_cell,
        row_number() over (partition by mine.report_id, other.report_id order by mine.paragraph_number) as place
    from standing as mine
    inner join standing as other on mine.digest = other.digest and mine.report_id <> other.report_id -- 1:n
    inner join label as own on mine.report_id = own.report_id -- n:1
    inner join label as others on other.report_id = others.report_id -- n:1
    where
        (own.org_code = others.org_code and own.order_key > others.order_key)
        or (
            own.org_code <> others.org_code and own.level <> 'province' and others.level <> 'province'
            and own.org_code not in (coalesce(others.county_code, ''), coalesce(others.prefecture_code, ''))
            and others.org_code not in (coalesce(own.county_code, ''), coalesce(own.prefecture_code, ''))
        )
)

select * from final
