"""Recognising what one is given: envelopes, images, tokens that show parts of themselves."""

from typing import Any

import pytest

from intaglio.openbadges import baking
from intaglio.verification.reading import MAX_VALUES, read
from tests.openbadges.baking.images import png, svg
from tests.verification.builders import (
    as_bytes,
    assert_doubted,
    assert_refused,
    assert_verified,
    badge,
    envelope,
    presentation,
    signed,
    token,
    verify,
)

PNG, SVG = png(), svg("")
_PRESENTATION = "EnvelopedVerifiablePresentation"


def test_an_envelope_whose_address_is_none() -> None:
    for address in (None, 7, "https://school.example/", "DATA:application/vc+jwt,a.b.c"):
        assert_refused(verify({**envelope("a.b.c"), "id": address}), "format", "bad-envelope", "/id")


@pytest.mark.parametrize(
    "media",
    [
        "application/vc+sd-jwt",
        "application/dc+sd-jwt",
        "application/vc+cose",
        "text/plain",
        "application/vc+jwt;base64",
        "",
    ],
)
def test_an_envelope_around_what_we_do_not_open_is_unknown(media: str) -> None:
    assert_doubted(verify(envelope(token(badge()), media=media)), "format", "unknown-envelope", "/id")


def test_an_envelope_around_no_token() -> None:
    assert_refused(verify(envelope("nothing")), "format", "not-a-credential")


def test_an_envelope_for_a_credential_that_holds_a_presentation() -> None:
    compact = token(presentation(), "learner")

    for media in ("application/vc+jwt", "application/vp+jwt"):
        assert_refused(verify(envelope(compact, media=media)), "format", "bad-envelope", "/id")


def test_an_envelope_for_a_presentation_that_holds_a_credential() -> None:
    compact = token(badge())

    for media in ("application/vc+jwt", "application/vp+jwt"):
        assert_refused(verify(envelope(compact, _PRESENTATION, media)), "format", "bad-envelope", "/id")


def test_an_envelope_that_promises_both() -> None:
    document = {**envelope(token(badge())), "type": ["EnvelopedVerifiableCredential", _PRESENTATION]}

    assert_refused(verify(document), "format", "bad-envelope", "/id")


def test_what_an_envelope_says_beside_its_token_is_not_shown() -> None:
    report = verify({**envelope(token(badge())), "name": "Forged", "credentialSubject": {"id": "did:example:thief"}})

    assert_verified(report)
    assert report.verified_document() == badge()


def test_a_token_that_shows_parts_of_itself_is_unknown() -> None:
    assert_doubted(verify(token(badge()) + "~WyJzYWx0Il0~"), "format", "selective-disclosure")


def test_a_tilde_does_not_make_a_token() -> None:
    assert_refused(verify("nothing~nothing"), "format", "not-a-credential")


@pytest.mark.parametrize("image", [PNG, SVG])
@pytest.mark.parametrize("credential", [signed(badge()), token(badge())])
def test_a_badge_that_is_baked_into_an_image(image: bytes, credential: Any) -> None:
    assert_verified(verify(baking.bake(image, as_bytes(credential))))


@pytest.mark.parametrize("image", [PNG, SVG])
def test_a_forged_badge_that_is_baked_into_an_image(image: bytes) -> None:
    forged = as_bytes({**signed(badge()), "name": "Forged"})

    assert_refused(verify(baking.bake(image, forged)), "proof", "bad-signature", "/proof")


@pytest.mark.parametrize("image", [PNG, SVG])
def test_an_image_without_a_badge(image: bytes) -> None:
    assert_refused(verify(image), "format", "not-baked")


def test_an_image_in_an_encoding_that_we_do_not_read_is_unknown() -> None:
    assert_doubted(verify(b'<?xml version="1.0" encoding="iso-8859-1"?><svg/>'), "format", "svg-encoding")


def test_a_document_of_as_many_values_as_are_read() -> None:
    document = {"list": [0] * (MAX_VALUES - 1)}

    assert read(as_bytes(document)).document == document
    assert_refused(verify({"list": [0] * MAX_VALUES}), "format", "too-large")


def test_a_token_of_more_values_than_are_read() -> None:
    assert_refused(verify(token(badge(tag=[0] * MAX_VALUES))), "format", "too-large")
