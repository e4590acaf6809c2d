"""A wallet collects: code → token → credentials sealed for its key → its word that it has them (OpenID4VCI 1.0, 6, 8, 11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, delete, select

from intaglio.errors import IntaglioError, InvalidProof, MalformedInput, Unsupported
from intaglio.protocols.openid4vci.credential import CredentialRequest, CredentialResponse
from intaglio.protocols.openid4vci.notification import Event, NotificationRequest
from intaglio.protocols.openid4vci.proof import Expected, verify_proofs
from intaglio.protocols.openid4vci.token import TokenRequest, TokenResponse, check_transaction_code_presence
from intaglio.server.errors import Conflict, NotFound
from intaglio.server.secrets import new_token, token_hash
from issuer.delivery import service as delivery
from issuer.delivery.models import ClaimCode, ClaimItem, ClaimState
from issuer.exchange import nonces
from issuer.exchange.describing import configuration_id, form_of, forms_of
from issuer.exchange.models import AccessGrant, Handout
from issuer.issuance.models import Award, AwardStatus, CopyForm
from issuer.issuance.sealer import Sealer
from issuer.organizations.identity import profile_url
from issuer.organizations.models import Organization

TOKEN_LIFETIME = timedelta(minutes=15)


@dataclass(frozen=True)
class Counter:
    """Where a wallet stands: the organization's door, with what it takes to seal."""

    db: Session
    sealer: Sealer
    organization: Organization
    now: datetime

    @property
    def secret(self) -> bytes:
        """The service's secret."""
        return self.sealer.settings.secret_bytes


def give_token(counter: Counter, request: TokenRequest) -> TokenResponse:
    """Return an access token for a pre-authorized code and its transaction code, and commit (section 6).

    :raises InvalidProof: ``grant-refused`` for a code or transaction code that is not good here, or not any more.
    :raises MalformedInput: ``transaction-code-missing``
    """
    check_transaction_code_presence(request, expected=True)
    db, now = counter.db, counter.now
    try:
        found = delivery.redeem(
            db, counter.sealer.settings, request.pre_authorized_code, request.tx_code or "", now=now
        )
    except (NotFound, Conflict, MalformedInput) as error:
        raise InvalidProof("grant-refused", f"{error.problem.title} {error.problem.detail}") from None
    if found.organization_id != counter.organization.id:
        raise InvalidProof("grant-refused", "It was made by another school.")
    wanted = _wanted_forms(counter.organization, request)
    token = new_token()
    db.execute(delete(AccessGrant).where(col(AccessGrant.expires_at) <= now))
    db.add(
        AccessGrant(
            token_hash=token_hash(token),
            claim_id=found.claim_id,
            organization_id=found.organization_id,
            expires_at=now + TOKEN_LIFETIME,
        )
    )
    db.commit()
    identifiers = {
        configuration_id(form): tuple(_identifier(award, form) for award in found.award_ids) for form in wanted
    }
    return TokenResponse(token, int(TOKEN_LIFETIME.total_seconds()), identifiers)


def give_credential(counter: Counter, token: str, request: CredentialRequest) -> CredentialResponse:
    """Seal one award for the key that the wallet proves, and commit (section 8).

    :raises InvalidProof: ``access-token``, ``key-proof``, ``key-proof-nonce``
    :raises Unsupported: ``unknown-credential-identifier``, ``unknown-configuration``, ``issuance-denied``
    """
    db, now = counter.db, counter.now
    grant = _grant(counter, token)
    award_id, form = _asked(counter, grant, request)
    expected = Expected(
        credential_issuer=profile_url(counter.sealer.settings, counter.organization),
        accept_nonce=lambda nonce: nonces.spend(db, counter.secret, nonce, now),
    )
    proved = verify_proofs(request.proofs, expected, now=now)
    if len(proved) != 1:
        raise InvalidProof("key-proof", "One badge is bound to one key.")
    try:
        claim = db.get_one(ClaimCode, grant.claim_id)
        copy = counter.sealer.seal_for_holder(
            db, award_id, proved[0].holder, form=form, now=now, link_made_at=claim.created_at
        )
    except IntaglioError as error:
        raise Unsupported("issuance-denied", error.problem.title) from None
    notification = new_token()
    db.add(
        Handout(
            notification_hash=token_hash(notification),
            claim_id=grant.claim_id,
            award_ids=[str(award_id)],
            holder_did=proved[0].holder,
            given_at=now,
        )
    )
    db.commit()
    return CredentialResponse((bytes(copy.document),), notification)


def claim_behind(counter: Counter, token: str) -> UUID:
    """Return the claim link that an access token stands on.

    :raises InvalidProof: ``access-token``
    """
    return _grant(counter, token).claim_id


def take_notification(counter: Counter, token: str, request: NotificationRequest) -> None:
    """Note what became of credentials, and commit; saying it again changes nothing (section 11).

    :raises InvalidProof: ``access-token``
    :raises MalformedInput: ``unknown-notification``
    """
    db, grant = counter.db, _grant(counter, token)
    handout = db.get(Handout, token_hash(request.notification_id), with_for_update=True)
    if handout is None or handout.claim_id != grant.claim_id:
        raise MalformedInput("unknown-notification", "Nothing was given out under it.")
    if handout.event is None:
        handout.event, handout.event_at = request.event.value, counter.now
        db.add(handout)
    if request.event is Event.ACCEPTED:
        delivery.collected(db, handout.claim_id, [UUID(award) for award in handout.award_ids], now=counter.now)
    db.commit()


def _grant(counter: Counter, token: str) -> AccessGrant:
    grant = counter.db.get(AccessGrant, token_hash(token))
    if grant is None or grant.expires_at <= counter.now or grant.organization_id != counter.organization.id:
        raise InvalidProof("access-token", "It is unknown here, or has run out.")
    claim = counter.db.get_one(ClaimCode, grant.claim_id, populate_existing=True)
    if claim.state in (ClaimState.REPLACED, ClaimState.LOCKED):
        raise InvalidProof("access-token", "The link that it stands on has ended.")
    return grant


def _asked(counter: Counter, grant: AccessGrant, request: CredentialRequest) -> tuple[UUID, CopyForm]:
    """Return which award is asked for, in which form: by its identifier, or by a configuration where there is one alone."""
    carried = _carried(counter.db, grant.claim_id)
    if request.credential_identifier is not None:
        named = {
            _identifier(award.id, form): (award.id, form)
            for award in carried
            for form in forms_of(counter.organization)
        }
        if request.credential_identifier not in named:
            raise Unsupported("unknown-credential-identifier", "This link carries no such badge.")
        return named[request.credential_identifier]
    form = form_of(request.configuration_id or "", counter.organization)
    if form is None:
        raise Unsupported("unknown-configuration", "This school issues no such kind.")
    if len(carried) != 1:
        raise Unsupported(
            "unknown-credential-identifier", "This link carries several badges: ask for each by its identifier."
        )
    return carried[0].id, form


def _carried(db: Session, claim_id: UUID) -> Sequence[Award]:
    """Return what a link carries, collected or not: while its token lives, a wallet may ask for another form, or once more."""
    wanted = (
        select(Award).join(ClaimItem, col(ClaimItem.award_id) == col(Award.id)).where(ClaimItem.claim_id == claim_id)
    )
    return db.exec(wanted.where(Award.status != AwardStatus.REVOKED)).all()


def _wanted_forms(organization: Organization, request: TokenRequest) -> tuple[CopyForm, ...]:
    if not request.configuration_ids:
        return forms_of(organization)
    wanted = [form_of(name, organization) for name in request.configuration_ids]
    if None in wanted:
        raise MalformedInput("token-request", "It asks for a kind that this school does not issue.")
    return tuple(form for form in wanted if form is not None)


def _identifier(award_id: UUID, form: CopyForm) -> str:
    return f"{award_id}.{form.value}"
