"""Times as people in Guizhou read them; the warehouse keeps naive UTC."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from catalog.alerting import QuietHours

_AHEAD = timedelta(hours=8)


def guizhou(moment: datetime) -> datetime:
    """Return naive UTC as the clock in Guizhou shows it.

    >>> guizhou(datetime(2026, 7, 5, 16, 30))
    datetime.datetime(2026, 7, 6, 0, 30)
    """
    return moment + _AHEAD


def guizhou_day(moment: datetime) -> date:
    """Return the day in Guizhou of a naive UTC time."""
    return guizhou(moment).date()


def utc_of(day: date, clock: time) -> datetime:
    """Return the naive UTC time at which the clock in Guizhou shows `clock` on `day`."""
    return datetime.combine(day, clock) - _AHEAD


def after_quiet(moment: datetime, quiet: QuietHours | None) -> datetime:
    """Return the first moment (naive UTC) not before `moment` at which somebody may be told.

    >>> night = QuietHours(since=time(22), until=time(8))
    >>> after_quiet(datetime(2026, 7, 5, 15), night), after_quiet(datetime(2026, 7, 5, 2), night)
    (datetime.datetime(2026, 7, 6, 0, 0), datetime.datetime(2026, 7, 5, 2, 0))
    """
    if quiet is None:
        return moment
    here = guizhou(moment)
    overnight = quiet.since > quiet.until
    clock = here.time()
    if overnight and clock >= quiet.since:
        return utc_of(here.date() + timedelta(days=1), quiet.until)
    is_quiet = clock < quiet.until if overnight else quiet.since <= clock < quiet.until
    return utc_of(here.date(), quiet.until) if is_quiet else moment
