"""A wallet collects badges by OpenID4VCI."""

from sqlmodel import select

from intaglio.documents import parse_object
from intaglio.protocols.openid4vci.notification import Event
from intaglio.verification.report import Outcome
from issuer.delivery.models import ClaimCode, ClaimState
from issuer.exchange.models import Handout
from issuer.issuance.models import CopyForm, CopyKind
from issuer.issuance.sealer import current_copies
from tests.issuer.classroom import Classroom, classroom
from tests.issuer.exchange.conftest import Offer, offer_for
from tests.issuer.readers import read
from tests.services import UnderTest


def _state(offer: Offer) -> str:
    with offer.room.issuer.db() as db:
        return db.get_one(ClaimCode, offer.claim.id).state


def test_a_badge_is_sealed_for_the_wallets_key_and_verifies(offered: Offer) -> None:
    received = offered.collect(offered.authorized())
    document = parse_object(received.credentials[0])
    holder = offered.signer.verification_method.partition("#")[0]
    assert document["credentialSubject"]["id"] == holder
    assert document["credentialSubject"]["identifier"][0]["identityHash"] == "Ana Alvarez"
    assert read(offered.room.issuer, received.credentials[0]).outcome is Outcome.VERIFIED


def test_both_copies_are_one_award_with_one_status(offered: Offer) -> None:
    offered.room.issuer.clock.advance(hours=2)
    learners = parse_object(offered.collect(offered.authorized()).credentials[0])
    award = offered.room.awards()[0]
    with offered.room.issuer.db() as db:
        (copy,) = current_copies(db, award.id, CopyKind.SCHOOL)
    schools = parse_object(copy.document)
    assert learners["id"] == schools["id"] == award.credential_id
    assert learners["credentialStatus"] == schools["credentialStatus"]
    assert learners["validFrom"] > schools["validFrom"]


def test_the_link_is_done_when_the_wallet_says_that_it_has_the_badge(offered: Offer) -> None:
    received = offered.collect(offered.authorized())
    assert _state(offered) == ClaimState.OFFERED
    notification = received.notification(Event.ACCEPTED)
    assert notification is not None
    assert offered.sender.send(notification).status == 204
    assert offered.sender.send(notification).status == 204
    assert _state(offered) == ClaimState.CLAIMED


def test_a_wallet_that_lost_the_badge_on_the_way_gets_the_same_again(offered: Offer) -> None:
    first = offered.collect(offered.authorized())
    again = offered.collect(offered.authorized())
    assert again.credentials == first.credentials
    notification = first.notification(Event.FAILURE)
    assert notification is not None
    assert offered.sender.send(notification).status == 204
    assert _state(offered) == ClaimState.OFFERED
    with offered.room.issuer.db() as db:
        assert {handout.event for handout in db.exec(select(Handout))} == {None, "credential_failure"}


def test_one_link_carries_several_badges(room: Classroom) -> None:
    first = room.sealed(room.learners[:1])
    second = room.sealed(room.learners[:1], again=True)
    path = f"{room.world.base}/awards/{second[0].id}"
    assert room.world.as_teacher().get(path).status_code == 200
    with room.issuer.db() as db:
        from issuer.delivery import service  # noqa: PLC0415

        service.replace(db, room.issuer.settings, room.jobs, [*first, *second], by_mail=False, now=room.now)
        db.commit()
    offer = offer_for(room, second)
    authorized = offer.authorized()
    documents = [offer.collect(authorized, number).credentials[0] for number in range(len(authorized.wanted))]
    assert {parse_object(document)["id"] for document in documents} == {a.credential_id for a in (*first, *second)}


def test_where_a_school_wants_tokens_the_wallet_may_have_one(issuer: UnderTest) -> None:
    room = classroom(issuer, seals_tokens=True)
    awards = room.sealed(room.learners[:1])
    issuer.clock.advance(minutes=1)
    offer = offer_for(room, awards)
    authorized = offer.authorized()
    forms = {wanted.configuration.format for wanted in authorized.wanted}
    assert forms == {"ldp_vc", "jwt_vc_json-ld"}
    number = next(n for n, wanted in enumerate(authorized.wanted) if wanted.configuration.format == "jwt_vc_json-ld")
    token = offer.collect(authorized, number).credentials[0]
    assert token.count(b".") == 2
    assert read(issuer, token).outcome is Outcome.VERIFIED
    with issuer.db() as db:
        assert {copy.form for copy in current_copies(db, room.awards()[0].id)} == {CopyForm.LDP, CopyForm.JWT}


def test_the_offer_holds_neither_the_learner_nor_the_transaction_code(offered: Offer) -> None:
    text = offered.room.issuer.client.get(f"/claim/{offered.code}/offer").text
    assert offered.tx_code not in text
    assert "Alvarez" not in text
    assert "learner0" not in text


def test_metadata_is_kept_by_wallets_for_some_minutes(offered: Offer) -> None:
    slug = offered.room.world.school.slug
    for name in ("openid-credential-issuer", "oauth-authorization-server"):
        url = f"/.well-known/{name}/organizations/{slug}"
        first = offered.room.issuer.client.get(url)
        assert first.headers["cache-control"] == "public, max-age=300"
        assert offered.room.issuer.client.get(url, headers={"if-none-match": first.headers["etag"]}).status_code == 304
        assert offered.room.issuer.client.get(f"/.well-known/{name}/trials/{slug}").status_code == 404
