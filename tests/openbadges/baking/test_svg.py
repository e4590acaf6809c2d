import io
import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from intaglio.errors import IntaglioError, MalformedInput, Unsupported
from intaglio.openbadges.baking import MAX_SVG_BYTES, bake, unbake
from tests.openbadges.baking.images import JSON, JWT, OB3, SVG, svg

DOCTYPE = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
BAKED = f'<openbadges:credential verify="{JWT}"/>'


def refusal(image: bytes | str, kind: type[IntaglioError] = MalformedInput) -> str:
    with pytest.raises(kind) as raised:
        unbake(image.encode() if isinstance(image, str) else image)
    return raised.value.problem.kind


def credential_seen_by_lxml(image: bytes) -> etree._Element:
    """Return the credential element as another XML library sees it; it must be the first thing in the image."""
    root = etree.parse(io.BytesIO(image), etree.XMLParser(resolve_entities=False, no_network=True)).getroot()
    (element,) = root.iter(f"{{{OB3}}}credential")
    assert root[0] is element
    assert not (root.text or "").strip()
    return element


@pytest.mark.parametrize("credential", [JWT, JSON, '{"name": "]]> and ]]>]]>"}', '{"a":\n\t"<!-- & -->"}'])
def test_what_is_baked_is_unbaked_and_another_xml_library_reads_the_same(credential: str) -> None:
    baked = bake(SVG.encode(), credential)

    assert unbake(baked) == credential.encode()
    element = credential_seen_by_lxml(baked)
    assert (element.get("verify") or element.text) == credential


def test_a_jwt_is_written_as_the_specification_shows() -> None:
    assert bake(SVG.encode(), JWT).decode() == (
        f'<svg xmlns:openbadges="{OB3}" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">'
        f'<openbadges:credential verify="{JWT}"></openbadges:credential><path d="M0,0"/></svg>'
    )


def test_json_is_written_as_the_specification_shows() -> None:
    assert bake(SVG.encode(), JSON).decode() == (
        f'<svg xmlns:openbadges="{OB3}" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">'
        f'<openbadges:credential><![CDATA[{JSON}]]></openbadges:credential><path d="M0,0"/></svg>'
    )


def test_everything_else_in_the_file_stays_as_the_artist_left_it() -> None:
    before = (
        "\ufeff<?xml version='1.0'  encoding='UTF-8' ?>\r\n<!-- by hand -->\n" + DOCTYPE + "\n"
        "<svg:svg\n  xmlns:svg='http://www.w3.org/2000/svg'   title='a > b &amp;&#10; c'>"
    )
    after = "\r\n<svg:style><![CDATA[ p>q { } ]]></svg:style>&#x41;<svg:g  id = 'x' ></svg:g></svg:svg>\n<!-- end -->\n"

    baked = bake((before + after).encode(), JWT).decode()

    root = before.replace("<svg:svg\n", f'<svg:svg xmlns:openbadges="{OB3}"\n')
    assert baked == f'{root}<openbadges:credential verify="{JWT}"></openbadges:credential>{after}'


def test_an_empty_image_is_opened_for_the_credential() -> None:
    assert bake(b'<svg xmlns="http://www.w3.org/2000/svg" />', JWT).decode() == (
        f'<svg xmlns:openbadges="{OB3}" xmlns="http://www.w3.org/2000/svg" >'
        f'<openbadges:credential verify="{JWT}"></openbadges:credential></svg>'
    )


@pytest.mark.parametrize("place", ["{}", "<g><a/>{}</g><g/>", "<metadata>{}</metadata>", "<g>{}<a/></g>"])
@pytest.mark.parametrize(
    "old",
    [
        '<openbadges:credential verify="x.y.z"/>',
        '<openbadges:credential verify="x.y.z" ></openbadges:credential\n>',
        "<openbadges:credential>\n<![CDATA[{}]]>\n</openbadges:credential>",
    ],
)
def test_a_credential_that_was_there_is_replaced(place: str, old: str) -> None:
    with_old, without = svg(place.format(old)), svg(place.format(""))

    assert bake(with_old, JWT) == bake(without, JWT)
    assert unbake(bake(with_old, JWT)) == JWT.encode()


def test_a_namespace_that_is_declared_already_is_not_declared_again() -> None:
    assert bake(svg(""), JWT).count(OB3.encode()) == 1


def test_a_prefix_that_has_another_meaning_keeps_it() -> None:
    old = '<openbadges:assertion verify="x"/>'
    baked = bake(svg(old, attributes='xmlns:openbadges="http://openbadges.org"'), JWT)

    assert unbake(baked) == JWT.encode()
    assert credential_seen_by_lxml(baked).get("verify") == JWT
    assert f'<openbadges:credential xmlns:openbadges="{OB3}" verify'.encode() in baked
    assert old.encode() in baked
    assert bake(baked, JSON) == bake(svg(old, attributes='xmlns:openbadges="http://openbadges.org"'), JSON)


def test_the_prefix_of_the_credential_is_anybodys_choice() -> None:
    assert unbake(svg(f'<ob:credential xmlns:ob="{OB3}" verify="{JWT}"/>', attributes="")) == JWT.encode()
    assert unbake(svg(f'<credential xmlns="{OB3}">{{}}</credential>', attributes="")) == b"{}"


def test_escaped_text_is_as_good_as_cdata() -> None:
    assert unbake(svg('<openbadges:credential>{"a": "&lt;&amp;&#x2713;"}</openbadges:credential>')) == (
        '{"a": "<&✓"}'.encode()
    )


def test_an_image_that_is_longer_than_one_reading_step_is_read_right() -> None:
    padding = "<!--" + "✓" * 700_000 + "-->"
    image = svg(f"{padding}<g>{BAKED}</g>{padding}")

    assert unbake(image) == JWT.encode()
    assert bake(image, JSON) == bake(svg(f"{padding}<g></g>{padding}"), JSON)


def test_carriage_returns_around_json_are_written_as_line_feeds() -> None:
    assert unbake(bake(SVG.encode(), b' {\r\n"a":\r1}\r\n')) == b'{\n"a":\n1}'


def test_the_published_json_badge_is_unbaked(vectors: Path) -> None:
    image = vectors / "baked/digital-credentials-public-v__simple-json.svg"
    payload = json.loads((vectors / "baked/digital-credentials-public-v__simple-json.svg.payload.json").read_bytes())

    assert json.loads(unbake(image.read_bytes())) == payload


@pytest.mark.parametrize("name", ["simple-json", "simple-jwt"])
def test_a_published_badge_is_baked_again_and_read_by_another_library(vectors: Path, name: str) -> None:
    image = (vectors / f"baked/digital-credentials-public-v__{name}.svg").read_bytes()
    credential = unbake(image)

    baked = bake(image, credential)

    assert unbake(baked) == credential
    element = credential_seen_by_lxml(baked)
    assert (element.get("verify") or element.text or "").encode() == credential


def test_an_external_document_type_is_not_fetched() -> None:
    assert unbake(svg(BAKED, before=DOCTYPE)) == JWT.encode()  # a connection would fail the test


BILLION_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "declarations",
    [
        f'<!ENTITY l0 "lol">{BILLION_LAUGHS}',
        '<!ENTITY e SYSTEM "file:///etc/passwd">',
        '<!ENTITY e SYSTEM "http://127.0.0.1:9/">',
        '<!ENTITY % p SYSTEM "http://127.0.0.1:9/evil.dtd"> %p;',
        "<!ATTLIST svg onload CDATA 'x'>",
        "",
    ],
)
@pytest.mark.parametrize("start", ["<!DOCTYPE svg [", "<!-- [ --><!DOCTYPE svg [", '<!DOCTYPE svg SYSTEM "a" ['])
def test_entity_bombs_and_files_read_by_entities_are_refused_before_the_parser(start: str, declarations: str) -> None:
    image = svg("&e;&l9;" + BAKED, before=f"{start}{declarations}]>")

    assert refusal(image) == "svg-doctype"
    with pytest.raises(MalformedInput):
        bake(image, JWT)


@pytest.mark.parametrize(
    "trick",
    [
        "<!DOCTYPE svg SYSTEM 'a>' [<!ENTITY e 'x'>]>",
        "<!DOCTYPE svg SYSTEM '<!--' [<!ENTITY e 'x'>]><!-- -->",
        "<?pi ?><!DOCTYPE svg\n[<!ENTITY e 'x'>]>",
        "<!--><!DOCTYPE svg [<!ENTITY e 'x'>]><!-- -->",
    ],
)
def test_no_trick_hides_a_declaration_from_us(trick: str) -> None:
    assert refusal(svg("&e;" + BAKED, before=trick)) in ("svg-doctype", "svg-malformed")


def test_an_entity_that_nothing_declares_is_refused_where_readers_could_fill_it_in() -> None:
    for inside in (
        "<openbadges:credential>{&x;}</openbadges:credential>",
        '<openbadges:credential verify="a&x;b"/>',
    ):
        assert refusal(svg(inside, before=DOCTYPE)) == "baked-malformed"
        assert refusal(svg(inside)) in ("svg-malformed", "baked-malformed")


def test_two_credentials_in_one_image_are_refused_whichever_a_reader_would_take() -> None:
    two = svg(f"{BAKED}<g>{BAKED}</g>")

    assert refusal(two) == "baked-twice"
    with pytest.raises(MalformedInput) as raised:
        bake(two, JWT)
    assert raised.value.problem.kind == "baked-twice"


def test_a_token_and_a_text_in_one_element_are_two_credentials() -> None:
    assert refusal(svg(f'<openbadges:credential verify="{JWT}">{{}}</openbadges:credential>')) == "baked-twice"


@pytest.mark.parametrize("inside", ["<g/>", BAKED, "<g>{}</g>"])
def test_a_credential_has_no_elements_inside(inside: str) -> None:
    image = svg(f"<openbadges:credential>{inside}</openbadges:credential>")

    assert refusal(image) == "baked-malformed"


@pytest.mark.parametrize("attribute", ["", ' verify=""', ' verify=" "', ' openbadges:verify="x"'])
def test_an_empty_credential_is_refused(attribute: str) -> None:
    assert refusal(svg(f"<openbadges:credential{attribute}> </openbadges:credential>")) == "baked-malformed"


@pytest.mark.parametrize(
    "element",
    [
        "",
        '<credential verify="x"/>',
        f'<x:credential xmlns:x="{OB3}/" verify="x"/>',
        '<openbadges:Credential verify="x"/>',
    ],
)
def test_an_image_without_a_credential_says_so(element: str) -> None:
    assert refusal(svg(element)) == "not-baked"


def test_a_badge_of_open_badges_2_is_named_as_such() -> None:
    old = '<openbadges:assertion verify="x.y.z"/>'

    assert (
        refusal(svg(old, attributes='xmlns:openbadges="http://openbadges.org"'), Unsupported) == "baked-open-badges-2"
    )


@pytest.mark.parametrize(
    "image",
    [
        "<svg>",
        "<svg></sgv>",
        "<svg a=1/>",
        "<svg x:a='1'/>",
        "<svg/><svg/>",
        " <?xml version='1.0'?><svg/>",
        "<!doctype html><svg/>",
        "<svg>\x01</svg>",
        "<!-- ",
        "<?xml ",
        "<",
        b"<svg>\xff</svg>",
        "<svg>&undeclared;</svg>",
        "<svg><!DOCTYPE svg [<!ENTITY e 'x'>]></svg>",
    ],
)
def test_what_is_not_well_formed_is_refused(image: str | bytes) -> None:
    assert refusal(image) == "svg-malformed"


@pytest.mark.parametrize("image", ["<html><body/></html>", "<a/>", "<svg xmlns='http://example.org/'/>"])
def test_xml_that_is_not_svg_is_unsupported(image: str) -> None:
    assert refusal(image, Unsupported) == "image-kind"


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "UTF-16", "windows-1252", "no-such-thing"])
def test_an_image_in_another_encoding_is_unsupported(encoding: str) -> None:
    image = svg(BAKED, before=f'<?xml version="1.0" encoding="{encoding}"?>')

    assert refusal(image, Unsupported) == "svg-encoding"


def test_an_image_that_says_it_is_utf8_is_read() -> None:
    for encoding in ("utf-8", "UTF-8", "us-ascii"):
        assert unbake(svg(BAKED, before=f'<?xml version="1.0" encoding="{encoding}"?>')) == JWT.encode()


@pytest.mark.parametrize("character", ["\ufffe", "\uffff"])
def test_a_credential_with_a_character_that_xml_cannot_hold_is_not_baked(character: str) -> None:
    with pytest.raises(MalformedInput) as raised:
        bake(SVG.encode(), f'{{"a": "{character}"}}')

    assert raised.value.problem.kind == "not-bakeable"


@pytest.mark.parametrize(
    ("image", "kind"),
    [
        ("<svg>" + "<g>" * 300 + "</g>" * 300 + "</svg>", "svg-malformed"),
        ("<svg>" + "<g>" * 1_000_000, "svg-malformed"),
        ("<svg>" + "<a/>" * 500_000 + "</svg>", "svg-malformed"),
        ("<!---->" * 300_000, "svg-malformed"),
        ("<?a?>" + " " * 7_000_000 + "!", "svg-malformed"),
        ("<?" * 4_000_000, "svg-malformed"),
        ("<!DOCTYPE x>" * 200_000, "svg-malformed"),
        ("<svg " + " ".join(f'a{number}=""' for number in range(250_000)) + "/>", "not-baked"),
        ("<svg " + " ".join(f'xmlns:a{number}="u"' for number in range(150_000)) + "/>", "not-baked"),
        ('<svg a="' + "x" * 8_000_000 + '"/>', "not-baked"),
        ("<svg><!--" + "x" * 8_000_000 + "--></svg>", "not-baked"),
    ],
    ids=[
        "deep",
        "deeper",
        "many",
        "comments",
        "space",
        "instructions",
        "types",
        "attributes",
        "names",
        "tag",
        "comment",
    ],
)
def test_images_made_to_fill_the_memory_or_never_to_end_do_neither(image: str, kind: str) -> None:
    data = image.encode()

    tracemalloc.start()
    try:
        assert refusal(data) == kind
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 150_000_000


def test_an_image_that_is_too_large_is_neither_read_nor_written() -> None:
    assert refusal("<svg>" + " " * MAX_SVG_BYTES + "</svg>") == "image-too-large"
    with pytest.raises(MalformedInput) as raised:
        bake(("<svg>" + " " * (MAX_SVG_BYTES - 20) + "</svg>").encode(), JWT)
    assert raised.value.problem.kind == "image-too-large"


CLOSING = b"</openbadges:credential>"
NAMES = st.sampled_from(["g", "svg:a", "openbadges:x", "style"])
ATTRIBUTES = st.sampled_from(["", ' a="1"', " a='>'", ' a="/>"', "\n a = '\"'", ' a="&gt;&#10;"'])
SIMPLE = st.sampled_from(["text", "<!-- > -->", "<?pi > ?>", "<![CDATA[<x>]]>", "&amp;", " ", "\r\n", "✓"])


def _wrap(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda name, attributes, inside: f"<{name}{attributes}>{''.join(inside)}</{name}>",
        NAMES,
        ATTRIBUTES,
        st.lists(children, max_size=3),
    )


CONTENT = st.recursive(SIMPLE, _wrap, max_leaves=12)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=["\ufffe", "\uffff"]))


@given(CONTENT, CONTENT, ATTRIBUTES, TEXTS)
@settings(deadline=None)
def test_any_text_survives_in_any_image(first: str, second: str, attributes: str, text: str) -> None:
    names = f'xmlns:svg="http://www.w3.org/2000/svg" xmlns:openbadges="{OB3}"'
    credential = json.dumps({"text": text, "]]>": "]]>"}, ensure_ascii=False)
    plain = svg(first + second, attributes=names + attributes)

    baked = bake(plain, credential)

    assert unbake(baked) == credential.encode()
    assert credential_seen_by_lxml(baked).text == credential
    element = baked[baked.index(b"<openbadges:credential>") : baked.rindex(CLOSING) + len(CLOSING)]
    assert baked.replace(element, b"", 1) == plain
    assert bake(baked, JWT) == bake(plain, JWT)
    assert bake(svg(first + element.decode() + second, attributes=names + attributes), JWT) == bake(plain, JWT)


@given(st.text(alphabet="<>/!?-[]\"'&;= asvg:xmlns", max_size=60))
@settings(deadline=None)
def test_no_text_does_worse_than_be_refused(text: str) -> None:
    with pytest.raises(IntaglioError):
        unbake(b"<" + text.encode())
