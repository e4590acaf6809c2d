"""What a seal shall be: which key, in which form. Made before anything is signed."""

from dataclasses import dataclass

from intaglio.documents import JsonObject
from intaglio.errors import Unsupported
from intaglio.multikey import Algorithm
from intaglio.proofs import jose
from intaglio.proofs.signer import Signer
from intaglio.proofs.suites import SUITE_NAMES
from intaglio.proofs.vc_jwt import Profile, pack_badge


@dataclass(frozen=True, slots=True)
class SealPlan:
    """One proof that is wanted.

    Exactly one of `suite` (the name of a cryptosuite) and `jwt` (the ``alg`` of a token) is set.
    """

    algorithm: Algorithm
    verification_method: str
    suite: str | None = None
    jwt: str | None = None

    def __post_init__(self) -> None:
        if (self.suite is None) == (self.jwt is None):
            raise Unsupported("seal-form", "A seal is either of a cryptosuite or a token.")
        if self.suite is not None and self.suite not in SUITE_NAMES:
            raise Unsupported("unknown-suite", f"“{self.suite}” is none of {', '.join(SUITE_NAMES)}.")
        if self.jwt is not None and jose.ALGORITHMS.get(self.jwt) is None:
            raise Unsupported("unknown-algorithm", f"“{self.jwt}” is none of {', '.join(jose.ALGORITHMS)}.")

    @classmethod
    def of(cls, signer: Signer, *, suite: str | None = None, jwt: str | None = None) -> "SealPlan":
        """Plan a seal with a signer's key."""
        return cls(signer.algorithm, signer.verification_method, suite, jwt)

    @property
    def profile(self) -> Profile:
        """Which rules a token follows: those of Open Badges with RS256, which they ask for, else those of the W3C."""
        return Profile.OPEN_BADGES if self.jwt == "RS256" else Profile.VC_JOSE_COSE


def make_token(credential: JsonObject, plan: SealPlan, signer: Signer) -> str:
    """Seal a credential as a token.

    :raises SigningFailed: ``wrong-key-for-suite``
    :raises MalformedInput: ``jwt-claim`` where the profile needs something that the credential lacks.
    """
    if plan.profile is Profile.VC_JOSE_COSE:
        # Section 3.1.1 of VC-JOSE-COSE; kid, since a DID URL names the key (section 4.1.1).
        return jose.sign({"alg": plan.jwt, "typ": "vc+jwt", "kid": plan.verification_method}, credential, signer)
    header: JsonObject = {"alg": plan.jwt, "typ": "JWT", "kid": plan.verification_method}
    if plan.verification_method.startswith("did:jwk:"):
        # Readers that cannot resolve DIDs find the key here; those that can find that it is the same.
        header["jwk"] = signer.public_key.to_jwk()
    return jose.sign(header, pack_badge(credential), signer)
