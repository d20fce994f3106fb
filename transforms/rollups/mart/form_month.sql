-- mart.form_month
-- grain: month that a figure in force by form begins or ends in
-- additivity: none; with the months of records it says which months are in use (stocks have a figure for each of them)
-- hazards: a table of its own, so that a figure corrected in a month already known changes no stock of records; months
--   outside the calendar (0001) are here too
with
observation as (select * from core.observation where is_current and source = 'form'),

final as (
    select strftime(period_start, '%Y-%m') as period from observation
    union
    select strftime(period_end, '%Y-%m') as period from observation
)

select * from final
