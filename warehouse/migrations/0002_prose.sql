-- Prose reports (文字报告): figures of any unit, of any time or of none that is stated.
-- Delivered files that were set aside before are taken up again by themselves: see warehouse/load.py, `pending`.

alter table core.report alter column county_code drop not null;
alter table core.report alter column period drop not null;
alter table core.report alter column grain drop not null;
alter table core.report alter column period_start drop not null;
alter table core.report alter column period_end drop not null;
alter table core.report add column org_code varchar;
alter table core.report add column title varchar;
alter table core.report add column series varchar;
update core.report set org_code = county_code, series = concat_ws('|', form, county_code, period, basis);

alter table core.observation alter column county_code drop not null;
alter table core.observation alter column period drop not null;
alter table core.observation alter column grain drop not null;
alter table core.observation alter column period_start drop not null;
alter table core.observation alter column period_end drop not null;
alter table core.observation add column is_inclusive boolean;
alter table core.observation add column is_breakdown boolean;
alter table core.observation add column phrase varchar;
alter table core.observation add column period_phrase varchar;
