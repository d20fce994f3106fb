-- Paragraphs of reports in prose (文字报告段落) by a keyed hash: nothing of their text.
-- Reports loaded before have none until `daibiao rebuild`.

create table core.paragraph (
    report_id varchar not null,
    delivery_id varchar not null,
    paragraph_number bigint not null,
    characters bigint not null,
    digest varchar not null,
    source_ref varchar not null
);
