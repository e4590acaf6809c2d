"""A guard against tests that would not end: an attack that works takes minutes or hours, so no machine is too slow for it."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

CPU_SECONDS = 30.0


class DoesNotEndError(Exception):
    """The guarded work took more computing than any machine would need for it."""


@contextmanager
def ends() -> Iterator[None]:
    """Stop what is inside after half a minute of computing; what waits, or runs on a slow machine, is not disturbed."""

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise DoesNotEndError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, CPU_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
