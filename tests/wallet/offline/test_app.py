import io
import json

from PIL import Image

from tests.services import UnderTest
from tests.wallet.conftest import Person
from tests.wallet.school import School


def test_the_wallet_can_be_installed(wallet: UnderTest) -> None:
    answer = wallet.get("/manifest.webmanifest")
    assert answer.headers["content-type"] == "application/manifest+json"
    manifest = answer.json()
    assert (manifest["start_url"], manifest["display"]) == ("/", "standalone")
    for icon in manifest["icons"]:
        picture = Image.open(io.BytesIO(wallet.get(icon["src"]).content))
        assert f"{picture.width}x{picture.height}" == icon["sizes"]
    assert '<link rel="manifest" href="/manifest.webmanifest">' in wallet.get("/").text


def test_the_manifest_speaks_the_readers_language(wallet: UnderTest) -> None:
    assert wallet.get("/manifest.webmanifest?lang=es").json()["name"] == "Mis insignias"


def test_the_worker_stands_at_the_root_and_knows_its_version(wallet: UnderTest) -> None:
    answer = wallet.get("/service-worker.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    version = json.loads(answer.text.partition(" = ")[2].partition(";")[0])
    assert f"/static/{version}/" in wallet.get("/").text


def test_only_a_learners_own_pages_are_marked_for_keeping(ana: Person, school: School, wallet: UnderTest) -> None:
    ana.claim(school.offer())
    (holding,) = ana.holdings()
    marks = {ana.get(url).headers.get("x-offline") for url in ("/", f"/badges/{holding.id}")}
    assert len(marks) == 1
    assert None not in marks
    for browser, url in ((wallet, "/"), (ana, "/add"), (ana, "/shares"), (ana, "/wallet")):
        assert "x-offline" not in browser.get(url).headers


def test_learners_have_marks_of_their_own(ana: Person, person: object) -> None:
    ben = person("Ben")  # type: ignore[operator]
    assert ana.get("/").headers["x-offline"] != ben.get("/").headers["x-offline"]
