-- What offices declare about single figures: corrections (更正) and explanations (核实说明) of the catalog.

create table ref.correction (
    correction_id varchar not null,
    org_code varchar not null,
    indicator_code varchar not null,
    period varchar not null,
    basis varchar not null,
    value_from decimal(18, 4) not null,
    value_to decimal(18, 4) not null,
    reason varchar not null,
    who varchar not null,
    declared_on date not null,
    expires_on date not null
);

create table ref.explanation (
    explanation_id varchar not null,
    org_code varchar not null,
    indicator_code varchar not null,
    period varchar not null,
    rule varchar,
    text varchar not null,
    who varchar not null,
    said_on date not null,
    expires_on date not null
);
