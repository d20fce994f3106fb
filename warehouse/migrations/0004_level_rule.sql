-- Which figure of a unit stands: the sum of its parts, or one that holds all below it (上下级取舍).

alter table ref.indicator add column level_rule varchar;
