"""Whoever asks for what is not theirs is refused, in the protocol's own words."""

from dataclasses import replace
from typing import Any

import httpx2 as httpx
import pytest

from intaglio.custody.local import LocalSigner, generate
from intaglio.multikey import Algorithm
from intaglio.protocols.openid4vci.offer import PRE_AUTHORIZED_CODE
from intaglio.protocols.openid4vci.proof import Challenge, build_proof
from issuer.delivery import service as delivery
from issuer.delivery.models import ClaimCode
from issuer.exchange import routes
from issuer.issuance.models import AwardStatus, CopyKind
from issuer.issuance.sealer import current_copies
from tests.issuer.classroom import Classroom
from tests.issuer.exchange.conftest import Offer, offer_for


def _token_form(offer: Offer, **changes: str) -> dict[str, str]:
    form = {"grant_type": PRE_AUTHORIZED_CODE, "pre-authorized_code": offer.code, "tx_code": offer.tx_code}
    return {**form, **changes}


def _token(offer: Offer) -> str:
    return str(offer.post("token", form=_token_form(offer)).json()["access_token"])


def _nonce(offer: Offer) -> str:
    return str(offer.post("nonce").json()["c_nonce"])


def _proof(offer: Offer, nonce: str | None, issuer: str = "", key: LocalSigner | None = None) -> str:
    audience = issuer or f"https://issuer.localhost/organizations/{offer.room.world.school.slug}"
    return build_proof(key or offer.signer, Challenge(audience, nonce), now=offer.room.now)


def _ask(offer: Offer, token: str, proofs: list[str], **changes: Any) -> httpx.Response:
    body = {"credential_configuration_id": "open_badge_ldp", "proofs": {"jwt": proofs}, **changes}
    return offer.post("credential", token=token, **body)


def _error(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code, answer.json()["error"]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"tx_code": "000000"}, "invalid_grant"),
        ({"tx_code": ""}, "invalid_request"),
        ({"pre-authorized_code": "guess"}, "invalid_grant"),
        ({"grant_type": "authorization_code"}, "unsupported_grant_type"),
    ],
)
def test_no_token_for_a_wrong_code(offered: Offer, changes: dict[str, str], error: str) -> None:
    assert offered.tx_code != "000000"
    assert _error(offered.post("token", form=_token_form(offered, **changes))) == (400, error)


def test_five_wrong_codes_lock_the_link_for_the_right_one_too(offered: Offer) -> None:
    for _ in range(5):
        assert _error(offered.post("token", form=_token_form(offered, tx_code="000000"))) == (400, "invalid_grant")
    assert _error(offered.post("token", form=_token_form(offered))) == (400, "invalid_grant")


def test_tokens_cannot_be_guessed_by_the_thousand(offered: Offer) -> None:
    statuses = [
        offered.post("token", form=_token_form(offered, **{"pre-authorized_code": "x"})).status_code for _ in range(61)
    ]
    assert statuses == [400] * 60 + [429]


def test_a_code_is_good_at_its_own_school_alone(offered: Offer) -> None:
    other = offered.room.world.other_school.slug
    answer = offered.room.issuer.client.post(f"/organizations/{other}/openid4vci/token", data=_token_form(offered))
    assert _error(answer) == (400, "invalid_grant")


def test_without_a_good_token_nothing_is_given(offered: Offer) -> None:
    proofs = [_proof(offered, _nonce(offered))]
    assert _error(_ask(offered, "", proofs)) == (401, "invalid_token")
    answer = _ask(offered, "guess", proofs)
    assert _error(answer) == (401, "invalid_token")
    assert answer.headers["www-authenticate"].startswith("Bearer error=")
    token = _token(offered)
    offered.room.issuer.clock.advance(minutes=16)
    assert _error(_ask(offered, token, [_proof(offered, _nonce(offered))])) == (401, "invalid_token")


def test_a_nonce_is_good_once_and_for_minutes(offered: Offer) -> None:
    token, nonce = _token(offered), _nonce(offered)
    assert _ask(offered, token, [_proof(offered, nonce)]).status_code == 200
    assert _error(_ask(offered, token, [_proof(offered, nonce)])) == (400, "invalid_nonce")
    late = _nonce(offered)
    offered.room.issuer.clock.advance(minutes=6)
    assert _error(_ask(offered, token, [_proof(offered, late)])) == (400, "invalid_nonce")
    assert _error(_ask(offered, token, [_proof(offered, "c" * 54)])) == (400, "invalid_nonce")
    assert _error(_ask(offered, token, [_proof(offered, None)])) == (400, "invalid_proof")


def test_a_proof_made_for_another_issuer_proves_nothing_here(offered: Offer) -> None:
    proof = _proof(offered, _nonce(offered), issuer="https://evil.example")
    assert _error(_ask(offered, _token(offered), [proof])) == (400, "invalid_proof")


def test_no_key_no_badge_and_one_key_each(offered: Offer) -> None:
    token = _token(offered)
    assert _error(_ask(offered, token, [])) in {(400, "invalid_proof"), (400, "invalid_credential_request")}
    another = LocalSigner.over(generate(Algorithm.ED25519))
    two = [_proof(offered, _nonce(offered)), _proof(offered, _nonce(offered), key=another)]
    assert _error(_ask(offered, token, two)) == (400, "invalid_proof")


def test_badges_of_others_cannot_be_had_by_their_identifiers(room: Classroom) -> None:
    first, second = (offer_for(room, room.sealed([learner])) for learner in room.learners[:2])
    token, foreign = _token(first), room.awards()[1]
    body = {"credential_identifier": f"{foreign.id}.ldp", "proofs": {"jwt": [_proof(first, _nonce(first))]}}
    assert _error(first.post("credential", token=token, **body)) == (400, "unknown_credential_identifier")
    assert second.claim.id != first.claim.id


def test_a_form_that_the_school_does_not_issue_is_refused(offered: Offer) -> None:
    proofs = [_proof(offered, _nonce(offered))]
    answer = _ask(offered, _token(offered), proofs, credential_configuration_id="open_badge_jwt")
    assert _error(answer) == (400, "unknown_credential_configuration")


def test_a_withdrawn_badge_is_not_handed_out(offered: Offer) -> None:
    token = _token(offered)
    award = offered.room.awards()[0]
    offered.room.change(type(award), award.id, status=AwardStatus.REVOKED)
    answer = _ask(offered, token, [_proof(offered, _nonce(offered))])
    assert answer.status_code == 400
    assert offered.room.issuer.client.get(f"/claim/{offered.code}/offer").status_code == 409


def test_what_was_not_given_out_cannot_be_notified(offered: Offer) -> None:
    answer = offered.post("notification", token=_token(offered), notification_id="x", event="credential_accepted")
    assert _error(answer) == (400, "invalid_notification_id")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b'{"proofs": 7}'])
def test_malformed_requests_are_refused_in_words(offered: Offer, body: bytes) -> None:
    token = _token(offered)
    for door in ("credential", "notification"):
        path = f"/organizations/{offered.room.world.school.slug}/openid4vci/{door}"
        answer = offered.room.issuer.client.post(path, content=body, headers={"authorization": f"Bearer {token}"})
        assert answer.status_code == 400
        assert answer.json()["error"].startswith("invalid_")


def _stranger(offer: Offer) -> Offer:
    """Return somebody else who has the link and the code, too."""
    return replace(offer, signer=LocalSigner.over(generate(Algorithm.ED25519)))


def _new_link(room: Classroom) -> Offer:
    awards = room.awards()
    with room.issuer.db() as db:
        delivery.replace(db, room.issuer.settings, room.jobs, awards, by_mail=False, now=room.now)
        db.commit()
    return offer_for(room, awards)


def test_one_link_makes_one_learners_copy(offered: Offer) -> None:
    first = offered.collect(offered.authorized())
    other = _stranger(offered)
    assert _error(_ask(other, _token(other), [_proof(other, _nonce(other))])) == (400, "credential_request_denied")
    assert offered.collect(offered.authorized()).credentials == first.credentials


def test_by_a_new_link_the_badge_moves_to_another_wallet(offered: Offer) -> None:
    room = offered.room
    offered.collect(offered.authorized())
    room.issuer.clock.advance(minutes=1)
    renewed = _stranger(_new_link(room))
    renewed.collect(renewed.authorized())
    with room.issuer.db() as db:
        (copy,) = current_copies(db, room.awards()[0].id, CopyKind.LEARNER)
    assert copy.holder_did == renewed.signer.verification_method.partition("#")[0]


@pytest.mark.parametrize("ended", ["replaced", "locked"])
def test_a_token_ends_with_its_link(offered: Offer, ended: str) -> None:
    token, room = _token(offered), offered.room
    room.change(ClaimCode, offered.claim.id, state=ended)
    assert _error(_ask(offered, token, [_proof(offered, _nonce(offered))])) == (401, "invalid_token")


def test_one_link_seals_no_thousand_times(offered: Offer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "_SEALS", replace(routes._SEALS, tries=1))
    token = _token(offered)
    assert _ask(offered, token, [_proof(offered, _nonce(offered))]).status_code == 200
    assert _ask(offered, token, [_proof(offered, _nonce(offered))]).status_code == 429
