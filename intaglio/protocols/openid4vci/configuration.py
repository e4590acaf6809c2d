"""What an issuer can issue, one kind at a time (OpenID4VCI 1.0, section 12.2.4 and appendix A.1)."""

from dataclasses import dataclass

from intaglio.documents import JsonObject
from intaglio.protocols.members import Members, without_none
from intaglio.protocols.openid4vci.display import Claim, Display, read_displays

LDP_VC = "ldp_vc"
"""JSON-LD with Data Integrity proofs (appendix A.1.2): the credential is a JSON object."""
JWT_VC_JSON_LD = "jwt_vc_json-ld"
"""JSON-LD as a JWT (appendix A.1.3): the credential is a text."""
JWT_VC_JSON = "jwt_vc_json"
"""The same without JSON-LD processing (appendix A.1.1). We collect it, since Open Badges fit in it, and do not issue it."""
FORMATS = (LDP_VC, JWT_VC_JSON_LD, JWT_VC_JSON)
"""The formats that are read here, best first."""

_WITH_CONTEXT = (LDP_VC, JWT_VC_JSON_LD)


@dataclass(frozen=True, slots=True)
class CredentialConfiguration:
    """One entry of ``credential_configurations_supported``; `id` is its name there.

    Of formats that are not in `FORMATS`, only the name is kept. `signing_algorithms` are cryptosuites for ``ldp_vc`` (such as
    ``eddsa-rdfc-2022``) and JWS algorithms for tokens. `binding_methods` (``did:key``, ``jwk`` …) are empty where a credential
    is bound to no key. `proof_algorithms` are those for a proof of the type ``jwt``; `proof_types` names every type.
    """

    id: str
    format: str
    types: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()
    signing_algorithms: tuple[str, ...] = ()
    binding_methods: tuple[str, ...] = ()
    proof_types: tuple[str, ...] = ()
    proof_algorithms: tuple[str, ...] = ()
    key_attestation_required: bool = False
    scope: str | None = None
    display: tuple[Display, ...] = ()
    claims: tuple[Claim, ...] = ()

    @classmethod
    def from_json(cls, identifier: str, members: Members) -> "CredentialConfiguration":
        """Read one entry.

        :raises MalformedInput: ``issuer-metadata``
        """
        format_name = members.text("format")
        if format_name not in FORMATS:
            return cls(identifier, format_name)
        definition, metadata = members.inner("credential_definition"), members.inner("credential_metadata")
        if definition is None:
            raise members.wrong("The member “credential_definition” is missing.", "credential_definition")
        proof_types, algorithms, attested = _proof_types(members)
        return cls(
            id=identifier,
            format=format_name,
            types=definition.required_texts("type"),
            # A context may be an object too; only addresses are kept, which say what a wallet must know.
            contexts=tuple(item for item in definition.array("@context") if isinstance(item, str)),
            signing_algorithms=members.texts("credential_signing_alg_values_supported"),
            binding_methods=members.texts("cryptographic_binding_methods_supported"),
            proof_types=proof_types,
            proof_algorithms=algorithms,
            key_attestation_required=attested,
            scope=members.optional_text("scope"),
            display=read_displays(metadata) if metadata else (),
            claims=tuple(Claim.from_json(inner) for inner in metadata.inners("claims")) if metadata else (),
        )

    def to_json(self) -> JsonObject:
        """Return the entry."""
        definition = without_none(
            **{"@context": self.contexts if self.format in _WITH_CONTEXT else ()}, type=self.types
        )
        proof = {"proof_signing_alg_values_supported": list(self.proof_algorithms)}
        metadata = without_none(
            display=tuple(display.to_json() for display in self.display),
            claims=tuple(claim.to_json() for claim in self.claims),
        )
        return without_none(
            format=self.format,
            scope=self.scope,
            credential_signing_alg_values_supported=self.signing_algorithms,
            cryptographic_binding_methods_supported=self.binding_methods,
            proof_types_supported={"jwt": proof} if self.proof_algorithms else None,
            credential_definition=definition,
            # Written even where it is empty: wallets tell version 1.0 from its drafts by it (@openid4vc/openid4vci 0.4).
            credential_metadata=metadata,
        )


def _proof_types(members: Members) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    supported = members.inner("proof_types_supported")
    if supported is None:
        return (), (), False
    names = tuple(name for name, _ in supported.named())
    jwt = supported.inner("jwt")
    if jwt is None:
        return names, (), False
    return names, jwt.required_texts("proof_signing_alg_values_supported"), "key_attestations_required" in jwt
