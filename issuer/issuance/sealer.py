"""The seal on an award: composed, rehearsed, signed with the organization's active key (docs/how-a-credential-is-sealed.md)."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select, update

from intaglio.documents import JsonObject
from intaglio.multikey import Algorithm
from intaglio.proofs.signer import Signer
from intaglio.sealing.plan import SealPlan
from intaglio.sealing.prepare import SealingDesk
from intaglio.server.errors import Conflict
from issuer.achievements.composing import compose
from issuer.issuance.facts import Copy, facts_of
from issuer.issuance.models import Award, AwardState, AwardStatus, CopyForm, CopyKind, SealedCopy
from issuer.organizations.identity import sealing_key, signer_of
from issuer.organizations.models import Organization, OrganizationKey
from issuer.settings import IssuerSettings

_SUITE = "eddsa-rdfc-2022"
_TOKEN = "RS256"  # noqa: S105 - the name of an algorithm
_NEXT = timedelta(seconds=1)
SLOW_CLOCK = timedelta(minutes=5)
"""A wallet looks at a badge as soon as it has it, by a clock of its own: good from this very second on, it might be too early."""
_ALGORITHMS = {CopyForm.LDP: Algorithm.ED25519, CopyForm.JWT: Algorithm.RSA}


class Sealer:
    """Seals for the organizations of one issuer. It is made once and shared: it keeps signers open."""

    def __init__(self, settings: IssuerSettings) -> None:
        self.settings = settings
        self._desk = SealingDesk()
        self._signers: dict[UUID, Signer] = {}

    def seal_document(
        self, db: Session, organization: Organization, document: JsonObject, form: CopyForm, *, now: datetime
    ) -> tuple[bytes, OrganizationKey]:
        """Return a credential of an organization, sealed with its active key, and that key.

        :raises SigningFailed: ``no-active-key``, and what custody raises.
        :raises NotSealable: what a verifier would not accept.
        """
        key = sealing_key(db, organization.id, _ALGORITHMS[form])
        signer = self._signer(organization, key)
        plan = SealPlan.of(signer, suite=_SUITE) if form is CopyForm.LDP else SealPlan.of(signer, jwt=_TOKEN)
        return self._desk.prepare(document, [plan], created=now).seal([signer]), key

    def seal_award(self, db: Session, award: Award, *, valid_from: datetime, now: datetime) -> list[SealedCopy]:
        """Seal the school's copy of an award, in every form that the organization wants. The caller commits.

        :raises MalformedInput: ``award-malformed``
        :raises SigningFailed: as `seal_document` does.
        """
        organization = db.get_one(Organization, award.organization_id)
        forms = (CopyForm.LDP, CopyForm.JWT) if organization.seals_tokens else (CopyForm.LDP,)
        made = [self._copy(db, organization, award, form, Copy(valid_from), now) for form in forms]
        award.state, award.sealed_at = AwardState.SEALED, award.sealed_at or now
        db.add(award)
        db.flush()
        return made

    def seal_for_holder(
        self,
        db: Session,
        award_id: UUID,
        holder_did: str,
        *,
        form: CopyForm,
        now: datetime,
        link_made_at: datetime | None = None,
    ) -> SealedCopy:
        """Return the learner's copy, bound to the key of her wallet, which has proved it. The caller commits.

        It has the id and the status of the school's copy and a newer ``validFrom``; asking again returns the same copy. There is
        one learner's copy: for another holder only by a link that was made since the present one was sealed (`link_made_at`);
        then that one counts no longer.

        :raises Conflict: ``status-not-possible`` for an award that is not sealed yet, withdrawn, or collected by another holder.
        :raises SigningFailed: as `seal_document` does.
        """
        award = db.exec(select(Award).where(Award.id == award_id).with_for_update()).one()
        if award.state != AwardState.SEALED or award.status == AwardStatus.REVOKED:
            raise Conflict("status-not-possible", "It is not issued yet, or it was withdrawn.")
        present = current_copies(db, award.id, CopyKind.LEARNER)
        found = next((copy for copy in present if copy.form == form and copy.holder_did == holder_did), None)
        if found is not None:
            return found
        others = [copy for copy in present if copy.holder_did != holder_did]
        if any(link_made_at is None or copy.sealed_at >= link_made_at for copy in others):
            raise Conflict("status-not-possible", "Another wallet has it. The school can make a new link.")
        for copy in others:
            copy.replaced_at = now
            db.add(copy)
        organization = db.get_one(Organization, award.organization_id)
        newest = max(copy.valid_from for copy in current_copies(db, award.id, CopyKind.SCHOOL))
        valid_from = max(newest + _NEXT, now - SLOW_CLOCK)
        return self._copy(db, organization, award, form, Copy(valid_from, holder_did), now)

    def _copy(
        self, db: Session, organization: Organization, award: Award, form: CopyForm, copy: Copy, now: datetime
    ) -> SealedCopy:
        document = compose(facts_of(db, self.settings, award, copy))
        content, key = self.seal_document(db, organization, document, form, now=now)
        made = SealedCopy(
            award_id=award.id,
            kind=CopyKind.SCHOOL if copy.holder is None else CopyKind.LEARNER,
            form=form,
            holder_did=copy.holder,
            document=content,
            sha256=hashlib.sha256(content).digest(),
            key_id=key.id,
            valid_from=copy.valid_from,
            sealed_at=now,
        )
        db.add(made)
        db.flush()
        return made

    def _signer(self, organization: Organization, key: OrganizationKey) -> Signer:
        # Opening a key that is locked with a passphrase takes longer than signing with it.
        if key.id not in self._signers:
            self._signers[key.id] = signer_of(self.settings, organization, key)
        return self._signers[key.id]


def current_copies(
    db: Session, award_id: UUID, kind: CopyKind | None = None, holder_did: str | None = None
) -> Sequence[SealedCopy]:
    """Return the copies of an award that count, the oldest first."""
    wanted = select(SealedCopy).where(SealedCopy.award_id == award_id, col(SealedCopy.replaced_at).is_(None))
    if kind is not None:
        wanted = wanted.where(SealedCopy.kind == kind)
    if holder_did is not None:
        wanted = wanted.where(SealedCopy.holder_did == holder_did)
    return db.exec(wanted.order_by(col(SealedCopy.sealed_at), col(SealedCopy.form).desc())).all()


def set_copies_aside(db: Session, award_id: UUID, *, now: datetime) -> None:
    """Note that the copies of an award count no longer; new ones follow. They stay, as what was once given out."""
    present = update(SealedCopy).where(col(SealedCopy.award_id) == award_id, col(SealedCopy.replaced_at).is_(None))
    db.execute(present.values(replaced_at=now))
