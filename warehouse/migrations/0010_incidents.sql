-- Incidents (问题单) as a journal, and the messages that tell of them: written together, in one transaction, and never
-- deleted. `dq.incident` is a view over the journal. Neither is in any delivered file, so a rebuild carries both over.

create table dq.incident_event (
    incident_id varchar not null,
    sequence bigint not null,
    happened_at timestamp not null,
    kind varchar not null,
    state varchar not null,
    root_cause varchar not null,
    cause varchar not null,
    org_code varchar not null,
    period varchar,
    system integer,
    rule varchar,
    indicator_code varchar,
    file varchar,
    is_must_fix boolean not null,
    n_findings bigint not null,
    members varchar not null,
    title varchar not null,
    due_on date not null,
    owner varchar not null,
    actor varchar not null,
    note varchar,
    expires_on date,
    primary key (incident_id, sequence),
    check (state in ('open', 'acknowledged', 'explained', 'returned', 'resolved', 'reopened'))
);

-- What an explanation answered: the messages that its incident held when it was given.
create table dq.incident_answer (
    incident_id varchar not null,
    sequence bigint not null,
    org_code varchar not null,
    period varchar,
    rule varchar not null,
    indicator_code varchar,
    message varchar not null,
    expires_on date not null
);

create table ops.message (
    message_key varchar primary key,
    number bigint not null unique,
    kind varchar not null,
    incident_id varchar,
    route varchar not null,
    channel varchar not null,
    content varchar not null,
    created_at timestamp not null,
    not_before timestamp not null
);

-- Whom and when a file says that it speaks of, by its head, else by its name and folder: all that is known of one
-- that cannot be read, or of which nothing was accepted.
alter table ops.delivery add column claimed_org_code varchar;
alter table ops.delivery add column claimed_period varchar;
