from base64 import b64decode
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import httpx2 as httpx
import pytest
from joserfc.jwk import ECKey, RSAKey
from sqlmodel import select

from intaglio.errors import MalformedInput
from intaglio.server.signing_in import oidc
from intaglio.server.tables import ExternalIdentity
from issuer.organizations.accounts import StaffAccounts
from tests.database import Cluster
from tests.server.signing_in.hostile_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    Liar,
    lying_provider,
    shared_secret,
)
from tests.server.signing_in.people import add_staff, is_signed_in, post_json
from tests.services import Browser, UnderTest, running


@pytest.fixture
def liar() -> Iterator[Liar]:
    """Return a provider that tells the truth until it is told otherwise."""
    with lying_provider() as provider:
        yield provider


def service(postgres: Cluster, folder: Path, liar: Liar, **more: Any) -> AbstractContextManager[UnderTest]:
    settings = {
        "oidc_issuer": liar.issuer,
        "oidc_client_id": CLIENT_ID,
        "oidc_client_secret": CLIENT_SECRET,
        "allow_http_loopback": True,
    }
    return running("issuer", postgres, folder, **{**settings, **more})


@pytest.fixture
def school(postgres: Cluster, tmp_path: Path, liar: Liar) -> Iterator[UnderTest]:
    """Return a service whose staff sign in there; Ada works here."""
    with service(postgres, tmp_path, liar) as running_service:
        running_service.clock.now = datetime.now(UTC)
        add_staff(running_service)
        yield running_service


def come_back(browser: Browser, liar: Liar) -> httpx.Response:
    """Begin, and come back from the provider as it would send us."""
    begun = browser.get("/sign-in/oidc?next=/account")
    if begun.status_code != 303:
        return begun
    asked = {name: values[0] for name, values in parse_qs(urlsplit(begun.headers["location"]).query).items()}
    liar.nonce = asked["nonce"]
    return browser.get("/sign-in/oidc/callback", params={"state": asked["state"], "code": "a code"})


def changed(**members: Any) -> Any:
    """Return a function that changes members; None leaves one out."""

    def change(honest: dict[str, Any]) -> dict[str, Any]:
        both = {**honest, **members}
        return {name: value for name, value in both.items() if value is not None}

    return change


def test_the_truth_is_believed(school: UnderTest, liar: Liar) -> None:
    assert come_back(school, liar).headers["location"] == "/account"
    assert is_signed_in(school)


def test_what_is_asked_is_what_the_standard_asks_for(school: UnderTest, liar: Liar) -> None:
    address = school.get("/sign-in/oidc").headers["location"]
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert address.startswith(f"{liar.issuer}/auth?")
    assert asked["response_type"] == "code"
    assert asked["client_id"] == CLIENT_ID
    assert asked["redirect_uri"] == "https://issuer.localhost/sign-in/oidc/callback"
    assert asked["scope"].split() == ["openid", "profile", "email"]
    assert asked["code_challenge_method"] == "S256"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    again = school.get("/sign-in/oidc").headers["location"]
    assert parse_qs(urlsplit(again).query)["state"] != [asked["state"]]


FUTURE, PAST = 4_000_000_000, 1_000_000_000
LIES: dict[str, dict[str, Any]] = {
    "a nonce of another sign-in": {"claims": changed(nonce="another")},
    "no nonce": {"claims": changed(nonce=None)},
    "a nonce that is no text": {"claims": changed(nonce=["x"])},
    "a token for another client": {"claims": changed(aud="somebody-else")},
    "a token for several, and another to use it": {"claims": changed(aud=[CLIENT_ID, "other"], azp="other")},
    "a token for several, and nobody to use it": {"claims": changed(aud=[CLIENT_ID, "other"])},
    "a token for nobody": {"claims": changed(aud=None)},
    "a token of another provider": {"claims": changed(iss="https://evil.example")},
    "a token that has run out": {"claims": changed(exp=PAST)},
    "a token that never ends": {"claims": changed(exp=None)},
    "a token from the future": {"claims": changed(iat=FUTURE, exp=FUTURE + 60)},
    "a token not good yet": {"claims": changed(nbf=FUTURE)},
    "a token about nobody": {"claims": changed(sub=None)},
    "a token about an empty name": {"claims": changed(sub="")},
    "a token about a number": {"claims": changed(sub=7)},
    "a token about an endless name": {"claims": changed(sub="a" * 256)},
    "a token about a name that no column takes": {"claims": changed(sub="a\0b")},
    "a hash of another access token": {"claims": changed(at_hash="AAAAAAAAAAAAAAAAAAAAAA")},
    "a token signed by another key": {"sign_with": ECKey.generate_key("P-256", {"kid": "one"})},
    "a token whose key is not listed": {"header": changed(kid="two")},
    "a token signed with the client's secret": {"header": changed(alg="HS256"), "sign_with": shared_secret()},
    "a token that nobody signed": {"header": changed(alg="none")},
    "a time of signing in that is none": {"claims": changed(auth_time="now")},
    "no token": {"token": changed(id_token=None)},
    "a token that is none": {"token": changed(id_token="x.y.z")},
    "a token that is empty": {"token": changed(id_token="")},
    "a token that is no text": {"token": changed(id_token={"a": 1})},
    "a refusal of the code": {"status": {"/token": 400}},
    "a user info about somebody else": {"user_info": changed(sub="eve")},
    "a user info about nobody": {"user_info": changed(sub=None)},
    "a user info that is refused": {"status": {"/me": 401}},
}
ABSENCES: dict[str, dict[str, Any]] = {
    "metadata of another provider": {"metadata": changed(issuer="https://evil.example")},
    "metadata of nobody": {"metadata": changed(issuer=None)},
    "metadata that are no object": {"metadata": lambda _: [1]},
    "metadata that are no JSON": {"metadata": lambda _: b"<html>"},
    "metadata that are too many": {"metadata": lambda honest: {**honest, "x": "y" * 300_000}},
    "metadata that are not there": {"status": {"/.well-known/openid-configuration": 404}},
    "no place for tokens": {"metadata": changed(token_endpoint=None)},
    "a place for tokens in the local network": {"metadata": changed(token_endpoint="http://10.0.0.1/token")},
    "a place to go that is a script": {"metadata": changed(authorization_endpoint="javascript:alert(1)")},
    "a place for keys that is a file": {"metadata": changed(jwks_uri="file:///etc/passwd")},
    "keys that are not there": {"status": {"/jwks": 500}},
    "tokens that are no JSON": {"token": lambda _: b"<html>"},
    "tokens that are no object": {"token": lambda _: ["x"]},
}


def tell(liar: Liar, lie: dict[str, Any]) -> None:
    for name, value in lie.items():
        setattr(liar, name, value)


@pytest.mark.parametrize("lie", LIES)
def test_nobody_is_let_in_by(school: UnderTest, liar: Liar, lie: str) -> None:
    tell(liar, LIES[lie])
    answer = come_back(school, liar)
    assert answer.status_code == 400
    assert "Signing in with the school account did not work." in answer.text
    assert not is_signed_in(school)
    with school.db() as db:
        assert db.exec(select(ExternalIdentity)).all() == []


@pytest.mark.parametrize("lie", ABSENCES)
def test_the_page_says_that_the_provider_does_not_answer_properly(school: UnderTest, liar: Liar, lie: str) -> None:
    tell(liar, ABSENCES[lie])
    answer = come_back(school, liar)
    assert answer.status_code == 503
    assert "does not answer as it should" in answer.text
    assert not is_signed_in(school)


@pytest.mark.parametrize(
    "keys", [lambda _: "x", lambda _: [], lambda _: [1, {}, {"kty": "oct", "kid": "one", "k": "AAAA"}]]
)
def test_keys_that_are_none_let_nobody_in(school: UnderTest, liar: Liar, keys: Any) -> None:
    liar.keys = keys
    assert come_back(school, liar).status_code == 400


def test_two_keys_of_one_name_are_none(school: UnderTest, liar: Liar) -> None:
    liar.keys = lambda honest: [*honest, *honest]
    assert come_back(school, liar).status_code == 400


def test_keys_of_other_kinds_and_for_other_uses_are_passed_over(school: UnderTest, liar: Liar) -> None:
    other = RSAKey.generate_key(2048, {"kid": "rsa", "use": "enc"}).as_dict(private=False)
    liar.keys = lambda honest: [{"kty": "of the future", "kid": "x"}, other, *honest]
    assert come_back(school, liar).status_code == 303


def test_a_token_that_names_no_key_is_checked_with_the_only_one(school: UnderTest, liar: Liar) -> None:
    liar.header = changed(kid=None)
    assert come_back(school, liar).status_code == 303


def test_new_keys_are_asked_for_but_not_at_every_made_up_name(school: UnderTest, liar: Liar) -> None:
    assert come_back(school.visitor(), liar).status_code == 303
    liar.key = ECKey.generate_key("P-256", {"kid": "next", "use": "sig"})
    liar.header = changed(kid="next")
    assert come_back(school.visitor(), liar).status_code == 400, "asked a moment ago"
    school.clock.advance(seconds=59)
    assert come_back(school.visitor(), liar).status_code == 400
    school.clock.advance(seconds=1)
    assert come_back(school.visitor(), liar).status_code == 303
    assert liar.asked.count("/jwks") == 2
    assert liar.asked.count("/.well-known/openid-configuration") == 1


def test_who_declines_is_told_so_and_can_try_again(school: UnderTest, liar: Liar) -> None:
    begun = school.get("/sign-in/oidc").headers["location"]
    state = parse_qs(urlsplit(begun).query)["state"][0]
    answer = school.get(f"/sign-in/oidc/callback?error=access_denied&state={state}")
    assert answer.status_code == 403
    assert "You were not signed in." in answer.text
    assert come_back(school, liar).status_code == 303


def test_an_error_without_a_sign_in_is_nobodys(school: UnderTest, liar: Liar) -> None:
    for query in ("", "?error=access_denied", "?state=&code=", "?state=%00&code=%00"):
        assert school.get(f"/sign-in/oidc/callback{query}").status_code == 400
    assert "/token" not in liar.asked


def test_a_sign_in_that_takes_too_long_begins_anew(school: UnderTest, liar: Liar) -> None:
    begun = school.get("/sign-in/oidc").headers["location"]
    state = parse_qs(urlsplit(begun).query)["state"][0]
    school.clock.advance(minutes=5)
    assert school.get(f"/sign-in/oidc/callback?state={state}&code=x").status_code == 400


def test_the_client_says_who_it_is_in_the_way_that_the_provider_takes(school: UnderTest, liar: Liar) -> None:
    come_back(school.visitor(), liar)
    headers, fields = liar.sent[-1]
    assert b64decode(headers["Authorization"].removeprefix("Basic ")) == b"intaglio:a+secret+of+the+tests"
    assert "client_secret" not in fields
    liar.metadata = changed(token_endpoint_auth_methods_supported=["client_secret_post"])
    school.clock.advance(hours=1)
    come_back(school.visitor(), liar)
    headers, fields = liar.sent[-1]
    assert "Authorization" not in headers
    assert fields["client_secret"] == [CLIENT_SECRET]


def test_a_client_without_a_secret_proves_itself_by_pkce_alone(postgres: Cluster, tmp_path: Path, liar: Liar) -> None:
    with service(postgres, tmp_path, liar, oidc_client_secret=None) as school:
        school.clock.now = datetime.now(UTC)
        add_staff(school)
        assert come_back(school, liar).status_code == 303
    headers, fields = liar.sent[-1]
    assert "Authorization" not in headers
    assert fields["client_id"] == [CLIENT_ID]
    assert len(fields["code_verifier"][0]) >= 43


def test_what_the_token_says_wins_over_the_user_info(school: UnderTest, liar: Liar) -> None:
    liar.claims = changed(email="nobody@school.example", email_verified=True)
    assert come_back(school, liar).status_code == 403


def test_without_leave_this_machine_is_not_asked(postgres: Cluster, tmp_path: Path, liar: Liar) -> None:
    with service(postgres, tmp_path, liar, allow_http_loopback=False) as school:
        assert come_back(school, liar).status_code == 503
    assert liar.asked == []


def test_a_provider_without_a_client_id_is_a_mistake_in_the_settings(
    postgres: Cluster, tmp_path: Path, liar: Liar
) -> None:
    with (
        pytest.raises(MalformedInput, match="INTAGLIO_OIDC_CLIENT_ID"),
        service(postgres, tmp_path, liar, oidc_client_id=None),
    ):
        pass


def test_a_provider_that_says_all_in_its_token_need_not_be_asked_again(school: UnderTest, liar: Liar) -> None:
    liar.metadata = changed(userinfo_endpoint=None)
    liar.claims = changed(email="ada@school.example", email_verified=True)
    assert come_back(school, liar).status_code == 303
    assert "/me" not in liar.asked


def test_two_first_sign_ins_at_once_are_one_link(school: UnderTest, liar: Liar) -> None:
    first, visit = uuid4(), oidc.Visit(liar.issuer, "ada", {}, "/")

    class Accounts(StaffAccounts):
        def from_external(self, *_: Any) -> UUID:
            # Meanwhile, in another tab:
            with school.db() as db:
                row = ExternalIdentity(
                    account_id=first, issuer=visit.issuer, subject=visit.subject, created_at=school.clock()
                )
                db.add(row)
                db.commit()
            return uuid4()

    with school.db() as db:
        assert oidc.account_of(db, Accounts(), visit, now=school.clock()) == first


def asked_of(browser: Browser) -> dict[str, list[str]]:
    return parse_qs(urlsplit(browser.get("/sign-in/oidc?next=/account").headers["location"]).query)


def test_who_is_signed_in_already_is_to_be_asked_again(school: UnderTest, liar: Liar) -> None:
    assert not {"prompt", "max_age"} & set(asked_of(school))
    come_back(school, liar)
    asked = asked_of(school)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])


@pytest.mark.parametrize(
    ("auth_time", "fresh"),
    [(None, False), (-3600, False), (-61, False), (-30, True), (0, True), (3600, False), (True, False)],
)
def test_only_who_was_asked_on_this_visit_has_signed_in_just_now(
    school: UnderTest, liar: Liar, auth_time: Any, *, fresh: bool
) -> None:
    now = int(school.clock.now.timestamp())
    shifted = now + auth_time if type(auth_time) is int else auth_time
    liar.claims = changed(auth_time=shifted)
    for _ in range(2):  # the first time, and again while signed in
        assert come_back(school, liar).status_code == 303
        page = school.get("/account").text
        assert ("Add a passkey" in page) is fresh
        assert "with the school account" in page
        options = post_json(school, "/account/passkeys/options", {})
        assert options.status_code == (200 if fresh else 403)
