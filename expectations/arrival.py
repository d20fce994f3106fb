"""When deliveries arrived, by the clock on the wall in Guizhou; the clock of this machine is never read."""

from __future__ import annotations

import pandas as pd

GUIZHOU = "Asia/Shanghai"


def local_arrival(header: pd.DataFrame) -> pd.Series:
    """Return each table's `received_at` (UTC, with or without saying so) as local time without a zone, by table_id."""
    received = pd.to_datetime(header["received_at"], utc=True).dt.tz_convert(GUIZHOU).dt.tz_localize(None)
    return pd.Series(received.array, index=header["table_id"].array)
