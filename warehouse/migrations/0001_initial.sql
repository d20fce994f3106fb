-- Schemas and the tables whose columns do not depend on the catalog.
-- core.<export> is made from catalog/exports; mart tables are made anew by every roll-up.
-- Times are UTC; figures are decimal(18, 4).

create schema ref;
create schema core;
create schema mart;
create schema dq;
create schema if not exists ops;

create table ref.org (
    code varchar not null,
    name varchar not null,
    level varchar not null,
    parent_code varchar,
    county_code varchar,
    prefecture_code varchar,
    valid_from date,
    valid_to date,
    successor_code varchar
);

create table ref.indicator (
    code varchar not null,
    name_zh varchar not null,
    name_en varchar not null,
    unit varchar not null,
    kind varchar not null,
    over_time varchar not null,
    over_tree varchar not null,
    numerator varchar,
    denominator varchar,
    system integer not null,
    is_part boolean not null
);

create table ref.period (
    period varchar not null,
    grain varchar not null,
    start_date date not null,
    end_date date not null,
    month varchar,
    quarter varchar,
    year varchar not null,
    due_date date not null
);

create table ref.parameter (
    name varchar not null,
    value decimal(18, 4) not null
);

create table ops.delivery (
    delivery_id varchar primary key,
    sha256 varchar not null,
    file varchar not null,
    size_bytes bigint not null,
    format varchar,
    encoding varchar,
    dataset varchar,
    status varchar not null,
    reason varchar,
    org_code varchar,
    period varchar,
    rows_in bigint not null,
    rows_loaded bigint not null,
    rows_quarantined bigint not null,
    rows_rejected bigint not null,
    duplicate_of varchar,
    superseded_by varchar,
    fingerprint varchar,
    reported_on date,
    delivered_at timestamp not null,
    received_at timestamp not null,
    loaded_at timestamp not null,
    check (rows_in = rows_loaded + rows_quarantined + rows_rejected),
    check (status in ('loaded', 'partly_loaded', 'rejected', 'duplicate', 'superseded', 'set_aside'))
);

create table core.report (
    report_id varchar primary key,
    delivery_id varchar not null,
    form varchar not null,
    sheet varchar,
    county_code varchar not null,
    period varchar not null,
    grain varchar not null,
    period_start date not null,
    period_end date not null,
    basis varchar not null,
    reported_on date,
    delivered_at timestamp not null,
    rows_in bigint not null,
    rows_quarantined bigint not null,
    is_complete boolean not null,
    is_current boolean not null,
    superseded_by varchar
);

create table core.observation (
    report_id varchar not null,
    delivery_id varchar not null,
    org_code varchar not null,
    org_name_reported varchar,
    county_code varchar not null,
    indicator_code varchar not null,
    period varchar not null,
    grain varchar not null,
    period_start date not null,
    period_end date not null,
    basis varchar not null,
    value decimal(18, 4),
    value_low decimal(18, 4),
    value_high decimal(18, 4),
    qualifier varchar,
    state varchar not null,
    unit varchar,
    source varchar not null,
    source_ref varchar not null,
    row_ref varchar not null,
    is_current boolean not null
);

create table core.superseded_record (
    export varchar not null,
    record_key varchar not null,
    record_hash varchar not null,
    delivery_id varchar not null,
    source_ref varchar not null,
    steps_done bigint,
    superseded_by varchar,
    content varchar not null
);

create table dq.verdict (
    delivery_id varchar not null,
    suite varchar not null,
    rule varchar not null,
    severity varchar not null,
    checked bigint not null,
    failed bigint not null
);

create table dq.finding (
    finding_id varchar primary key,
    delivery_id varchar not null,
    file varchar not null,
    table_id varchar,
    line bigint,
    cell varchar,
    suite varchar not null,
    rule varchar not null,
    severity varchar not null,
    scope varchar not null,
    column_name varchar,
    message varchar not null
);

create table dq.quarantine (
    delivery_id varchar not null,
    file varchar not null,
    table_id varchar,
    line bigint,
    cell varchar,
    rules varchar not null,
    reasons varchar not null,
    content varchar
);
