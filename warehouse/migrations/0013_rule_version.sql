-- The version of the rule by which a verdict was given.

alter table dq.verdict add column rule_version varchar;
