"""Badges to take along: the bytes as they were issued, a picture that carries them, and everything at once."""

import base64
import binascii
import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes
from uuid import UUID

from fastapi.responses import Response
from sqlmodel import Session, col, select

from intaglio.errors import IntaglioError
from intaglio.openbadges import baking
from intaglio.openbadges.contents import contents_of
from intaglio.verification.reading import read
from wallet.holders.envelope import Vault
from wallet.holdings.card_picture import draw_card
from wallet.holdings.cards import Card
from wallet.holdings.keeping import open_card, open_document
from wallet.holdings.models import Form, Holding

_BAKED = {b"\x89PNG": ("image/png", "png")}
_SVG = ("image/svg+xml", "svg")
_NOT_FOR_NAMES = re.compile(r"[^a-z0-9]+")
_MAX_NAME = 60


@dataclass(frozen=True)
class Download:
    """A file to give away."""

    name: str
    media_type: str
    body: bytes

    def as_response(self) -> Response:
        """Return it as a download, which no browser takes for a page of ours."""
        headers = {
            "content-disposition": f'attachment; filename="{self.name}"',
            "content-security-policy": "default-src 'none'; sandbox",
        }
        return Response(self.body, media_type=self.media_type, headers=headers)


def credential(vault: Vault, holding: Holding) -> Download:
    """Return the credential, byte for byte (media types: VC Data Model 2.0, C.2; VC-JOSE-COSE, 6)."""
    name = _file_name(open_card(vault, holding))
    if holding.form == Form.LDP:
        return Download(f"{name}.json", "application/vc", open_document(vault, holding))
    return Download(f"{name}.jwt", "application/vc+jwt", open_document(vault, holding))


def baked(vault: Vault, holding: Holding) -> Download:
    """Return a picture with the credential in it (Open Badges 3.0, section 5.3): the badge's own, or a card that we draw.

    Only a picture inside the badge counts as its own: nothing is fetched.
    """
    document, card = open_document(vault, holding), open_card(vault, holding)
    own = _own_picture(document)
    try:
        image = baking.bake(own, document) if own else None
    except IntaglioError:
        image = None
    if image is None:
        image = baking.bake(draw_card(card), document)
    media_type, extension = _BAKED.get(image[:4], _SVG)
    return Download(f"{_file_name(card)}.{extension}", media_type, image)


def everything(db: Session, vault: Vault, holder_id: UUID) -> Download:
    """Return all of a learner's badges as a ZIP, each as it was issued."""
    rows = db.exec(
        select(Holding)
        .where(Holding.holder_id == holder_id, col(Holding.replaced_by).is_(None))
        .order_by(col(Holding.received_at))
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, holding in enumerate(rows, start=1):
            file = credential(vault, holding)
            archive.writestr(f"{number:03d}-{file.name}", file.body)
    return Download("my-badges.zip", "application/zip", buffer.getvalue())


def _own_picture(document: bytes) -> bytes | None:
    address = contents_of(read(document).document).picture
    if address is None:
        return None
    head, _, data = address.partition(",")
    try:
        return base64.b64decode(data, validate=True) if head.endswith(";base64") else unquote_to_bytes(data)
    except (binascii.Error, ValueError):
        return None


def _file_name(card: Card) -> str:
    plain = unicodedata.normalize("NFKD", card.name).encode("ascii", "ignore").decode().lower()
    return _NOT_FOR_NAMES.sub("-", plain).strip("-")[:_MAX_NAME] or "badge"
