from ipaddress import IPv4Address, IPv6Address
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intaglio.errors import IntaglioError, MalformedInput, Unavailable
from intaglio.fetch.rules import Target, check_addresses, is_public, parse_target, redirect_target, show

SCHOOL = Target("https", "school.example", 443, "/did.json")
LOCAL = Target("http", "localhost", 8000, "/")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://school.example", Target("https", "school.example", 443, "/")),
        ("HTTPS://School.Example/A?b=c", Target("https", "school.example", 443, "/A?b=c")),
        ("https://school.example:443/x", Target("https", "school.example", 443, "/x")),
        ("https://school.example:8443/x", Target("https", "school.example", 8443, "/x")),
        ("https://school.example?q", Target("https", "school.example", 443, "/?q")),
        ("https://93.184.216.34/x", Target("https", "93.184.216.34", 443, "/x")),
        ("https://[2606:2800:220:1::]:8443/", Target("https", "2606:2800:220:1::", 8443, "/")),
        ("https://xn--schler-0ya.example/", Target("https", "xn--schler-0ya.example", 443, "/")),
    ],
)
def test_an_honest_url_is_read_into_its_parts(url: str, expected: Target) -> None:
    assert parse_target(url) == expected


def test_a_fragment_is_never_sent() -> None:
    assert parse_target("https://school.example/issuer#key-1").url == "https://school.example/issuer"


def test_the_host_header_leaves_out_the_default_port_and_brackets_ipv6() -> None:
    assert parse_target("https://school.example:443/").authority == "school.example"
    assert parse_target("https://[2606:2800:220:1::]:8443/").authority == "[2606:2800:220:1::]:8443"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "school.example",
        "//school.example/x",
        "https://",
        "https:///did.json",
        "https://school.example:/",
        "https://school.example:99999999/",
        "https://school.example./",
        "https://school..example/",
        "https://-school.example/",
        f"https://{'a' * 64}.example/",
        f"https://{'a.' * 130}example/",
        "https://%73chool.example/",
        "https://school.example\t/",
        "https://sch\nool.example/",
        " https://school.example/",
        "https://school.example/a b",
        "https://evil.example\\@school.example/",
        "https://schüler.example/",
        "https://school.example/ü",
        "https://[::1/",
        "https://[fe80::1%25eth0]/",
        "https://[1:2]/",
        "https://school.example/" + "a" * 4096,
    ],
)
def test_what_parsers_read_differently_is_not_a_url(url: str) -> None:
    with pytest.raises(MalformedInput) as caught:
        parse_target(url)
    assert caught.value.problem.kind == "bad-address"


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f000001", "0x7f.1", "127.1", "0177.0.0.1", "1.2.3.4.5", "127.0.0.0x1"]
)
def test_an_address_in_disguise_is_not_a_host(host: str) -> None:
    with pytest.raises(MalformedInput):
        parse_target(f"https://{host}/")


@pytest.mark.parametrize(
    "url",
    [
        "http://school.example/",
        "ftp://school.example/",
        "file:///etc/passwd",
        "data:application/json,1",
        "did:web:school.example",
        "urn:uuid:4ca4a241-fc3b-4d92-978e-f56fa96ae795",
        "https:school.example",
        "https://user:secret@school.example/",
        "https://school.example@evil.example/",
        "https://school.example:22/",
        "https://school.example:0/",
        "https://school.example:70000/",
    ],
)
def test_what_is_not_for_us_is_not_asked(url: str) -> None:
    with pytest.raises(Unavailable) as caught:
        parse_target(url)
    assert caught.value.problem.kind == "forbidden-address"


def test_http_will_do_only_where_the_reader_said_so() -> None:
    assert parse_target("http://localhost:8000/x", allow_http=True) == Target("http", "localhost", 8000, "/x")


@given(st.text("htps:/[]@#?&=.%\\ \t\nabcexample0127x-_", max_size=60).map("https://".__add__))
def test_no_other_parser_sees_another_host(url: str) -> None:
    try:
        target = parse_target(url)
    except IntaglioError:
        return
    assert urlsplit(url).hostname == target.host
    assert urlsplit(target.url).hostname == target.host
    assert parse_target(target.url) == target


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("https://other.example/x", "https://other.example/x"),
        ("/there?x#f", "https://school.example/there?x"),
        ("other.json", "https://school.example/other.json"),
        ("//other.example/x", "https://other.example/x"),
    ],
)
def test_a_redirect_is_read_against_where_it_came_from(location: str, url: str) -> None:
    assert redirect_target(SCHOOL, location).url == url


@pytest.mark.parametrize(
    "location",
    [
        "http://school.example/",
        "http://localhost:8000/",
        "file:///etc/passwd",
        "https://a@b.example/",
        "https://b.example:25/",
    ],
)
def test_a_redirect_to_where_we_do_not_go_is_not_followed(location: str) -> None:
    with pytest.raises(Unavailable) as caught:
        redirect_target(SCHOOL, location, allow_http=True)
    assert caught.value.problem.kind == "forbidden-address"


@pytest.mark.parametrize(
    "location",
    [
        "",
        "https://b.example/\t",
        "\\\\b.example",
        "https://schüler.example",
        "https://[::1/",
        "https://127.1/",
        "a" * 5000,
    ],
)
def test_a_redirect_to_what_is_no_url_is_the_servers_fault(location: str) -> None:
    with pytest.raises(Unavailable) as caught:
        redirect_target(SCHOOL, location)
    assert caught.value.problem.kind == "broken-answer"


def test_a_redirect_between_loopback_addresses_may_stay_on_http() -> None:
    assert redirect_target(LOCAL, "/there", allow_http=True).url == "http://localhost:8000/there"


FORBIDDEN = [
    "0.0.0.0",  # noqa: S104 - judged, not bound
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.31.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:10.0.0.1",
    "::ffff:93.184.216.34",
    "::127.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b::169.254.169.254",
    "64:ff9b::127.0.0.1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "2002:a00:1::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", FORBIDDEN)
def test_an_address_inside_somebodys_network_is_not_asked(address: str) -> None:
    with pytest.raises(Unavailable) as caught:
        check_addresses(SCHOOL, [address])
    assert caught.value.problem.kind == "forbidden-address"
    assert address not in caught.value.problem.detail


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "1.1.1.1", "2606:2800:220:1::", "2a00::1", "64:ff9b::93.184.216.34"]
)
def test_an_address_on_the_internet_is_asked(address: str) -> None:
    assert check_addresses(SCHOOL, [address]) == (address,)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_loopback_is_asked_where_the_reader_said_so(address: str) -> None:
    assert check_addresses(SCHOOL, [address], allow_loopback=True) == (address,)
    assert check_addresses(LOCAL, [address], allow_loopback=True) == (address,)


def test_leave_to_ask_loopback_is_no_leave_to_ask_the_house() -> None:
    for address in FORBIDDEN:
        if address not in ("127.0.0.1", "127.255.255.254", "::1"):
            with pytest.raises(Unavailable):
                check_addresses(SCHOOL, [address], allow_loopback=True)


def test_http_never_leaves_loopback() -> None:
    with pytest.raises(Unavailable):
        check_addresses(LOCAL, ["93.184.216.34"], allow_loopback=True)


def test_one_forbidden_address_forbids_them_all() -> None:
    with pytest.raises(Unavailable):
        check_addresses(SCHOOL, ["93.184.216.34", "10.0.0.1"])


def test_a_resolver_that_answers_nonsense_is_not_followed() -> None:
    with pytest.raises(Unavailable):
        check_addresses(SCHOOL, ["/var/run/docker.sock"], allow_loopback=True)


@given(st.ip_addresses())
def test_what_we_ask_is_global_for_python_too(address: IPv4Address | IPv6Address) -> None:
    nat64 = isinstance(address, IPv6Address) and str(address).startswith("64:ff9b:")
    assert nat64 or not is_public(address) or address.is_global


@given(st.ip_addresses(v=4))
def test_nat64_is_judged_by_the_address_inside(address: IPv4Address) -> None:
    assert is_public(IPv6Address(int(IPv6Address("64:ff9b::")) + int(address))) == is_public(address)


def test_what_is_quoted_is_short_and_has_a_shape() -> None:
    assert show("a\u202eb\x00c") == "“a�b�c”"
    assert len(show("x" * 1000)) == 83
