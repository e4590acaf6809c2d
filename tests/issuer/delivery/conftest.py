"""A class with something to be awarded, and a mail server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.database import Cluster
from tests.issuer.classroom import Classroom, classroom
from tests.issuer.post_office import PostOffice, post_office
from tests.services import UnderTest, running


@pytest.fixture
def room(issuer: UnderTest) -> Classroom:
    """Return a class of three, at an issuer without a mail server."""
    return classroom(issuer)


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """Return a mail server."""
    with post_office() as made:
        yield made


@pytest.fixture
def mailing(postgres: Cluster, tmp_path: Path, office: PostOffice) -> Iterator[Classroom]:
    """Return a class of three, at an issuer that sends its mails by that server."""
    with running(
        "issuer", postgres, tmp_path, smtp_url=office.url, mail_from="School <badges@school.example>"
    ) as issuer:
        yield classroom(issuer)
