"""One credential's path, walked over HTTP as people and machines walk it; docs/one-credentials-path.md tells it."""

import json
import re
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from demo.district import PAUSABLE
from demo.pages import Page
from intaglio.openbadges.baking import unbake
from tests.database import Cluster
from tests.people import ANSWERED, KNOWN, SCHOOL, Claim, Office, Owner, Reader, Teacher, learner, until, words
from tests.three_services import ThreeServices, three_services

ANA, NICO = learner("L100", "Ana Lucía", "Whitlock"), learner("L101", "Nico", "Begay-Moreno")
OTHER = "Communication"


@pytest.fixture(scope="module")
def services(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ThreeServices]:
    """Return the three services, with a school in them that awards badges."""
    with three_services(postgres, tmp_path_factory.mktemp("services"), KNOWN) as running:
        yield running


def test_one_credentials_path(services: ThreeServices) -> None:
    # A registrar brings the roster and publishes what can be awarded.
    office = Office(services)
    assert "The roster is imported" in words(office.bring_roster([ANA, NICO]))
    office.publish(PAUSABLE, OTHER)

    # A teacher awards; the badge is sealed, and a mail goes out with the link and without the code.
    teacher = Teacher(services, office.school)
    claims = teacher.award(PAUSABLE, ANA.name, NICO.name)
    claim = claims[ANA.name]
    check_the_mail(services, claim)

    # The learner opens the link, makes a wallet on the way, types the code, and has the badge.
    ana = Owner(services, ANA)
    badge = ana.collect_first(claim)
    assert "This badge is yours now." in words(badge)
    assert "Confirmed" in words(badge)
    assert PAUSABLE in words(ana.browser.get("/"))
    assert "All that it carries was collected." in words(services.visitor("issuer").get(claim.link))

    # She shares it, and a college checks the link: genuine, and sent by her who holds its key.
    link = ana.share(badge, "Utah Valley University")
    college = Reader(services)
    seen = college.check(link)
    assert seen.startswith("Checked here")
    assert re.search(rf"Genuine\. Issued by {SCHOOL} on .* for {ANA.name}, not withdrawn as of", seen)
    assert ANSWERED in seen

    # The school pauses it; the wallet and the college read so. Then it is good again.
    teacher.change(claim, "pause")
    assert "This badge is paused" in ana.ask_again(badge)
    assert "Paused. Issued by" in college.check(link)
    teacher.change(claim, "reinstate")
    assert "Confirmed" in ana.ask_again(badge)
    assert "Genuine. Issued by" in college.check(link)

    # A badge of the other kind is withdrawn, for good.
    last = teacher.award(OTHER, ANA.name)[ANA.name]
    second = ana.collect(last)
    shared = ana.share(second, "A summer program")
    assert "Genuine. Issued by" in college.check(shared)
    assert "It is withdrawn." in teacher.change(last, "withdraw")
    assert "This badge was withdrawn" in ana.ask_again(second)
    assert "Withdrawn. Issued by" in college.check(shared)
    assert "Genuine. Issued by" in college.check(link), "the other badge is as good as before"

    check_the_files(services, ana, badge)
    check_the_doors(services, ana, badge)
    check_a_foreign_sender(services, ana, badge, Owner(services, NICO), claims[NICO.name])


def check_the_mail(services: ThreeServices, claim: Claim) -> None:
    """Find the link in the learner's mail, as words and as a QR code, and the code nowhere."""
    message = wait_for_mail(services, ANA.email)
    assert message["To"] == ANA.email
    plain, rich = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert rich is not None
    assert claim.link in plain.get_content()
    assert claim.link in rich.get_content()
    assert [part.get_content_type() for part in message.walk()].count("image/png") == 1
    assert claim.code not in plain.get_content() + rich.get_content() + str(message["Subject"])


def wait_for_mail(services: ThreeServices, address: str) -> EmailMessage:
    """Return the first mail to an address."""

    def arrived() -> list[EmailMessage]:
        return [message for recipient, message in services.office.received if recipient == address]

    until(lambda: bool(arrived()), "no mail came")
    return arrived()[0]


def check_the_files(services: ThreeServices, ana: Owner, badge: Page) -> None:
    """Download the badge as it was signed, and have a verifier that was never told of it find it genuine."""
    path = badge.url.partition("?")[0].removeprefix(ana.browser.origin)
    document, picture = ana.browser.download(f"{path}/file"), ana.browser.download(f"{path}/picture")
    assert unbake(picture) == document
    college = Reader(services)
    for name, content in (("badge.json", document), ("badge.png", picture)):
        seen = college.check_file(name, content)
        assert f"Genuine. Issued by {SCHOOL}" in seen
        assert "ask for a link shared from that wallet" in seen, "a file says nothing of who sent it"
    changed = document.replace(SCHOOL.encode(), b"Another High School")
    assert changed != document
    assert "Not genuine." in college.check_file("badge.json", changed)
    subject = json.loads(document)["credentialSubject"]
    assert subject["id"].startswith("did:key:")
    assert subject["identifier"][0]["identityHash"] == ANA.name
    assert ANA.email not in document.decode()


def check_the_doors(services: ThreeServices, ana: Owner, badge: Page) -> None:
    """Ask the verifier's door as machines do, and be told the same."""
    path = badge.url.partition("?")[0].removeprefix(ana.browser.origin)
    document = json.loads(ana.browser.download(f"{path}/file"))
    door = services.origins["verifier"] + "/credentials/verify"
    with services.client() as machine:
        answer = machine.post(door, json={"verifiableCredential": document})
        assert (answer.status_code, answer.json()["verified"]) == (200, True)
        document["name"] = "Something better"
        answer = machine.post(door, json={"verifiableCredential": document})
        assert (answer.status_code, answer.json()["verified"]) == (400, False)


def check_a_foreign_sender(services: ThreeServices, ana: Owner, badge: Page, nico: Owner, claim: Claim) -> None:
    """Share somebody else's badge, and not be taken for its owner."""
    nico.collect_first(claim)
    path = badge.url.partition("?")[0].removeprefix(ana.browser.origin)
    brought = nico.bring("badge.json", ana.browser.download(f"{path}/file"), "application/json")
    link = nico.share(brought, "Utah Valley University")
    seen = Reader(services).check(link)
    assert seen.partition("told.")[2].lstrip().startswith("Not certain. It is about somebody other"), seen
    assert ANSWERED not in seen


def test_each_service_is_alone_on_its_host(services: ThreeServices) -> None:
    """No cookie, page or door of one is another's; each answers for itself."""
    with services.client() as machine:
        for name, origin in services.origins.items():
            answer = machine.get(f"{origin}/readyz")
            assert answer.json() == {"status": "ok"}, name
            assert "max-age=" in answer.headers["strict-transport-security"]
    databases = {environment["INTAGLIO_DATABASE_URL"] for environment in services.environments.values()}
    folders = {environment["INTAGLIO_DATA_FOLDER"] for environment in services.environments.values()}
    assert len(databases) == len(folders) == len(services.origins)
