"""Sealing as a caller does it, at one fixed time."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from intaglio.documents import JsonObject
from intaglio.errors import NotSealable, Problem
from intaglio.multikey import decode_base64url
from intaglio.proofs.signer import Signer
from intaglio.schemas import Contexts
from intaglio.sealing.plan import SealPlan
from intaglio.sealing.prepare import Prepared, SealingDesk
from tests.verification.builders import signer, stored

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
RDFC = {"suite": "eddsa-rdfc-2022"}
JCS = {"suite": "eddsa-jcs-2022"}
TOKEN = {"jwt": "EdDSA"}


def plans_for(by: Signer, *forms: Mapping[str, str]) -> list[SealPlan]:
    """Return a plan of each form for one signer."""
    return [SealPlan.of(by, **form) for form in forms or (RDFC,)]


def prepare(
    credential: JsonObject,
    *forms: Mapping[str, str],
    by: Signer | None = None,
    documents: Mapping[str, Any] | None = None,
    contexts: Contexts | None = None,
    created: datetime = NOW,
) -> Prepared:
    """Prepare a credential for one signer, the school's where no other is named."""
    desk = SealingDesk(contexts=contexts, source=None if documents is None else stored(documents))
    return desk.prepare(credential, plans_for(by or signer("school"), *forms), created=created)


def seal(credential: JsonObject, *forms: Mapping[str, str], by: Signer | None = None, **means: Any) -> bytes:
    """Prepare a credential and seal it at once."""
    maker = by or signer("school")
    return prepare(credential, *forms, by=maker, **means).seal([maker] * len(forms or (RDFC,)))


def refusal(credential: JsonObject, *forms: Mapping[str, str], **means: Any) -> Sequence[Problem]:
    """Return the problems for which a credential is not sealed."""
    with pytest.raises(NotSealable) as caught:
        prepare(credential, *forms, **means)
    return caught.value.problems


def found(problems: Sequence[Problem]) -> set[tuple[str, str | None]]:
    """Return the kinds of problems with their places."""
    return {(problem.kind, problem.pointer) for problem in problems}


def header_of(compact: bytes) -> JsonObject:
    """Return the header of a token."""
    return _part(compact, 0)


def payload_of(compact: bytes) -> JsonObject:
    """Return the payload of a token."""
    return _part(compact, 1)


def _part(compact: bytes, index: int) -> JsonObject:
    part: JsonObject = json.loads(decode_base64url(compact.decode().split(".")[index]))
    return part
