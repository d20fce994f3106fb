-- The exports of the catalog by name, for tables that speak of systems (mart.coverage).

create table ref.export (
    export varchar not null,
    name_zh varchar not null,
    name_en varchar not null,
    system integer not null
);
