"""What the components write, whatever they are handed."""

from pathlib import Path
from typing import Any

import lxml.html
import pytest
from jinja2 import Environment
from starlette.testclient import TestClient

from intaglio.server.listing import Listing
from tests.server.gallery import create_app

HOSTILE = """"><script>alert(1)</script><img src=x onerror='alert(2)'>"""


class Writer:
    """Renders a line of template with the macros of one component."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def __call__(self, component: str, line: str, **context: Any) -> lxml.html.HtmlElement:
        """Return the element around what was written."""
        path = f"components/{component}.html"
        macros = [
            name
            for name in vars(self._environment.get_template(path).make_module({"language": "en"}))
            if name[0] != "_"
        ]
        source = f"{{% from '{path}' import {', '.join(macros)} with context %}}<div>{line}</div>"
        text = self._environment.from_string(source).render(
            {"language": "en", "path": "/", "csrf": lambda: "", **context}
        )
        return lxml.html.fragment_fromstring(text.strip())


@pytest.fixture(scope="module")
def write(tmp_path_factory: pytest.TempPathFactory) -> Writer:
    return Writer(create_app(tmp_path_factory.mktemp("gallery")).state.pages.environment)


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    return TestClient(create_app(tmp_path), base_url="http://localhost:8009")


@pytest.mark.parametrize(
    ("component", "line"),
    [
        ("field", "{{ field(x, x, x, hint=x, error=x, autocomplete=x, id=x, attributes={'title': x}) }}"),
        ("field", "{{ textarea('n', x, x, hint=x, error=x, id=x, attributes={'title': x}) }}"),
        ("field", "{{ select('n', x, [(x, x), (x, [(x, x)])], x, hint=x, error=x, placeholder=x) }}"),
        ("field", "{% call fieldset(x, x, x, x) %}{{ x }}{% endcall %}"),
        (
            "choice",
            "{{ radios(x, x, [(x, x, x)], x, hint=x, error=x) }}{{ checkboxes(x, x, [(x, x, x)], [x], x, x) }}",
        ),
        ("upload", "{{ upload(x, x, x, x, accept=x, id=x) }}"),
        ("error_summary", "{{ error_summary({x: x}, x) }}"),
        (
            "button",
            "{{ button(x, 'quiet', name=x, value=x, form=x) }}{{ link_button(x, x) }}{{ copy_button(x, x) }}",
        ),
        ("card", "{% call card(x, x, eyebrow=x) %}{{ x }}{% endcall %}{{ badge_card(x, x, x, x, x, x) }}"),
        (
            "dialog",
            "{% call confirm('i', x, x, x, x, x, fields={x: x}) %}{{ x }}{% endcall %}",
        ),
        ("choice", "{{ checkbox(x, x, true, x, x, x) }}"),
        ("button", "{{ post_button(x, x, fields={x: x}) }}"),
        ("dialog", "{% call dialog('j', x) %}{{ x }}{% endcall %}{{ dialog_link(x, x, x) }}"),
        ("checks", "{{ checks([{'outcome': x, 'title': x, 'detail': x, 'advice': x}]) }}"),
        ("verdict", "{{ verdict(x, x, x, x, x) }}"),
        ("notice", "{{ notice(x, x, x) }}"),
        ("flash", "{{ flashes([('good', x)]) }}"),
        ("timeline", "{{ timeline([{'when': x, 'title': x, 'detail': x}]) }}"),
        ("definitions", "{{ definitions([(x, x, x), (x, x)]) }}"),
        ("stepper", "{{ stepper([(x, x), x], 2, x) }}"),
        ("empty", "{{ empty(x, x, x, x) }}"),
        ("qr", "{{ qr(x, x, x) }}"),
        ("seal", "{{ seal(x) }}{{ seal(x, 'small') }}"),
        ("level", "{{ level(1, 4, x) }}"),
        ("mark", "{{ mark(x) }}"),
        ("progress", "{{ progress(1, 2, x) }}"),
        ("heading", "{{ page_heading(x, x, x, x, x) }}"),
        ("scan", "{{ scan_button(x, x) }}"),
        ("fold", "{% call fold(x) %}{{ x }}{% endcall %}"),
        (
            "table",
            "{{ table(x, [{'key': 'k', 'title': x, 'sort': true}], [{'k': x}], listing) }}{{ table_search(listing, x, x) }}",
        ),
        ("table", "{{ table(x, [{'key': 'k', 'title': x}], [], listing) }}"),
    ],
)
def test_nothing_that_is_handed_in_becomes_markup(write: Writer, component: str, line: str) -> None:
    listing = Listing.read({"q": HOSTILE}, sortable=("k",)).counted(900)
    written = write(component, line, x=HOSTILE, listing=listing)
    assert written.xpath(".//script | .//img | .//*[@onerror]") == []


def _described(element: lxml.html.HtmlElement, root: lxml.html.HtmlElement) -> list[str]:
    """Return the texts that a screen reader adds to a control, in their order."""
    return [
        " ".join(root.get_element_by_id(key).text_content().split()) for key in element.get("aria-describedby").split()
    ]


def test_a_field_is_named_and_its_hint_and_error_belong_to_it(write: Writer) -> None:
    form = write(
        "field",
        "{{ field('email', 'E-mail', 'a@', kind='email', hint='A hint.', error='An error.', required=true, autocomplete=a) }}",
        a="email",
    )
    (control,) = form.xpath(".//input")
    assert control.label.text_content() == "E-mail"
    assert _described(control, form) == ["A hint.", "Error: An error."]
    assert (control.get("aria-invalid"), control.get("required"), control.get("autocomplete")) == ("true", "", "email")


def test_what_may_be_left_out_says_so(write: Writer) -> None:
    assert write("field", "{{ field('a', 'A') }}").xpath(".//label")[0].text_content() == "A (optional)"
    assert write("field", "{{ field('a', 'A', mark=false) }}").xpath(".//label")[0].text_content() == "A"


@pytest.mark.parametrize("kind", ["password", "file"])
def test_a_password_and_a_file_never_come_back_in_a_page(write: Writer, kind: str) -> None:
    assert write("field", "{{ field('p', 'P', 'secret', kind=kind) }}", kind=kind).xpath(".//input/@value") == []


@pytest.mark.parametrize(("value", "shown"), [("", []), (None, []), (0, ["0"]), ("0", ["0"])])
def test_nothing_is_shown_as_nothing_and_zero_as_zero(write: Writer, value: object, shown: list[str]) -> None:
    assert write("field", "{{ field('n', 'N', v, kind='number') }}", v=value).xpath(".//input/@value") == shown


def test_what_was_typed_into_a_large_field_keeps_its_first_line_break(write: Writer) -> None:
    # A browser drops one line break after <textarea>, so one is written for it.
    text = write("field", "{{ textarea('t', 'T', v) }}", v="\nfirst").xpath(".//textarea")[0].text
    assert text == "\n\nfirst"
    assert write("field", "{{ textarea('t', 'T', none) }}").xpath(".//textarea")[0].value.strip() == ""


def test_a_choice_is_kept_whatever_its_type(write: Writer) -> None:
    line = "{{ select('s', 'S', [(1, 'One'), ('G', [(2, 'Two')])], 2, placeholder='Choose') }}"
    form = write("field", line)
    assert form.xpath(".//option[@selected]/@value") == ["2"]
    assert form.xpath(".//select/option[1]/@value") == [""]
    assert write("choice", "{{ radios('r', 'R', [(1, 'One'), (2, 'Two')], 2) }}").xpath(
        ".//input[@checked]/@value"
    ) == ["2"]
    boxes = write("choice", "{{ checkboxes('c', 'C', [(1, 'One'), (2, 'Two'), (3, 'Three')], [1, 3]) }}")
    assert boxes.xpath(".//input[@checked]/@value") == ["1", "3"]


def test_the_summary_of_errors_leads_to_the_fields(write: Writer) -> None:
    line = "{{ error_summary(errors) }}{{ field('email', 'E-mail', error=errors.email) }}"
    page = write(
        "error_summary", line.replace("field(", "f("), errors={"email": "Bad.", "": "All."}, f=lambda *_, **__: ""
    )
    assert page.xpath(".//a/@href") == ["#field-email"]
    assert [item.text_content() for item in page.xpath(".//li")] == ["Bad.", "All."]
    assert write("field", "{{ field('email', 'E') }}").get_element_by_id("field-email").tag == "input"
    assert write("error_summary", "{{ error_summary({}) }}").xpath("./*") == []


def test_a_table_says_how_it_is_sorted_and_links_to_other_orders(write: Writer) -> None:
    listing = Listing.read({"sort": "-name"}, sortable=("name", "grade")).counted(5000)
    columns = [
        {"key": "name", "title": "Name", "sort": True},
        {"key": "grade", "title": "Grade", "sort": True, "number": True},
        {"key": "do", "title": "Actions", "hidden": True},
    ]
    line = "{% call(row, key) table('Learners', columns, rows, listing) %}{{ key }} of {{ row }}{% endcall %}"
    page = write("table", line, columns=columns, rows=["Ana", "Ben"], listing=listing)
    heads = page.xpath(".//thead//th")
    assert [head.get("aria-sort") for head in heads] == ["descending", None, None]
    assert [head.get("scope") for head in heads] == ["col"] * 3
    assert page.xpath(".//thead//a/@href") == ["?sort=name", "?sort=grade"]
    assert page.xpath(".//tbody/tr[1]/*/@data-label") == ["Name", "Grade", "Actions"]
    assert [cell.text_content() for cell in page.xpath(".//tbody/tr[2]/*")] == [
        "name of Ben",
        "grade of Ben",
        "do of Ben",
    ]
    assert page.xpath(".//tbody//th/@scope") == ["row", "row"]
    assert page.xpath("string(.//caption)") == "Learners 5,000 rows"
    assert page.xpath(".//nav//a[@rel='next']/@href") == ["?sort=-name&page=2"]


def test_the_row_is_named_by_the_column_that_says_so(write: Writer) -> None:
    columns = [{"key": "n", "title": "No."}, {"key": "name", "title": "Name", "header": True}]
    page = write("table", "{{ table('T', columns, rows) }}", columns=columns, rows=[{"n": 1, "name": "Ana"}])
    assert page.xpath(".//tbody//th/text()") == ["Ana"]
    assert page.xpath(".//thead//a") == []


def test_an_empty_table_says_why(write: Writer) -> None:
    searched = Listing.read({"q": "xyzzy"}, sortable=("k",)).counted(0)
    line = (
        "{{ table('T', [{'key': 'k', 'title': 'K'}], [], listing, empty_title='No learners yet', empty_text='So.') }}"
    )
    assert "xyzzy" in write("table", line, listing=searched).text_content()
    assert write("table", line, listing=searched).xpath(".//a/@href") == ["?sort=k"]
    nothing = write("table", line, listing=Listing.read({}, sortable=("k",)).counted(0))
    assert "No learners yet" in nothing.text_content()
    assert "Nothing here yet" in write("table", "{{ table('T', [], []) }}").text_content()


def test_a_single_page_needs_no_pagination(write: Writer) -> None:
    assert (
        write("pagination", "{{ pagination(listing) }}", listing=Listing.read({}, sortable=("k",)).counted(50)).xpath(
            "./*"
        )
        == []
    )


def test_outcomes_are_words_first(write: Writer) -> None:
    line = "{{ checks([{'outcome': o, 'title': 'T'} ]) }}"
    for outcome, word in (
        ("passed", "passed"),
        ("failed", "failed"),
        ("unknown", "not certain"),
        ("odd", "not certain"),
    ):
        assert write("checks", line, o=outcome).xpath("string(.//*[@class='check-outcome'])") == word


def test_a_confirmation_carries_the_token_and_what_was_added(write: Writer) -> None:
    line = "{% call confirm('c', 'Sure?', '/go', 'Yes', fields={'id': 7}) %}<input name='reason'>{% endcall %}"
    form = write("dialog", line, csrf=lambda: "TOKEN").xpath(".//form")[0]
    assert (form.get("method"), form.get("action"), "TOKEN" in form.text_content()) == ("post", "/go", True)
    assert form.xpath(".//input/@name") == ["id", "reason"]
    assert form.xpath(".//button/@type") == ["button", "submit"]


def test_the_frame_speaks_the_readers_language(client: TestClient) -> None:
    page = lxml.html.fromstring(client.get("/gallery?lang=es").text)
    assert page.get("lang") == "es"
    assert page.xpath("string(//a[@class='skip'])") == "Saltar al contenido"
    assert page.xpath("//ul[@class='languages']//a[@aria-current]/@lang") == ["es"]


def test_one_entry_of_the_navigation_is_current(client: TestClient) -> None:
    page = lxml.html.fromstring(client.get("/gallery").text)
    assert page.xpath("//nav[@class='site-nav']//a[@aria-current]/text()") == ["Gallery"]
    assert page.xpath("//meta[@name='robots']/@content") == ["noindex, nofollow"]


def test_every_id_on_a_page_is_there_once(client: TestClient) -> None:
    ids = lxml.html.fromstring(client.get("/gallery").text).xpath("//@id")
    assert len(ids) == len(set(ids))


def test_an_error_is_a_page_that_says_what_to_do(client: TestClient) -> None:
    answer = client.get("/problem")
    page = lxml.html.fromstring(answer.text)
    assert answer.status_code == 404
    assert page.xpath("string(//h1)") == "There is nothing here."
    assert "Check the address, or start from the first page." in page.text_content()
    assert page.xpath("//dd[@class='code'][2]/text() | //dl//dd/text()")[1] == "no-such-page"
