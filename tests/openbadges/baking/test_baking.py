"""What holds for both formats, and for what is neither."""

import pytest
from openbadgeslib import baking as theirs

from intaglio.errors import IntaglioError, MalformedInput, Unsupported
from intaglio.openbadges.baking import bake, is_image, unbake
from tests.openbadges.baking.images import JSON, JWT, SIGNATURE, SVG, png

PNG_OB3 = {"keyword": theirs.ITXT_KEYWORD_OB3}
SVG_OB3 = {"element": theirs.SVG_ELEMENT_OB3, "namespace": theirs.SVG_NS_OB3}


@pytest.mark.parametrize("image", [png(), SVG.encode(), b"\xef\xbb\xbf \n<svg/>", b"<html/>", SIGNATURE])
def test_an_image_is_recognised_by_its_first_bytes(image: bytes) -> None:
    assert is_image(image)


@pytest.mark.parametrize(
    "data", [b"", b"{}", JWT.encode(), b"\xff\xd8\xff\xe0JFIF", b"GIF89a", b"\xff\xfe<\0s\0", SIGNATURE[:7]]
)
def test_what_is_neither_png_nor_xml_is_no_image_for_a_badge(data: bytes) -> None:
    assert not is_image(data)
    for call in (lambda: unbake(data), lambda: bake(data, JWT)):
        with pytest.raises(Unsupported) as raised:
            call()
        assert raised.value.problem.kind == "image-kind"


@pytest.mark.parametrize(
    ("credential", "kind"),
    [
        ("", "not-a-credential"),
        ("[]", "not-a-credential"),
        ("https://example.org/assertions/1", "not-a-credential"),
        ("a.b", "not-a-credential"),
        ("a.b.c.d", "not-a-credential"),
        ('a.b.c"/><script/>', "not-a-credential"),
        ("a.b.c~d", "not-a-credential"),
        ("ä.b.c", "not-a-credential"),
        ("a.b." + "c" * 11_000_000, "not-a-credential"),
        ("{", "not-json"),
        ('{"a": 1, "a": 2}', "duplicate-member"),
        ('{"a": "\ud800"}', "not-utf8"),
        (b'{"a": "\xff"}', "not-utf8"),
    ],
)
@pytest.mark.parametrize("image", [png(), SVG.encode()], ids=["png", "svg"])
def test_what_is_no_credential_is_not_baked(image: bytes, credential: str | bytes, kind: str) -> None:
    with pytest.raises(MalformedInput) as raised:
        bake(image, credential)

    assert raised.value.problem.kind == kind


@pytest.mark.parametrize("credential", [JWT, JSON], ids=["jwt", "json"])
def test_openbadgeslib_reads_the_png_that_we_bake_and_we_read_theirs(credential: str) -> None:
    assert theirs.extract_png(bake(png(), credential), **PNG_OB3) == credential
    assert unbake(theirs.bake_png(png(), credential, **PNG_OB3)) == credential.encode()


@pytest.mark.parametrize("credential", [JWT, JSON], ids=["jwt", "json"])
def test_openbadgeslib_reads_the_svg_that_we_bake_and_we_read_theirs(credential: str) -> None:
    as_text = credential is JSON
    read = theirs.extract_svg(bake(SVG.encode(), credential), element=theirs.SVG_ELEMENT_OB3, text_fallback=True)

    assert read == credential
    assert unbake(theirs.bake_svg(SVG.encode(), credential, as_text=as_text, **SVG_OB3)) == credential.encode()


def test_what_openbadgeslib_baked_as_open_badges_2_is_named_as_such() -> None:
    for old in (theirs.bake_png(png(), JWT), theirs.bake_svg(SVG.encode(), JWT)):
        with pytest.raises(Unsupported) as raised:
            unbake(old)
        assert raised.value.problem.kind == "baked-open-badges-2"


def test_openbadgeslib_takes_the_first_of_two_credentials_where_we_refuse_both() -> None:
    # Open Badges 3.0, section 5.3.1.1: the chunk must not appear more than once.
    two = theirs.bake_png(theirs.bake_png(png(), JWT, **PNG_OB3), JSON, **PNG_OB3)

    assert theirs.extract_png(two, **PNG_OB3) == JWT
    with pytest.raises(IntaglioError) as raised:
        unbake(two)
    assert raised.value.problem.kind == "baked-twice"
