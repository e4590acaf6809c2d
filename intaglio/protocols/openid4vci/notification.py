"""What became of a credential in the wallet, told to its issuer (OpenID4VCI 1.0, section 11)."""

from dataclasses import dataclass
from enum import Enum

from intaglio.documents import JsonObject, parse_object
from intaglio.protocols.members import Members, without_none

MAX_REQUEST = 16 * 1024
_KIND = "notification-request"
_MAX_DESCRIPTION = 1024


class Event(Enum):
    """What became of it. *Deleted* is for a holder who did not want it, *failure* for everything else that went wrong."""

    ACCEPTED = "credential_accepted"
    FAILURE = "credential_failure"
    DELETED = "credential_deleted"


@dataclass(frozen=True, slots=True)
class NotificationRequest:
    """A wallet's word about one credential response. `description` is for developers, in ASCII."""

    notification_id: str
    event: Event
    description: str | None = None

    @classmethod
    def from_json(cls, document: JsonObject) -> "NotificationRequest":
        """Read the object; unknown members are ignored.

        :raises MalformedInput: ``notification-request``
        """
        members = Members(document, _KIND)
        event = members.text("event")
        if event not in {known.value for known in Event}:
            raise members.wrong("There is no such event.", "event")
        description = members.optional_text("event_description", longest=_MAX_DESCRIPTION)
        return cls(members.text("notification_id"), Event(event), description)

    def to_json(self) -> JsonObject:
        """Return the object."""
        return without_none(
            notification_id=self.notification_id, event=self.event.value, event_description=self.description
        )


def parse_notification_request(data: bytes) -> NotificationRequest:
    """Read a notification request as bytes.

    :raises MalformedInput: ``notification-request``, and what `intaglio.documents.parse_object` raises.
    """
    return NotificationRequest.from_json(parse_object(data, max_bytes=MAX_REQUEST))
