"""What somebody means ill by is uploaded at every place that takes files; each gets a clear answer, and nothing of it is kept."""

import csv
import io
import resource
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx2 as httpx
import pytest
from PIL import Image
from sqlmodel import select

from issuer.organizations.models import Organization
from tests.access.issuer_world import ROSTER
from tests.access.pages import check_headers
from tests.access.standing import Standing
from tests.bombs import BOMBS
from tests.guards import ends
from tests.issuer.roster.rosters import put, roster, zipped
from tests.openbadges.baking.images import chunk, itxt, png
from tests.verification.builders import as_bytes

_MOST_MEMORY = 600 * 1024
"""What one upload may add to the most that this process ever had, in kilobytes."""


@contextmanager
def bounded() -> Iterator[None]:
    """Stop what takes too long, and fail what takes too much memory."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with ends():
        yield
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < _MOST_MEMORY


def archive(*files: tuple[str, bytes], flag: int = 0) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files:
            info = zipfile.ZipInfo(name)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, flag << 16
            packed.writestr(info, content)
    return made.getvalue()


def zeros(size: int = 64_000_000) -> bytes:
    return archive(("manifest.csv", b"propertyName,value\n"), ("users.csv", bytes(size)))


ARCHIVES: dict[str, Callable[[], bytes]] = {
    "a file that unpacks to 64 MB of nothing": zeros,
    "an archive in an archive": lambda: archive(("roster.zip", zeros(30_000_000))),
    "10,000 files": lambda: archive(*[(f"{number}.csv", b"a\n") for number in range(10_000)]),
    "a way up": lambda: archive(("../../../../etc/cron.d/users.csv", b"a\n")),
    "a way to the root": lambda: archive(("/etc/users.csv", b"a\n")),
    "a way up in Windows": lambda: archive(("..\\..\\users.csv", b"a\n")),
    "a link": lambda: archive(("users.csv", b"/etc/passwd"), flag=0o120777),
    "names of 60,000 letters": lambda: archive((f"{'a' * 60_000}.csv", b"a\n")),
    "a name with markup": lambda: archive(("<script>alert(1)</script>.csv", b"a\n")),
    "a picture": png,
    "nothing": lambda: b"",
    "half of an archive": lambda: ROSTER[: len(ROSTER) // 2],
    "a page": lambda: b"<html><script>alert(1)</script></html>",
    "a spreadsheet": lambda: archive(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>")),
}


def upload_roster(schools: Standing, content: bytes, name: str = "roster.zip") -> httpx.Response:
    url = f"/roster-uploads/{schools.ids['district_id']}"
    return schools.browser("administrator").post_form(url, files={"files": (name, content, "application/zip")})


@pytest.mark.parametrize("name", ARCHIVES)
def test_no_archive_does_harm_at_the_roster_page(schools: Standing, name: str) -> None:
    content = ARCHIVES[name]()
    with schools.copy(), bounded():
        answer = upload_roster(schools, content)
        assert answer.status_code in (303, 422), answer.text
        if answer.status_code == 303:  # it was read and found wanting
            answer = schools.browser("administrator").get(answer.headers["location"])
            assert "/apply" not in answer.text
        check_headers(answer)


@pytest.mark.parametrize(
    "name", ["../../roster.zip", "<script>alert(1)</script>.zip", "a" * 3000, "=cmd|' /C calc'!A0", "\0"]
)
def test_no_name_of_an_upload_does_harm(schools: Standing, name: str) -> None:
    with schools.copy():
        answer = upload_roster(schools, ROSTER, name)
        assert answer.status_code == 303
        page = schools.browser("administrator").get(answer.headers["location"])
        assert page.status_code == 200
        check_headers(page)


def test_a_request_that_is_larger_than_any_roster_ends_early(schools: Standing) -> None:
    with bounded():
        answer = upload_roster(schools, bytes(70 << 20))
    assert answer.status_code == 413


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "'=", " =", "＝"])
def test_what_a_roster_says_is_no_formula_in_the_findings(schools: Standing, start: str) -> None:
    files = roster()
    put(files, "users.csv", "L00000", "email", f'{start}HYPERLINK("https://a.example","x")')
    with schools.copy():
        browser, answer = schools.browser("administrator"), upload_roster(schools, zipped(files))
        found = browser.get(f"{answer.headers['location']}/findings.csv")
        rows = list(csv.reader(io.StringIO(found.content.decode("utf-8-sig"))))
    assert any("HYPERLINK" in cell for row in rows for cell in row)
    for cell in (cell for row in rows for cell in row):
        assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝")), cell
    assert found.headers["content-disposition"].startswith("attachment")


def giant() -> bytes:
    """Return a PNG of 900 million pixels in a few kilobytes."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0))
    rows = zlib.compress(bytes(30_001) * 40)
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND")


def svg(inside: str, before: str = "", attributes: str = "") -> bytes:
    return f'{before}<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" {attributes}>{inside}</svg>'.encode()


def laughs() -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return svg("<text>&a11;</text>", f'<!DOCTYPE svg [<!ENTITY a0 "ha">{entities}]>')


PICTURES: dict[str, Callable[[], bytes]] = {
    "900 million pixels": giant,
    "a script": lambda: svg("<script>alert(1)</script>"),
    "a handler": lambda: svg("<path d='M0 0'/>", attributes='onload="alert(1)"'),
    "a page inside": lambda: svg("<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'>x</body></foreignObject>"),
    "a link that runs": lambda: svg('<a href="javascript:alert(1)"><path d="M0 0"/></a>'),
    "a file of ours": lambda: svg("<text>&x;</text>", '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
    "a billion laughs": laughs,
    "a picture from elsewhere": lambda: svg('<image href="https://elsewhere.example/a.png"/>'),
    "a style that loads": lambda: svg("<style>@import 'https://elsewhere.example/a.css';</style>"),
    "a page": lambda: b"<html><script>alert(1)</script></html>",
    "a GIF that is a script": lambda: b"GIF89a/*" + b"\0" * 40 + b"*/=1;alert(1)//",
    "a TIFF": lambda: b"II*\0" + bytes(100),
    "an archive": lambda: ROSTER,
    "half of a picture": lambda: png()[:40],
    "nothing that we know": lambda: bytes(100),
}


@pytest.mark.parametrize("name", PICTURES)
def test_no_picture_does_harm_to_a_profile_or_an_achievement(schools: Standing, name: str) -> None:
    base, draft = f"/o/{schools.ids['organization_id']}", schools.ids["draft_id"]
    with schools.copy(), bounded():
        browser, content = schools.browser("administrator"), PICTURES[name]()
        picture = {"picture": ("picture.png", content, "image/png")}
        profile = browser.post_form(f"{base}/profile", name="Prairie High", files=picture)
        edited = browser.post_form(
            f"{base}/achievements/{draft}/edit", name="Draft", seen=schools.ids["draft_seen"], files=picture
        )
        kept = browser.get(f"/organizations/{schools.ids['slug']}/image")
    for answer in (profile, edited):
        assert answer.status_code == 422, answer.status_code
        check_headers(answer)
    with schools.service.db() as db:
        before = db.exec(select(Organization.image).where(Organization.slug == schools.ids["slug"])).one()
    assert kept.content == before


def test_what_is_hidden_in_and_behind_a_picture_is_gone(schools: Standing) -> None:
    made = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(made, "PNG")
    whole = made.getvalue()
    secret = b"<script>alert(1)</script>"
    hidden = whole[:33] + chunk(b"tEXt", b"Comment\0" + secret) + whole[33:] + secret + ROSTER
    with schools.copy():
        browser = schools.browser("administrator")
        url = f"/o/{schools.ids['organization_id']}/profile"
        answer = browser.post_form(url, name="Prairie High", files={"picture": ("a.png", hidden, "text/html")})
        assert answer.status_code == 303, answer.text
        kept = browser.get(f"/organizations/{schools.ids['slug']}/image")
    assert kept.headers["content-type"] == "image/png"
    assert kept.headers["x-content-type-options"] == "nosniff"
    assert secret not in kept.content
    assert b"PK" not in kept.content


def test_a_picture_that_is_too_large_is_refused_before_it_is_read(schools: Standing) -> None:
    url = f"/o/{schools.ids['organization_id']}/profile"
    files = {"picture": ("a.png", bytes(7 << 20), "image/png")}
    assert schools.browser("administrator").post_form(url, name="x", files=files).status_code == 413


_UNPACKING = "a PNG whose badge unpacks to 100 MB"
CREDENTIALS = (
    _UNPACKING,
    "a PNG with a chunk of 4 GB",
    "an SVG that laughs a billion times",
    "an SVG with an external entity",
    "a token of ten megabytes of one letter",
    "a token with a payload of 10,000 levels",
    "a number of nine megabytes",
    "500,000 empty credentials in a presentation",
    "presentations in presentations",
)
_SMALL_ENOUGH_TO_PASTE = 200_000


def unpacking() -> bytes:
    """Return a picture whose badge unpacks to 100 MB."""
    text = zlib.compress(bytes(100_000_000), 1)
    return png(itxt(text, head=b"\1\0\0\0"))


def bomb(name: str) -> bytes:
    return unpacking() if name == _UNPACKING else as_bytes(BOMBS[name]())


@pytest.mark.parametrize("name", CREDENTIALS)
def test_no_badge_does_harm_to_a_wallet(learners: Standing, name: str) -> None:
    content = bomb(name)
    with learners.copy(), bounded():
        browser = learners.browser("learner")
        answers = [browser.post_form("/add/file", files={"file": ("badge.json", content)})]
        if len(content) < _SMALL_ENOUGH_TO_PASTE:
            answers.append(browser.post_form("/add", text=content.decode("latin-1")))
    for answer in answers:
        assert answer.status_code in (422, 413), answer.status_code
        check_headers(answer)


@pytest.mark.parametrize("name", CREDENTIALS)
def test_no_badge_does_harm_to_a_verifier(readers: Standing, name: str) -> None:
    content = bomb(name)
    with bounded():
        browser = readers.browser("anybody")
        page = browser.post_form("/check", files=[("files", ("badge.json", content))])
        report = browser.client.post("/reports", content=content, headers={"accept": "application/json"})
    assert page.status_code in (200, 400, 413, 422)
    assert 'data-outcome="verified"' not in page.text
    check_headers(page)
    assert report.status_code in (200, 413)
    assert report.status_code == 413 or report.json()["verified"] is False


@pytest.mark.parametrize("boundary", ["", "a" * 80, "\0"])
def test_forms_that_are_none_are_told_without_a_fault(readers: Standing, boundary: str) -> None:
    for body in (
        b"",
        b"--a",
        b"--a\r\n\r\n",
        b"--\0\r\n",
        b"\xff" * 1000,
        b"--a\r\nContent-Disposition: form-data\r\n\r\nx",
    ):
        headers = {"content-type": f"multipart/form-data; boundary={boundary}", "accept": "text/html"}
        answer = readers.browser("anybody").client.post("/check", content=body, headers=headers)
        assert 400 <= answer.status_code < 500


def test_more_fields_than_any_form_has_are_refused(readers: Standing, schools: Standing) -> None:
    fields = {f"f{number}": "x" for number in range(5000)}
    with bounded():
        assert readers.browser("anybody").post_form("/check", **fields).status_code in (400, 403, 413, 422)
        url = f"/o/{schools.ids['organization_id']}/awards"
        assert schools.browser("administrator").post_form(url, **fields).status_code in (400, 403, 413, 422)
    many = [("files", (f"{number}.json", b"{}")) for number in range(2000)]
    assert 400 <= readers.browser("anybody").post_form("/check", files=many).status_code < 500
