"""The one sentence that a person reads first."""

from typing import Any

import pytest

from intaglio.documents import JsonObject
from intaglio.errors import Problem
from intaglio.multikey import Algorithm
from intaglio.verification.policy import Registry
from intaglio.verification.report import Report, Role, passed
from intaglio.verification.summary import summary, title_of
from intaglio.verification.verify import unreadable_input
from tests.verification.builders import (
    LEARNER,
    LIST_URL,
    SCHOOL,
    STRANGER,
    badge,
    badge_token,
    entry,
    envelope,
    learner_record,
    presentation,
    signed,
    signer,
    status_list,
    token,
    verify,
    web_badge,
    web_document,
    with_status,
)

_FORGED = {**signed(badge()), "name": "Forged"}
_EXPIRED = signed(badge(validUntil="2026-10-01T00:00:00Z"))
_CHANGED = (
    "the signature does not match, so something was changed after it was signed. "
    "Ask the sender for the original file, unchanged."
)
_REVOKED_KEY = {**web_document("school")["verificationMethod"][0], "revoked": "2026-10-01T00:00:00Z"}
_WORDS = {name: value for name, value in badge()["credentialSubject"].items() if name != "id"}

_SENTENCES: dict[str, tuple[Any, JsonObject, JsonObject]] = {
    f"Confirmed: “Critical thinking”, issued by {SCHOOL}.": (signed(badge()), {}, {}),
    "Confirmed: “Critical thinking”, issued by did:web:school.example.": (
        web_badge(),
        {"did:web:school.example": web_document("school")},
        {},
    ),
    f"Confirmed: “A learner record”, issued by {SCHOOL}.": (signed(learner_record(signed(badge()))), {}, {}),
    f"Confirmed: a presentation of one credential by {LEARNER}.": (
        signed(presentation(signed(badge())), "learner"),
        {},
        {},
    ),
    "Confirmed: a presentation of 2 credentials.": (
        signed(presentation(signed(badge()), signed(badge()), holder=None), "learner"),
        {},
        {},
    ),
    f"Confirmed: a presentation without credentials by {LEARNER}.": (signed(presentation(), "learner"), {}, {}),
    f"Not confirmed: {_CHANGED}": (_FORGED, {}, {}),
    "Not confirmed: it has expired. Ask the issuer whether it can be renewed.": (_EXPIRED, {}, {}),
    "Not confirmed: it is not valid yet. Look again later.": (signed(badge(validFrom="2027-01-01T00:00:00Z")), {}, {}),
    "Not confirmed: it is not signed by anybody. Do not rely on it; ask the issuer for a signed credential.": (
        badge(),
        {},
        {},
    ),
    "Not confirmed: it was signed by somebody other than the issuer that it names. Do not rely on it; ask the issuer.": (
        signed(badge(), "stranger"),
        {},
        {},
    ),
    "Not confirmed: the issuer has withdrawn this credential. Ask the issuer why.": (
        signed(with_status(entry())),
        {LIST_URL: signed(status_list([7]))},
        {},
    ),
    "Not confirmed: the issuer has paused this credential for now. Ask the issuer until when.": (
        signed(with_status(entry(purpose="suspension"))),
        {LIST_URL: signed(status_list([7], "suspension"))},
        {},
    ),
    "Not confirmed: the list of withdrawn credentials is not genuine. Ask the issuer whether it is still good.": (
        signed(with_status(entry())),
        {LIST_URL: status_list()},
        {},
    ),
    "Not confirmed: the list of withdrawn credentials is out of date. Try again later, or ask the issuer.": (
        signed(with_status(entry())),
        {LIST_URL: signed(status_list(validUntil="2026-11-01T00:00:00Z"))},
        {},
    ),
    "Not confirmed: a member has a name that nothing defines, so no signature can cover it. "
    "Ask the issuer for a corrected credential.": ({**signed(badge()), "honours": "summa"}, {}, {}),
    "Not confirmed: this is not a credential in any form that we know. "
    "Ask the sender for the original file, unchanged.": (b"Dear Sir or Madam", {}, {}),
    "Not confirmed: it was presented by somebody other than the holder that it names. Ask the learner to present it.": (
        signed(presentation(), "stranger"),
        {},
        {"only": frozenset({"holder"})},
    ),
    "Not confirmed: the presentation does not answer your question: it may be a replay. "
    "Ask again, with a new challenge.": (signed(presentation(), "learner"), {}, {"challenge": "c-1"}),
    "Not confirmed: the presentation was made for somebody else. Ask the sender to present it to you.": (
        signed(presentation(), "learner"),
        {},
        {"domain": "college.example"},
    ),
    f"Not confirmed: in a presentation of one credential, “Forged”: {_CHANGED}": (
        signed(presentation(_FORGED), "learner"),
        {},
        {},
    ),
    "Not confirmed: in a presentation of one credential, in “A learner record”, “Critical thinking”: it has expired. "
    "Ask the issuer whether it can be renewed.": (
        signed(presentation(signed(learner_record(_EXPIRED))), "learner"),
        {},
        {},
    ),
    "Not confirmed: in a presentation of 2 credentials, the one at /verifiableCredential/1: "
    "this is not a signed token. Ask the sender for the original file, unchanged.": (
        token(presentation(envelope(token(badge())), {**envelope("a.b.c")}), "learner"),
        {},
        {},
    ),
    "Not confirmed: nothing that was asked for could be checked.": (
        signed(badge()),
        {},
        {"only": frozenset({"holder"})},
    ),
    "Not certain: we could not check whether it was withdrawn. Try again later.": (
        signed(with_status(entry())),
        {},
        {},
    ),
    "Not certain: a document is not among those at hand. Store it, or try again on line.": (web_badge(), {}, {}),
    "Not certain: a proof is of a kind that we cannot check. Ask for a credential with a proof of a common kind.": (
        badge(proof={**signed(badge())["proof"], "cryptosuite": "bbs-2023"}),
        {},
        {},
    ),
    "Not certain: the credential uses words from a list that we do not have. "
    "Load the list with --contexts, or ask the issuer.": (
        token(badge(**{"@context": [*badge()["@context"], "https://school.example/context.json"]})),
        {},
        {},
    ),
    "Not certain: the issuer has withdrawn the key: it may have been stolen. Ask the issuer to seal it again.": (
        web_badge(),
        {"did:web:school.example": {**web_document("school"), "verificationMethod": [_REVOKED_KEY]}},
        {},
    ),
    "Not certain: it was not changed since it was signed, but nothing shows who signed it. "
    "Ask the issuer for a corrected credential.": (
        badge_token(
            badge(issuer={"id": "https://school.example/", "type": ["Profile"], "name": "A"}),
            kid="https://elsewhere.example/key",
        ),
        {"https://elsewhere.example/key": signer("school", Algorithm.RSA).public_key.to_jwk()},
        {},
    ),
    "Not certain: it is about somebody other than the one who presents it. Ask how they belong together.": (
        signed(presentation(signed(badge()), holder=STRANGER), "stranger"),
        {},
        {},
    ),
    "Not certain: we cannot tell whether the one who presents it is the learner. "
    "Compare the name with an identity card.": (
        signed(presentation(signed(badge(credentialSubject=_WORDS))), "learner"),
        {},
        {},
    ),
    "Not certain: we cannot check this form of selective disclosure yet. Ask for a plain credential.": (
        token(badge()) + "~",
        {},
        {},
    ),
    "Not certain: we don't know this issuer yet. Make sure by other means that it is the school you think.": (
        signed(badge()),
        {},
        {"require": frozenset({"issuer"}), "registry": Registry({})},
    ),
}


@pytest.mark.parametrize("sentence", _SENTENCES)
def test_what_it_says(sentence: str) -> None:
    document, documents, policy = _SENTENCES[sentence]

    assert summary(verify(document, documents, **policy)) == sentence


def test_an_input_that_cannot_be_opened() -> None:
    report = unreadable_input(Problem("input-unreadable", "badge.json: No such file or directory."))

    assert summary(report) == "Not confirmed: the file cannot be opened. Check its name, and that you may read it."


def test_whether_it_is_genuine_comes_before_whether_it_is_still_good() -> None:
    report = verify({**_EXPIRED, "name": "Forged"})

    assert summary(report) == f"Not confirmed: {_CHANGED}"


def test_an_endorsement_in_trouble_is_not_what_a_person_hears_of() -> None:
    statement = signed(badge(id="urn:uuid:5"), "stranger")

    assert summary(verify(signed(badge(endorsement=[statement])))).startswith("Confirmed: ")


@pytest.mark.parametrize(
    ("document", "title"),
    [
        (None, "this document"),
        ({}, "a credential without a name"),
        ({"name": ["", " ", 7]}, "a credential without a name"),
        ({"name": [{"@value": "Pensamiento crítico", "@language": "es"}, "x"]}, "“Pensamiento crítico”"),
        ({"name": "two\nlines \u202eand a turn\x1b[2J"}, "“two lines and a turn [2J”"),
        ({"name": "x" * 81}, "“" + "x" * 79 + "…”"),
        ({"name": "x" * 5_000_000}, "“" + "x" * 79 + "…”"),
        ({"credentialSubject": [{"achievement": "urn:1"}, {"achievement": {"name": "Welding"}}]}, "“Welding”"),
        (
            {"type": ["VerifiablePresentation"], "verifiableCredential": [{}] * 1200},
            "a presentation of 1,200 credentials",
        ),
    ],
)
def test_how_a_document_is_called(document: JsonObject | None, title: str) -> None:
    assert title_of(document) == title


def test_an_issuer_of_megabytes_is_cut_short() -> None:
    report = Report(Role.CREDENTIAL, (passed("proof"),), frozenset({"proof"}), document={"issuer": "x" * 5_000_000})

    assert summary(report) == f"Confirmed: a credential without a name, issued by {'x' * 79}…."


def test_a_verified_report_without_a_document_or_an_issuer_says_what_it_can() -> None:
    checks, required = (passed("proof"),), frozenset({"proof"})

    assert summary(Report(Role.CREDENTIAL, checks, required)) == "Confirmed: this document."
    assert summary(Report(Role.CREDENTIAL, checks, required, document={"name": "A"})) == "Confirmed: “A”."
