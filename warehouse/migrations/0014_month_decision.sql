-- A month is final (定稿) when somebody approved it; later figures make a numbered revision. Decisions are in no delivered
-- file, so a rebuild carries them over.

create table ops.month_decision (
    period varchar not null,
    sequence integer not null,
    revision integer not null,
    decision varchar not null,
    decided_at timestamp not null,
    actor varchar not null,
    note varchar,
    release_id varchar,
    n_changed bigint not null,
    primary key (period, sequence),
    check (decision in ('approved', 'rejected', 'revised'))
);

create table ops.month_figure (
    period varchar not null,
    revision integer not null,
    level varchar not null,
    org_code varchar not null,
    indicator_code varchar not null,
    value decimal(18, 4),
    value_low decimal(18, 4),
    value_high decimal(18, 4)
);
