"""Where the output goes, and what happens where it cannot."""

import errno
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest

from intaglio import cli
from intaglio.cli import output
from intaglio.errors import MalformedInput
from intaglio.openbadges import baking
from tests.cli.conftest import AT, Run
from tests.openbadges.baking.images import png
from tests.verification.builders import SCHOOL, as_bytes, badge, signed

ROOT = Path(__file__).parents[2]
VERIFY = ("verify", "--offline", "--at", AT)


@pytest.fixture
def good(write: Callable[..., str]) -> str:
    """Return the name of a file that verifies."""
    return write("good.json", signed(badge()))


def start(*arguments: str, **more: Any) -> subprocess.Popen[bytes]:
    """Start the command as a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **more.pop("env", {})}
    return subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "intaglio", *arguments], env=environment, stderr=subprocess.PIPE, **more
    )


def test_the_command_runs_as_a_process_of_its_own(good: str) -> None:
    process = start(*VERIFY, good, stdout=subprocess.PIPE)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")
    assert f"issued by\n  {SCHOOL}." in out.decode()


def test_a_reader_who_has_read_enough_ends_the_command_in_silence(good: str) -> None:
    process = start(*VERIFY, *[good] * 300, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"good.json\n"
    process.stdout.close()
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (2, b"")


@pytest.mark.parametrize(
    "command", [[*VERIFY, "good.json"], ["show", "good.json"], ["unbake", "good.png"]], ids=" ".join
)
def test_a_pipe_that_was_closed_before_ends_the_command_in_silence(
    good: str, write: Callable[..., str], command: list[str]
) -> None:
    write("good.png", baking.bake(png(), as_bytes(signed(badge()))))
    reading, writing = os.pipe()
    os.close(reading)
    process = start(*command, stdout=writing)
    os.close(writing)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert b"Traceback" not in err
    assert b"BrokenPipe" not in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_is_told_and_is_no_traceback(good: str) -> None:
    with Path("/dev/full").open("wb") as full:
        process = start(*VERIFY, good, stdout=full)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert err.decode().startswith("intaglio: The file cannot be written. standard output: No space left on device.")
    assert err.count(b"\n") == 1


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_a_terminal_that_cannot_write_a_letter_gets_it_spelt_out(good: str, encoding: str) -> None:
    process = start(*VERIFY, good, stdout=subprocess.PIPE, env={"PYTHONIOENCODING": encoding})
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")
    shown = "“Critical thinking”" if encoding == "utf-8" else "\\u201cCritical thinking\\u201d"
    assert f"Confirmed: {shown}" in out.decode(encoding)


@pytest.mark.parametrize("fewer", ["stdin", "stdout", "stderr"])
def test_a_missing_stream_is_no_traceback(good: str, fewer: str) -> None:
    code = f"import os, sys; os.close({('stdin', 'stdout', 'stderr').index(fewer)}); os.execv(sys.executable, sys.argv[1:])"
    command = [sys.executable, "-c", code, sys.executable, "-m", "intaglio", *VERIFY, good, "-"]
    done = subprocess.run(  # noqa: S603 - our own command
        command, capture_output=True, check=False, input=b"", timeout=60, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert done.returncode in {0, 1, 2}
    assert b"Traceback" not in done.stderr + done.stdout


def test_a_missing_stream_is_told(
    good: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert cli.main(["show", "-"]) == 2
    assert "-: Bad file descriptor." in capsys.readouterr().err
    monkeypatch.setattr(sys, "stdout", None)
    assert cli.main([*VERIFY, good]) == 2
    assert "standard output: Bad file descriptor." in capsys.readouterr().err


def test_a_file_name_that_is_no_text_is_shown_and_repeated(good: str, folder: Path) -> None:
    odd = os.fsdecode(b"caf\xe9.json")
    (folder / odd).write_bytes((folder / good).read_bytes())
    for more in ([], ["--json"]):
        process = start(*VERIFY, *more, odd, stdout=subprocess.PIPE)
        out, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, b"")
        assert json.loads(out)["file"] == odd if more else out.startswith(b"caf .json\n")


class _Broken(io.TextIOWrapper):
    """A standard output that fails in some way, over a descriptor that can be let go."""

    def __init__(self, error: OSError, file: Path) -> None:
        super().__init__(file.open("wb"), encoding="utf-8")
        self.error = error

    def write(self, _text: str) -> NoReturn:
        raise self.error


@pytest.mark.parametrize(
    ("number", "words"), [(errno.EPIPE, ""), (errno.ENOSPC, "standard output: "), (errno.EIO, "standard output: ")]
)
def test_each_way_to_fail_at_writing_has_its_own_answer(
    good: str, folder: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    broken = _Broken(OSError(number, os.strerror(number)), folder / "out")
    errors = io.StringIO()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", broken)
        patch.setattr(sys, "stderr", errors)
        status = cli.main([*VERIFY, good])
        let_go = os.fstat(broken.fileno()).st_rdev == Path(os.devnull).stat().st_rdev
    broken.close()
    assert status == 2
    assert (words in errors.getvalue(), bool(errors.getvalue())) == (True, bool(words))
    assert let_go


def test_a_sealed_credential_that_cannot_be_written_out_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.BytesIO):
        def write(self, _data: object) -> NoReturn:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(Full()))
    with pytest.raises(MalformedInput) as caught:
        output.write_output(None, b"sealed")
    assert caught.value.problem.detail == "standard output: No space left on device."

    class Closed(io.BytesIO):
        def write(self, _data: object) -> NoReturn:
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(Closed()))
    with pytest.raises(BrokenPipeError):
        output.write_output("-", b"sealed")


def test_an_interrupted_command_ends_as_shells_expect(
    intaglio: Run, good: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr("intaglio.cli.verify.read_input", interrupt)
    done = intaglio(*VERIFY, good)
    assert (done.status, done.out, done.err) == (130, "", "")


def test_output_may_go_to_any_stream_of_text(good: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    assert cli.main([*VERIFY, good]) == 0
    assert "“Critical thinking”" in stream.getvalue()


@pytest.mark.parametrize(
    "arguments", [[], ["nothing"], ["--version"], ["verify"], ["--help"], ["issue", "--help"]], ids=str
)
def test_a_call_without_a_command_is_explained(intaglio: Run, arguments: list[str]) -> None:
    done = intaglio(*arguments)
    assert done.status == (0 if "--help" in arguments else 2)
    assert (done.out if "--help" in arguments else done.err).startswith("usage: intaglio")
