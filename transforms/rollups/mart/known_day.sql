-- mart.known_day
-- grain: one row, always
-- additivity: none
-- hazards: the newest day that the warehouse knows of, in Guizhou, stands for today wherever something expires, so that
--   a rebuild ends as the run did: without deliveries time stands still, and without any it is empty; a file dated
--   later than it was received (a wrong clock) counts for the day it was received
with
delivery as (select * from ops.delivery),

final as (
    select cast(max(least(delivered_at, received_at)) + interval 8 hours as date) as known_on
    from delivery
)

select * from final
