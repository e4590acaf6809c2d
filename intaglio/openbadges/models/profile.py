"""Who somebody is: images, addresses and identifiers, and what every profile has."""

from typing import Annotated, Literal

from intaglio.openbadges.models.base import Closed, Model
from intaglio.openbadges.models.declarations import includes
from intaglio.openbadges.models.values import CompactJws, Date, Iri, Number, OneOrMany, Text, Token, Uri
from intaglio.openbadges.models.vocabularies import IdentifierType


class Image(Closed):
    """An image, by its address or as a ``data:`` URL."""

    id: Uri
    type: Literal["Image"] = "Image"
    caption: Text | None = None


class GeoCoordinates(Model):
    """A place on the globe, in degrees."""

    type: Literal["GeoCoordinates"] = "GeoCoordinates"
    latitude: Number
    longitude: Number


class Address(Model):
    """A postal address."""

    type: Annotated[tuple[Iri, ...], includes("Address")] = ("Address",)
    address_country: Text | None = None
    address_country_code: Token | None = None
    address_region: Text | None = None
    address_locality: Text | None = None
    street_address: Text | None = None
    post_office_box_number: Text | None = None
    postal_code: Text | None = None
    geo: GeoCoordinates | None = None


class IdentifierEntry(Closed):
    """One identifier of an organization or an achievement, and of which kind it is."""

    type: Literal["IdentifierEntry"] = "IdentifierEntry"
    identifier: Token
    identifier_type: IdentifierType


class IdentityObject(Closed):
    """One identifier of the person who earned a badge, plain or hashed.

    Where `hashed` is true, `identity_hash` is ``md5$`` or ``sha256$`` and the hexadecimal hash of identifier and `salt`.
    """

    type: Literal["IdentityObject"] = "IdentityObject"
    hashed: bool
    identity_hash: Token
    identity_type: IdentifierType
    salt: Token | None = None


class ProfileMembers(Model):
    """What a profile has in either version of the credentials data model."""

    id: Uri
    type: Annotated[tuple[Iri, ...], includes("Profile")] = ("Profile",)
    name: Text | None = None
    url: Uri | None = None
    phone: Token | None = None
    description: Text | None = None
    endorsement_jwt: OneOrMany[CompactJws] | None = None
    image: Image | None = None
    email: Token | None = None
    address: Address | None = None
    other_identifier: OneOrMany[IdentifierEntry] | None = None
    official: Text | None = None
    family_name: Text | None = None
    given_name: Text | None = None
    additional_name: Text | None = None
    patronymic_name: Text | None = None
    honorific_prefix: Text | None = None
    honorific_suffix: Text | None = None
    family_name_prefix: Text | None = None
    date_of_birth: Date | None = None
