-- Explanations that a unit gave in the workbook it sent back (说明表); mart.explanation puts them beside the declared ones.

create table core.explanation (
    delivery_id varchar not null,
    org_code varchar not null,
    county_code varchar not null,
    indicator_code varchar,
    period varchar not null,
    rule varchar not null,
    asked varchar not null, -- hash of what was asked, see catalog.returned.asked_of
    cell varchar,
    text varchar not null,
    source_ref varchar not null,
    said_on date not null,
    expires_on date not null
);
