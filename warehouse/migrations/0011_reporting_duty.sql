-- Reporting duties (报送任务): who owes which form, from when on, and what was excepted; and nil reports (本月无).

create table ref.duty (
    duty varchar not null,
    name_zh varchar not null,
    form varchar not null,
    grain varchar not null,
    org_code varchar not null,
    first_period varchar not null,
    last_period varchar,
    due_days integer not null,
    remind_days integer not null
);

create table ref.duty_exception (
    exception_id varchar not null,
    duty varchar not null,
    org_code varchar not null,
    period varchar not null,
    is_waived boolean not null,
    due_date date,
    requester varchar not null,
    reason varchar not null,
    expires_on date not null,
    check (is_waived = (due_date is null))
);

alter table core.report add column is_nil boolean;
