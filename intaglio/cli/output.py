"""Where commands write: files, the standard output and, for what went wrong, the standard error."""

import os
import sys
from contextlib import suppress
from pathlib import Path

from intaglio.cli.text import printable
from intaglio.errors import MalformedInput, Problem

_ASIDES = ("Ask the issuer", "Ask the sender")


def say(text: str) -> None:
    """Print lines for a person or a program, at once. What the terminal's encoding cannot write is spelt out.

    :raises MalformedInput: ``output-unwritable``
    :raises BrokenPipeError: where nobody reads any more.
    """
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        print(text.encode(encoding, "backslashreplace").decode(encoding), flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        abandon_output()
        raise _unwritable("standard output", error) from None


def write_output(name: str | None, data: bytes) -> None:
    """Write to a file, or to the standard output where none is named.

    :raises MalformedInput: ``output-unwritable``
    :raises BrokenPipeError: where nobody reads any more.
    """
    try:
        if name is None or name == "-":
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        else:
            Path(name).write_bytes(data)
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        if name is None or name == "-":
            abandon_output()
        raise _unwritable(name or "standard output", error) from None


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
