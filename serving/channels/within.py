"""An end to whatever is waited for: no exchange with a channel outlasts its time, however it is dragged out.

The time-outs of sockets count from one byte to the next, and looking up a name has none: whoever sends a byte now and
then could hold up every other channel.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def within(seconds: float, exchange: Callable[[], T]) -> T:
    """Return what `exchange` returns, or raise what it raises; TimeoutError where it has not ended by then.

    It runs in a thread of its own. One that is given up is left behind: it ends with its socket's own time-outs, or
    with the process, which does not wait for it.
    """
    done: Future[T] = Future()
    context = copy_context()

    def run() -> None:
        try:
            done.set_result(context.run(exchange))
        except BaseException as error:  # noqa: BLE001 - handed on to whoever waits
            done.set_exception(error)

    Thread(target=run, name="channel", daemon=True).start()
    return done.result(timeout=seconds)
