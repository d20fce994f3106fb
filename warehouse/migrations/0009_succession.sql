-- Units in time (行政区划沿革): what became of units that ended, and the tree that the marts are on (可比口径).
-- Rows come from the catalog each time the warehouse is opened for writing.

alter table ref.org add column series_code varchar;
alter table ref.org add column unit_code varchar;
alter table ref.org add column is_on_tree boolean;

create table ref.succession (
    org_code varchar not null,
    org_name varchar not null,
    successor_code varchar not null,
    change varchar not null,
    changed_on date not null,
    weight decimal(9, 4),
    note varchar
);

create table ref.org_share (
    org_code varchar not null,
    unit_code varchar not null,
    weight decimal(9, 4) not null
);

create table ref.org_reported (
    org_code varchar not null,
    unit_code varchar not null,
    unit_name varchar not null,
    unit_level varchar not null,
    county_code varchar not null,
    is_in_force boolean not null
);

create table ref.org_term (
    series varchar not null,
    unit_code varchar not null,
    org_code varchar not null,
    org_name varchar not null,
    level varchar not null,
    first_date date,
    last_date date,
    is_break boolean not null,
    note varchar
);
