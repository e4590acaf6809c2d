"""A share for machines: a verifiable presentation (VC Data Model 2.0, section 4.13).

To a plain GET it is an envelope without proof: the badges prove themselves, and without a challenge a holder's signature would
only be something to copy. To whoever sends a challenge and their domain, it is signed with the learner's key for just them
(Data Integrity 1.0, sections 2.1 and 4.2).
"""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field
from sqlmodel import Session

from intaglio.canonical import GeneralCanonicalizer
from intaglio.documents import JsonObject, parse_object
from intaglio.multikey import Algorithm
from intaglio.openbadges.contents import contents_of
from intaglio.proofs.proof_set import add_proof
from intaglio.proofs.suites import Suites
from intaglio.schemas import Contexts
from intaglio.times import format_time
from intaglio.vcdm import CONTEXT_V2
from intaglio.verification.reading import read
from wallet.holders.keys import keys_named, lent_signer
from wallet.holdings.keeping import open_document
from wallet.holdings.models import Form
from wallet.sharing.service import OpenShare

MEDIA_TYPE = "application/vp"
_SUITES = {Algorithm.ED25519: "eddsa-rdfc-2022", Algorithm.P256: "ecdsa-rdfc-2019"}


class Challenge(BaseModel):
    """What a verifier asks for: a signature over these two, so that it is worth nothing to anybody else."""

    challenge: str = Field(min_length=8, max_length=500)
    domain: str = Field(min_length=1, max_length=500)


def unsigned(share: OpenShare) -> JsonObject:
    """Return the badges of a share in an envelope."""
    return {
        "@context": [CONTEXT_V2],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [_embedded(share, index) for index in range(len(share.holdings))],
    }


def signed(db: Session, share: OpenShare, asked: Challenge, *, now: datetime) -> JsonObject:
    """Return them in an envelope that the learner signed for one verifier, with each of her keys that they are bound to.

    :raises MalformedInput: where a badge holds something that no signature could cover.
    :raises Unavailable: ``unknown-context`` for badges whose words we do not know.
    """
    options = {
        "created": format_time(now),
        "proofPurpose": "authentication",
        "challenge": asked.challenge,
        "domain": asked.domain,
    }
    suites = Suites(GeneralCanonicalizer(Contexts.bundled()))
    envelope, algorithms = unsigned(share), _algorithms(db, share)
    for algorithm in algorithms:
        with lent_signer(db, share.vault, share.holder.id, now=now, algorithm=algorithm) as signer:
            if len(algorithms) == 1:  # a presentation has one holder or none; of several keys, each proof names its own
                envelope["holder"] = signer.verification_method.partition("#")[0]
            envelope = add_proof(envelope, suites.by_name(_SUITES[algorithm]), options, signer)
    return envelope


def _algorithms(db: Session, share: OpenShare) -> list[Algorithm]:
    """Return the kinds of the learner's keys that the badges name her by: who shows them is to be whom they are about."""
    subjects = (contents_of(read(open_document(share.vault, one)).document).subject_id for one in share.holdings)
    known = {row.algorithm for row in keys_named(db, share.holder.id, {subject for subject in subjects if subject})}
    return [algorithm for algorithm in _SUITES if algorithm.value in known] or [Algorithm.ED25519]


def _embedded(share: OpenShare, index: int) -> Any:
    holding = share.holdings[index]
    document = open_document(share.vault, holding)
    if holding.form == Form.LDP:
        return parse_object(document)
    # A token goes inside an envelope of its own (VC Data Model 2.0, section 4.12.1).
    token = document.decode()
    return {"@context": CONTEXT_V2, "id": f"data:application/vc+jwt,{token}", "type": "EnvelopedVerifiableCredential"}
