"""What an instance can seal with: every cryptosuite of the library with every kind of key it takes, and tokens."""

from dataclasses import dataclass

from intaglio.multikey import Algorithm
from intaglio.proofs.signer import Signer
from intaglio.sealing.plan import SealPlan


@dataclass(frozen=True)
class Form:
    """One way to seal. `suite` is the name of a cryptosuite, or `jwt` the ``alg`` of a token."""

    algorithm: Algorithm
    title: str
    suite: str | None = None
    jwt: str | None = None

    def plan(self, signer: Signer) -> SealPlan:
        """Return the plan of a seal with a signer's key."""
        return SealPlan.of(signer, suite=self.suite, jwt=self.jwt)


FORMS = {
    "eddsa-rdfc-2022": Form(Algorithm.ED25519, "eddsa-rdfc-2022", suite="eddsa-rdfc-2022"),
    "eddsa-jcs-2022": Form(Algorithm.ED25519, "eddsa-jcs-2022", suite="eddsa-jcs-2022"),
    "ecdsa-rdfc-2019-p256": Form(Algorithm.P256, "ecdsa-rdfc-2019, P-256", suite="ecdsa-rdfc-2019"),
    "ecdsa-rdfc-2019-p384": Form(Algorithm.P384, "ecdsa-rdfc-2019, P-384", suite="ecdsa-rdfc-2019"),
    "ecdsa-jcs-2019-p256": Form(Algorithm.P256, "ecdsa-jcs-2019, P-256", suite="ecdsa-jcs-2019"),
    "ecdsa-jcs-2019-p384": Form(Algorithm.P384, "ecdsa-jcs-2019, P-384", suite="ecdsa-jcs-2019"),
    "jwt-eddsa": Form(Algorithm.ED25519, "VC-JWT, EdDSA", jwt="EdDSA"),
    "jwt-es256": Form(Algorithm.P256, "VC-JWT, ES256", jwt="ES256"),
    "jwt-es384": Form(Algorithm.P384, "VC-JWT, ES384", jwt="ES384"),
    "jwt-rs256": Form(Algorithm.RSA, "VC-JWT of Open Badges, RS256", jwt="RS256"),
}
"""The forms by the names that stand in addresses."""
