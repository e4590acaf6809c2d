"""A machine with a key of one organization, as it asks the issuer."""

import json
from dataclasses import dataclass
from typing import Any

import httpx2 as httpx

from intaglio.documents import JsonObject
from issuer.doors.instances import InstanceForm, open_instance
from issuer.organizations import machines, profiles
from issuer.organizations.models import Kind, Organization
from issuer.organizations.profiles import ProfileForm
from tests.interop.samples import open_badge
from tests.issuer.schools import World
from tests.services import UnderTest


@dataclass(frozen=True)
class Caller:
    """The machine."""

    issuer: UnderTest
    organization: Organization
    token: str

    def post(self, path: str, body: Any) -> httpx.Response:
        """Send JSON."""
        return self.issuer.client.post(path, json=body, headers=self.headers)

    def get(self, path: str) -> httpx.Response:
        """Ask."""
        return self.issuer.client.get(path, headers=self.headers)

    @property
    def headers(self) -> dict[str, str]:
        """The headers of its requests."""
        return {"authorization": f"Bearer {self.token}"}

    def open(self, form: str = "eddsa-rdfc-2022", *, identifier: str = "key", purpose: str = "") -> str:
        """Open an instance, and return the path that the VC API is below."""
        wanted = InstanceForm(form, identifier, purpose)
        assert not wanted.findings()
        with self.issuer.db() as db:
            made = open_instance(
                db, self.issuer.settings, self.organization, wanted, staff_id=None, now=self.issuer.clock()
            )
            return f"/vc-api/{made.slug}"

    def issue(self, path: str, credential: Any, **options: Any) -> httpx.Response:
        """Have a credential sealed."""
        return self.post(f"{path}/credentials/issue", {"credential": credential, "options": options})

    def set_status(
        self, path: str, credential_id: str, purpose: str, *, value: bool, reason: str = "", **entry: Any
    ) -> httpx.Response:
        """Change the status of a credential."""
        body = {
            "credentialId": credential_id,
            "credentialStatus": {"type": "BitstringStatusListEntry", "statusPurpose": purpose, **entry},
            "status": value,
        }
        return self.post(f"{path}/credentials/status", {**body, "options": {"reason": reason}} if reason else body)


def caller(issuer: UnderTest, organization: Organization) -> Caller:
    """Return a machine of an organization."""
    with issuer.db() as db:
        token = machines.create(db, organization, "Test", staff_id=None, now=issuer.clock())
    return Caller(issuer, organization, token)


def add_trial(world: World, name: str = "Sandbox") -> Organization:
    """Add an organization for trials to a district."""
    issuer, form = world.issuer, ProfileForm(name, is_test=True)
    with issuer.db() as db:
        made = profiles.create_organization(
            db, issuer.settings, form, kind=Kind.SCHOOL, parent=world.district, staff_id=None, now=issuer.clock()
        )
        db.commit()
    return made


def badge(number: int = 1, **members: Any) -> JsonObject:
    """Return a badge whose issuer has a name and no identifier yet."""
    whole = {**open_badge(""), "id": f"urn:uuid:11111111-2222-4333-8444-{number:012d}"}
    return {**whole, "issuer": {"type": ["Profile"], "name": "Sandbox"}, **members}


def plain_credential(**members: Any) -> JsonObject:
    """Return a credential that is no badge, without a name and an issuer."""
    contexts = ["https://www.w3.org/ns/credentials/v2"]
    return {
        "@context": contexts,
        "type": ["VerifiableCredential"],
        "credentialSubject": {"id": "did:example:a"},
        **members,
    }


def sealed_in(answer: httpx.Response) -> JsonObject:
    """Return what was sealed."""
    assert answer.status_code == 201, answer.text
    sealed: JsonObject = answer.json()["verifiableCredential"]
    return sealed


def handed_on(sealed: JsonObject) -> bytes:
    """Return what a reader gets: the token, where it is an envelope around one."""
    if sealed["type"] == "EnvelopedVerifiableCredential":
        return str(sealed["id"]).partition(",")[2].encode()
    return json.dumps(sealed).encode()
