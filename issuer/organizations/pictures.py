"""The picture of an organization, as it stands on its page and in its badges."""

from issuer.achievements.images import prepare
from issuer.organizations.models import Organization


def set_picture(organization: Organization, data: bytes) -> None:
    """Give an organization a picture that somebody uploaded. The caller commits.

    :raises MalformedInput: what `prepare` raises for what is no picture, or a dangerous one.
    """
    image = prepare(data, square=True)
    organization.image, organization.image_type = image.content, image.media_type
