"""What an organization says of itself to wallets: metadata, and the offer behind a claim link (OpenID4VCI 1.0, 4.1 and 12.2)."""

from intaglio.documents import JsonObject
from intaglio.protocols.openid4vci.authorization_server import AuthorizationServerMetadata
from intaglio.protocols.openid4vci.configuration import JWT_VC_JSON_LD, LDP_VC, CredentialConfiguration
from intaglio.protocols.openid4vci.display import Display
from intaglio.protocols.openid4vci.metadata import IssuerMetadata
from intaglio.protocols.openid4vci.offer import PRE_AUTHORIZED_CODE, Offer, TransactionCode
from intaglio.protocols.openid4vci.proof import ALGORITHMS, BINDING_METHODS
from issuer.delivery.codes import TX_CODE_DIGITS
from issuer.issuance.models import CopyForm
from issuer.organizations.identity import profile_url
from issuer.organizations.models import Organization
from issuer.settings import IssuerSettings

TOKEN, NONCE, CREDENTIAL, NOTIFICATION = (
    f"openid4vci/{name}" for name in ("token", "nonce", "credential", "notification")
)
_CONTEXTS = ("https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json")
_TYPES = ("VerifiableCredential", "OpenBadgeCredential")
_FORMS = {CopyForm.LDP: (LDP_VC, ("eddsa-rdfc-2022",)), CopyForm.JWT: (JWT_VC_JSON_LD, ("RS256",))}
_NAMES = (Display("Badge", "en"), Display("Insignia", "es"))
_ASK = "Six figures from your teacher / Seis cifras de tu docente"


def configuration_id(form: CopyForm) -> str:
    """Return the name of the configuration for a form."""
    return f"open_badge_{form.value}"


def form_of(configuration: str, organization: Organization) -> CopyForm | None:
    """Return the form of a configuration that an organization has, or None."""
    return next((form for form in forms_of(organization) if configuration_id(form) == configuration), None)


def forms_of(organization: Organization) -> tuple[CopyForm, ...]:
    """Return the forms in which an organization gives out badges, the usual one first."""
    return (CopyForm.LDP, CopyForm.JWT) if organization.seals_tokens else (CopyForm.LDP,)


def offer_of(settings: IssuerSettings, organization: Organization, code: str) -> JsonObject:
    """Return the credential offer of a claim link (section 4.1.1). The transaction code is never in it."""
    offer = Offer(
        credential_issuer=profile_url(settings, organization),
        configuration_ids=tuple(configuration_id(form) for form in forms_of(organization)),
        pre_authorized_code=code,
        transaction_code=TransactionCode(length=TX_CODE_DIGITS, description=_ASK),
    )
    return offer.to_json()


def issuer_metadata(settings: IssuerSettings, organization: Organization) -> JsonObject:
    """Return the metadata of an organization as a credential issuer (section 12.2.4)."""
    base = profile_url(settings, organization)
    metadata = IssuerMetadata(
        credential_issuer=base,
        credential_endpoint=f"{base}/{CREDENTIAL}",
        configurations={configuration_id(form): _configuration(form) for form in forms_of(organization)},
        nonce_endpoint=f"{base}/{NONCE}",
        notification_endpoint=f"{base}/{NOTIFICATION}",
        display=(Display(organization.name, logo_uri=f"{base}/image" if organization.image else None),),
    )
    return metadata.to_json()


def server_metadata(settings: IssuerSettings, organization: Organization) -> JsonObject:
    """Return the metadata of an organization as an authorization server (RFC 8414): it has pre-authorized codes alone."""
    base = profile_url(settings, organization)
    metadata = AuthorizationServerMetadata(base, f"{base}/{TOKEN}", (PRE_AUTHORIZED_CODE,), anonymous_access=True)
    return metadata.to_json()


def _configuration(form: CopyForm) -> CredentialConfiguration:
    format_name, algorithms = _FORMS[form]
    return CredentialConfiguration(
        id=configuration_id(form),
        format=format_name,
        types=_TYPES,
        contexts=_CONTEXTS,
        signing_algorithms=algorithms,
        binding_methods=BINDING_METHODS,
        proof_types=("jwt",),
        proof_algorithms=ALGORITHMS,
        display=_NAMES,
    )
