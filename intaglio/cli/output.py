"""Where commands write: files, the standard output and, for what went wrong, the standard error."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from intaglio.cli.text import printable
from intaglio.errors import MalformedInput, Problem

_ASIDES = ("Ask the issuer", "Ask the sender")


def say(text: str) -> None:
    """Print lines for a person or a program, at once. What the terminal's encoding cannot write is spelt out.

    :raises MalformedInput: ``output-unwritable``
    :raises BrokenPipeError: where nobody reads any more.
    """
    with _standard_output() as stream:
        encoding = stream.encoding or "utf-8"
        print(text.encode(encoding, "backslashreplace").decode(encoding), file=stream, flush=True)


def write_output(name: str | None, data: bytes) -> None:
    """Write to a file, or to the standard output where none is named.

    :raises MalformedInput: ``output-unwritable``
    :raises BrokenPipeError: where nobody reads any more.
    """
    if name is None or name == "-":
        with _standard_output() as stream:
            stream.buffer.write(data)
            stream.buffer.flush()
        return
    try:
        Path(name).write_bytes(data)
    except (OSError, ValueError) as error:
        raise _unwritable(name, error) from None


@contextmanager
def _standard_output() -> Iterator[TextIO]:
    if sys.stdout is None:  # so Python has it where a process was started without one
        raise _unwritable("standard output", OSError(errno.EBADF, os.strerror(errno.EBADF)))
    try:
        yield sys.stdout
    except BrokenPipeError:
        raise
    except OSError as error:
        abandon_output()
        raise _unwritable("standard output", error) from None


def complain(problem: Problem, *, to_issuer: bool) -> None:
    """Print a problem. An issuer is spared the advice to ask the issuer, and the sender."""
    spared = to_issuer and problem.advice.startswith(_ASIDES)
    # The names of members are a stranger's text too.
    text = str(problem).removesuffix(f" {problem.advice}") if spared else str(problem)
    print(f"intaglio: {printable(text)}", file=sys.stderr)


def abandon_output() -> None:
    """Let go of what is still to be written: Python would try again at exit, and complain."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def reason_of(error: OSError | ValueError) -> str:
    """Return why a file could not be opened or written, in the words of the operating system."""
    # A name that no file can have, with a null byte in it for example, is a ValueError to Python.
    return (error.strerror if isinstance(error, OSError) else None) or "no file can have this name"


def _unwritable(name: str, error: OSError | ValueError) -> MalformedInput:
    return MalformedInput("output-unwritable", f"{name}: {reason_of(error)}.")
