-- What has changed since the marts were last brought up to date, and by what statements they were made: see
-- warehouse/recompute.py. A period that is empty may be any, a unit that is empty any unit.

create table ops.touched (
    table_name varchar not null,
    org_code varchar,
    period varchar
);

create table ops.rolled_up (
    signature varchar not null
);
