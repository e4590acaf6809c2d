from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import AT, Run
from tests.openbadges.baking.images import png, svg
from tests.verification.builders import as_bytes, badge, signed, token

GOOD = signed(badge(name="Résumé ✓ & <b>"))
IMAGES = pytest.mark.parametrize("image", [png(), svg("", attributes="")], ids=["png", "svg"])


@IMAGES
@pytest.mark.parametrize("credential", [GOOD, token(badge())], ids=["json", "token"])
def test_a_credential_goes_into_a_picture_and_comes_out_as_it_was(
    intaglio: Run, write: Callable[..., str], folder: Path, image: bytes, credential: Any
) -> None:
    write("picture", image), write("credential", as_bytes(credential) + b"\n")
    assert intaglio("bake", "picture", "credential", "--out", "baked").status == 0
    assert intaglio("verify", "--offline", "--at", AT, "baked").status == 0
    assert intaglio("unbake", "baked", "--out", "taken").status == 0
    assert (folder / "taken").read_bytes() == as_bytes(credential) + b"\n"
    assert intaglio("unbake", "-", stdin=(folder / "baked").read_bytes()).out.encode() == as_bytes(credential) + b"\n"


@IMAGES
def test_a_credential_that_is_in_a_picture_already_is_replaced(
    intaglio: Run, write: Callable[..., str], image: bytes
) -> None:
    write("picture", image), write("first", token(badge()))
    intaglio("bake", "picture", "first", "--out", "baked")
    assert intaglio("bake", "baked", "-", "--out", "baked", stdin=as_bytes(GOOD)).status == 0
    assert "Résumé" in intaglio("unbake", "baked").out


@pytest.mark.parametrize(
    ("image", "credential", "status", "words"),
    [
        (b"GIF89a", GOOD, 1, "This is not an image that can hold a badge."),
        (b"", GOOD, 1, "This is not an image that can hold a badge."),
        (png()[:-5], GOOD, 2, "This PNG image is damaged."),
        (svg("", before="<!DOCTYPE svg [<!ENTITY a 'b'>]>"), GOOD, 2, "defines its own building blocks"),
        (png(), b"not a credential", 2, "This is not a credential in any form that we know."),
        (png(), b'{"a": 1, "a": 2}', 2, "A name stands twice"),
    ],
)
def test_what_cannot_be_baked_is_refused_and_leaves_nothing_behind(
    intaglio: Run, write: Callable[..., str], folder: Path, *, image: bytes, credential: Any, status: int, words: str
) -> None:
    write("picture", image), write("credential", credential)
    done = intaglio("bake", "picture", "credential", "--out", "baked")
    assert (done.status, done.out) == (status, "")
    assert words in done.err
    assert not (folder / "baked").exists()


@pytest.mark.parametrize(
    "image", [png(), svg(""), b"<svg", b"", as_bytes(GOOD)], ids=["png", "svg", "cut", "empty", "json"]
)
def test_a_picture_without_a_credential_gives_none(intaglio: Run, write: Callable[..., str], image: bytes) -> None:
    done = intaglio("unbake", write("picture", image))
    assert done.status in {1, 2}
    assert done.out == ""
    assert done.err.startswith("intaglio: ")


@pytest.mark.parametrize("arguments", [[], ["picture"], ["picture", "credential"]], ids=str)
def test_an_incomplete_call_is_explained(intaglio: Run, arguments: list[str]) -> None:
    assert intaglio("bake", *arguments).status == 2


def test_a_picture_that_cannot_be_opened_or_written_is_told(intaglio: Run, write: Callable[..., str]) -> None:
    write("picture", png()), write("credential", GOOD)
    assert "The file cannot be opened." in intaglio("unbake", "nowhere.png").err
    done = intaglio("bake", "picture", "credential", "--out", "no/such/folder.png")
    assert (done.status, "no/such/folder.png: No such file or directory." in done.err) == (2, True)
    done = intaglio("bake", "picture", "credential", "--out", "no\0where.png")
    assert (done.status, "no file can have this name" in done.err) == (2, True)
