-- When the warehouse could first know a content (获知时间), and by which delivery. core.<export> gets both columns from
-- the catalog's side: see warehouse/tables.py. Of what was loaded before, only the latest delivery is known; `daibiao
-- rebuild` tells the first.

alter table core.superseded_record add column known_at timestamp;
alter table core.superseded_record add column known_by varchar;
-- What was known on an earlier day may have been brought by a file in which its line is not known any more.
alter table core.superseded_record alter column source_ref drop not null;
update core.superseded_record
set known_at = delivery.delivered_at, known_by = delivery.delivery_id
from ops.delivery as delivery
where superseded_record.delivery_id = delivery.delivery_id;
