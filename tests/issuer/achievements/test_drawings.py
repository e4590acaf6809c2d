"""SVG is rebuilt from what a drawing needs: what does or fetches something is refused."""

import pytest
from lxml import etree

from intaglio.errors import IntaglioError
from issuer.achievements.drawing_rules import MAX_BYTES
from issuer.achievements.drawings import looks_like_svg, rebuild

NAMESPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:ink="urn:editor"'


def drawing(inside: str, attributes: str = "") -> bytes:
    return f'<svg {NAMESPACES} viewBox="0 0 10 10" {attributes}>{inside}</svg>'.encode()


def refused(data: bytes) -> str:
    with pytest.raises(IntaglioError) as caught:
        rebuild(data)
    return caught.value.problem.kind


def test_what_is_seen_stays() -> None:
    inside = (
        '<defs><linearGradient id="g"><stop offset="0" stop-color="#fff"/></linearGradient><path id="p" d="M0 0h1"/></defs>'
        '<style>.a > .b { fill: url(#g) }</style><g class="a"><rect class="b" width="9" height="9" style="stroke:url( \'#g\' )"/>'
        '<use xlink:href="#p" x="3"/><text xml:space="preserve" font-size="3">5 &lt; 7 &amp; “so”</text></g>'
    )
    root = etree.fromstring(rebuild(drawing(inside, 'version="1.1"')))

    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.get("viewBox") == "0 0 10 10"
    assert [etree.QName(element).localname for element in root.iter()][1:] == [
        *("defs", "linearGradient", "stop", "path", "style", "g", "rect", "use", "text")
    ]
    assert root.findtext("{*}g/{*}text") == "5 < 7 & “so”"
    assert root.findtext("{*}style") == ".a > .b { fill: url(#g) }"
    assert root.find("{*}g/{*}use").attrib == {"href": "#p", "x": "3"}


def test_what_nobody_sees_is_left_out() -> None:
    inside = (
        "<?editor note?><!-- by J. Doe --><metadata><ink:author>J. Doe</ink:author></metadata><title>J. Doe</title>"
        '<ink:view><ink:grid>J. Doe</ink:grid></ink:view><rect ink:label="J. Doe" data-x="J. Doe" width="1"/>'
        '<openbadges:credential xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0">J. Doe</openbadges:credential>'
    )

    assert b"Doe" not in rebuild(drawing(inside))


def test_a_part_may_be_called_what_a_style_may_not() -> None:
    assert b'id="my-url"' in rebuild(drawing('<path id="my-url" class="behavior" d="M0 0"/>'))


ACTIVE = [
    "<script>alert(1)</script>",
    '<script href="https://x.example/x.js"/>',
    '<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>',
    "<metadata><script>alert(1)</script></metadata>",
    '<rect onclick="alert(1)"/>',
    '<rect OnLoad="alert(1)"/>',
    '<rect ink:onload="alert(1)"/>',
    '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>',
    '<a href="https://x.example"><rect/></a>',
    '<animate attributeName="href" to="javascript:alert(1)"/>',
    '<set attributeName="onclick" to="alert(1)"/>',
    "<blink/>",
    '<feImage href="#a"/>',
]
REFERRING = [
    '<image href="https://x.example/x.png"/>',
    '<image xlink:href="data:image/png;base64,AAAA"/>',
    '<use href="https://x.example/x.svg#a"/>',
    '<use href="data:image/svg+xml,x"/>',
    '<use xlink:href="javascript:alert(1)"/>',
    '<linearGradient href="//x.example/x#a"/>',
    '<style>@import "https://x.example/x.css";</style>',
    "<style>@font-face { src: url(https://x.example/f) }</style>",
    "<style>rect { fill: url(#a), url(//x.example/b) }</style>",
    "<style>rect { background: image-set('https://x.example/x' 1x) }</style>",
    "<style><![CDATA[ rect { fill: u\\72l(https://x.example/x) } ]]></style>",
    '<rect style="fill:url(https://x.example/x)"/>',
    '<rect style="fill:URL ( https://x.example/x )"/>',
    '<rect style="behavior:x"/>',
    '<rect fill="url(https://x.example/x)"/>',
    '<rect fill="url(\'#a"/>',
    '<rect filter="url(&quot;x#a&quot;)"/>',
]


@pytest.mark.parametrize("inside", ACTIVE)
def test_what_does_something_by_itself_is_refused(inside: str) -> None:
    assert refused(drawing(inside)) == "picture-active"


@pytest.mark.parametrize("inside", REFERRING)
def test_what_comes_from_elsewhere_is_refused(inside: str) -> None:
    assert refused(drawing(inside)) == "picture-refers"


def test_handlers_on_the_drawing_itself_are_refused() -> None:
    assert refused(drawing("", 'onload="alert(1)"')) == "picture-active"


def test_entities_cannot_be_declared() -> None:
    bomb = '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' + drawing("<text>&b;</text>").decode()

    assert refused(bomb.encode()) == "svg-doctype"
    outside = '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + drawing("<text>&a;</text>").decode()
    assert refused(outside.encode()) == "svg-doctype"


def test_an_old_document_type_is_not_fetched() -> None:
    old = '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://x.example/svg11.dtd">'

    assert b"DOCTYPE" not in rebuild(old.encode() + drawing("<rect/>"))
    assert refused(old.encode() + drawing("<text>&x;</text>")) == "picture-damaged"


@pytest.mark.parametrize("levels", [9, 40])
def test_copies_of_copies_are_counted(levels: int) -> None:
    uses = [f'<use href="#l{number}"/>' * 10 for number in range(levels)]
    parts = "".join(f'<g id="l{number}">{uses[number - 1]}</g>' for number in range(1, levels))

    assert refused(drawing(f'<g id="l0"><rect/></g>{parts}<use href="#l{levels - 1}"/>')) == "picture-too-large"


@pytest.mark.parametrize(
    "inside",
    [
        '<g id="a"><use href="#a"/></g>',
        '<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>',
        '<pattern id="a"><rect fill="url(#a)"/></pattern>',
    ],
)
def test_what_contains_itself_is_refused(inside: str) -> None:
    assert refused(drawing(inside)) == "picture-too-large"


def test_ordinary_repetition_is_fine() -> None:
    inside = '<path id="leaf" d="M0 0"/><g id="fff" fill="#fff">' + '<use href="#leaf"/>' * 500 + "</g>"

    assert rebuild(drawing(inside)).count(b"<use") == 500


def test_size_depth_and_number_have_an_end() -> None:
    assert refused(drawing(" " * MAX_BYTES)) == "picture-too-large"
    assert refused(drawing("<g>" * 200 + "</g>" * 200)) == "picture-too-large"
    assert refused(drawing("<g/>" * 20_000)) == "picture-too-large"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"<x/>", "picture-kind"),
        (b"<svg/>", "picture-kind"),
        (b"<svg", "picture-damaged"),
        (drawing("<rect></g>"), "picture-damaged"),
        (b"<!doctype html><p>", "picture-damaged"),
        (b'<?xml version="1.0" encoding="latin1"?>' + drawing(""), "svg-encoding"),
    ],
)
def test_what_is_no_drawing_is_refused(data: bytes, kind: str) -> None:
    assert looks_like_svg(data)
    assert refused(data) == kind


def test_a_byte_order_mark_and_blanks_may_stand_first() -> None:
    assert looks_like_svg(b"\xef\xbb\xbf \n<svg/>")
    assert not looks_like_svg(b"svg")
