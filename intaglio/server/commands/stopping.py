"""Being told to stop. uvicorn raises the signals that it has seen once more when it is done, for whoever was there before it."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class _Stopped(BaseException):
    """SIGTERM came. No `except Exception` on the way out takes it for an error."""


@contextmanager
def stopped_by_sigterm() -> Iterator[None]:
    """Let SIGTERM end the block, in good order: what is open in it is closed, which an unhandled signal would not do."""
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    except _Stopped:
        pass
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise _Stopped
