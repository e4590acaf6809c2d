"""Documents that are built to take time or memory, each named for how.

Where a signature gets an attack further, it is there: whoever attacks has keys too.
"""

import functools
import json
import os
import struct
import zlib
from collections.abc import Callable, Mapping
from typing import Any

from intaglio.documents import JsonObject
from intaglio.multikey import encode_base64url
from tests.openbadges.baking.images import chunk, itxt, png, svg
from tests.verification.builders import (
    LEARNER,
    LIST_URL,
    SCHOOL,
    as_bytes,
    badge,
    endorsement,
    entry,
    learner_record,
    presentation,
    signed,
    signer,
    status_list,
    token,
    web_badge,
    with_status,
)

MEGABYTE = 1_000_000
_LONG = "a" * (5 * MEGABYTE)
_CONTEXTS = badge()["@context"]
_EVIDENCE = {"type": ["Evidence"], "name": "An essay"}


def jcs(document: JsonObject) -> JsonObject:
    """Return a document with a proof that does not care what the document means."""
    return signed(document, suite="eddsa-jcs-2022")


def with_context(*contexts: Any, **members: Any) -> JsonObject:
    """Return a badge with further contexts and members, signed."""
    return jcs(badge(**{"@context": [*_CONTEXTS, *contexts], **members}))


def _nested(levels: int, innermost: Any, name: str = "p") -> Any:
    for _ in range(levels):
        innermost = {name: innermost}
    return innermost


def _fan(width: int, depth: int) -> Any:
    """Return a tree of unnamed nodes of which all on one level look alike."""
    return "x" if depth == 0 else {"p": [_fan(width, depth - 1)] * width}


def _poisoned() -> JsonObject:
    context = {"p": {"@id": "urn:p"}}
    return with_context(context, p=_fan(12, 2), credentialSubject=[{"id": LEARNER, "p": _fan(12, 2)}, _fan(10, 2)])


def _chain_of_terms(length: int) -> JsonObject:
    terms = {f"t{number}": f"t{number + 1}:x" for number in range(length)} | {f"t{length}": "urn:x"}
    return with_context(terms, t0="x")


def _scoped_contexts(levels: int) -> Any:
    context: Any = {"p": "urn:p"}
    for _ in range(levels):
        context = {"p": {"@id": "urn:p", "@context": context}}
    return context


def _organizations(levels: int, **members: Any) -> JsonObject:
    profile: JsonObject = {"id": "https://a.example", "type": ["Profile"], "name": "A", **members}
    for number in range(levels):
        profile = {"id": f"https://{number}.example", "type": ["Profile"], "name": "A", "parentOrg": profile, **members}
    return {**profile, "id": SCHOOL}


def _record_of_records(levels: int, width: int) -> JsonObject:
    inner = signed(badge())
    for _ in range(levels):
        inner = jcs(learner_record(*[inner] * width))
    return inner


def _different_badges(count: int) -> list[JsonObject]:
    return [signed(badge(id=f"urn:uuid:{number}")) for number in range(count)]


def _badges_with_many_proofs(count: int) -> list[JsonObject]:
    proof = {**_PROOF, "cryptosuite": "eddsa-rdfc-2022", "verificationMethod": signer("school").verification_method}
    proofs = [{**proof, "nonce": f"{number}", "proofValue": "z" + "2" * 87} for number in range(32)]
    return [badge(id=f"urn:uuid:{number}", proof=proofs) for number in range(count)]


@functools.cache
def _gzip_of_zeros(size: int) -> str:
    packed = bytearray()
    packer = zlib.compressobj(9, wbits=31)
    for _ in range(size // MEGABYTE):
        packed += packer.compress(bytes(MEGABYTE))
    return "u" + encode_base64url(bytes(packed + packer.flush()))


def _list_of(size: int) -> JsonObject:
    made = status_list()
    made["credentialSubject"]["encodedList"] = _gzip_of_zeros(size)
    return signed(made)


@functools.cache
def _compressed_itxt(size: int) -> bytes:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * MEGABYTE) for _ in range(size // MEGABYTE)) + packer.flush()
    return png(itxt(packed, head=b"\x01\0\0\0"))


def _laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return svg("&l9;", before=f'<!DOCTYPE svg [<!ENTITY l0 "ha">{entities}]>')


def _jws(header: bytes, payload: bytes, signature: bytes = bytes(64)) -> bytes:
    return ".".join(map(encode_base64url, (header, payload, signature))).encode()


def _vc_header() -> bytes:
    return json.dumps({"alg": "EdDSA", "typ": "vc+jwt", "kid": signer("school").verification_method}).encode()


_PROOF = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "proofPurpose": "assertionMethod"}


def _proof(**members: Any) -> JsonObject:
    return badge(proof={**_PROOF, "verificationMethod": signer("school").verification_method, **members})


BOMBS: Mapping[str, Callable[[], Any]] = {
    # JSON
    "garbage of ten megabytes": lambda: os.urandom(10 * MEGABYTE),
    "ten megabytes of brackets": lambda: b"[" * (10 * MEGABYTE),
    "objects without end": lambda: b'{"a":' * (2 * MEGABYTE),
    "objects and arrays without end": lambda: b'{"a":[' * MEGABYTE,
    "10,000 levels": lambda: b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "500,000 members": lambda: {f"m{number}": 1 for number in range(500_000)},
    "500,000 members of a badge": lambda: jcs(badge(**{f"m{number}": 1 for number in range(400_000)})),
    "190,000 members of a badge": lambda: jcs(badge(**{f"m{number}": 1 for number in range(190_000)})),
    "a number of nine megabytes": lambda: b'{"a":' + b"1" * (9 * MEGABYTE) + b"}",
    "a fraction of nine megabytes": lambda: b'{"a":0.' + b"1" * (9 * MEGABYTE) + b"}",
    "a million surrogates": lambda: b'{"a":"' + rb"\ud83d\ude00" * 800_000 + b'"}',
    # long texts
    "a name of 5 MB": lambda: signed(badge(name=_LONG)),
    "a name of 5 MB of accents": lambda: signed(badge(name="e" + "\u0301" * 2_500_000)),
    "a name of 5 MB of control characters": lambda: signed(badge(name="\x1b" * 800_000)),
    "an issuer of 5 MB": lambda: badge(issuer="did:key:z" + _LONG, proof={}),
    "a web address of 5 MB": lambda: badge(issuer="https://" + _LONG, proof={}),
    "a member name of 5 MB": lambda: jcs(badge(**{_LONG: 1})),
    "a type of 5 MB": lambda: jcs(badge(type=["VerifiableCredential", _LONG])),
    "a context of 5 MB": lambda: jcs(badge(**{"@context": [*_CONTEXTS, _LONG]})),
    "a date of 5 MB": lambda: jcs(badge(validFrom=_LONG)),
    "an id of 5 MB": lambda: signed(badge(id="urn:" + _LONG)),
    "a subject of 5 MB": lambda: signed(
        badge(credentialSubject={**badge()["credentialSubject"], "id": "urn:" + _LONG})
    ),
    "a proof value of 5 MB": lambda: _proof(proofValue="z" + _LONG),
    "a verification method of 5 MB": lambda: _proof(verificationMethod=f"did:key:z{_LONG}#z{_LONG[:MEGABYTE]}"),
    "a cryptosuite of 5 MB": lambda: _proof(cryptosuite=_LONG),
    "a status list address of 5 MB": lambda: jcs(with_status(entry(url="https://a.example/" + _LONG))),
    "a status index of 5 MB": lambda: jcs(with_status(entry(statusListIndex="1" * len(_LONG)))),
    # many of something
    "100,000 proofs": lambda: badge(proof=[{"type": "x"}] * 90_000),
    "32 proofs of a large badge": lambda: badge(evidence=[_EVIDENCE] * 20_000, proof=[_proof()["proof"]] * 32),
    "32 proofs that build on all others": lambda: badge(
        proof=[
            {**_proof()["proof"], "id": f"urn:{n}", "previousProof": [f"urn:{m}" for m in range(32)]} for n in range(32)
        ]
    ),
    "a proof that builds on 200,000": lambda: _proof(previousProof=["urn:x"] * 190_000),
    "1,000,000 status entries": lambda: jcs(badge(credentialStatus=[{}] * 1_000_000)),
    "190,000 empty status entries": lambda: jcs(badge(credentialStatus=[{}] * 190_000)),
    "30,000 status entries": lambda: jcs(with_status(*[entry(url=f"https://{n}.example/") for n in range(30_000)])),
    "20,000 pieces of evidence": lambda: signed(badge(evidence=[_EVIDENCE] * 20_000)),
    "45,000 pieces of evidence": lambda: jcs(badge(evidence=[_EVIDENCE] * 45_000)),
    "100,000 types": lambda: jcs(badge(type=["VerifiableCredential"] + [f"T{number}" for number in range(100_000)])),
    "100,000 subjects": lambda: jcs(badge(credentialSubject=[{"id": LEARNER}] * 90_000)),
    "100,000 fractions": lambda: with_context({"f": {"@id": "urn:f", "@container": "@list"}}, f=[1.1e-300] * 100_000),
    "100,000 numbers": lambda: with_context({"f": "urn:f"}, f=list(range(100_000))),
    "40,000 names in languages": lambda: jcs(
        badge(name=[{"@value": f"{n}", "@language": "en"} for n in range(40_000)])
    ),
    # contexts
    "3,000 contexts": lambda: with_context(*[f"https://{number}.example/" for number in range(3000)]),
    "one context 3,000 times": lambda: with_context(*[_CONTEXTS[1]] * 3000),
    "300 inline contexts": lambda: with_context(*[{f"t{number}": "urn:t"} for number in range(300)]),
    "a context of 100,000 terms": lambda: with_context({f"t{number}": f"urn:t{number}" for number in range(100_000)}),
    "a context of 30,000 scoped contexts": lambda: with_context(
        {f"t{number}": {"@id": f"urn:t{number}", "@context": {"x": "urn:x"}} for number in range(30_000)}
    ),
    "contexts scoped inside each other": lambda: with_context(_scoped_contexts(45), p=_nested(40, "x")),
    "a chain of 50,000 terms": lambda: _chain_of_terms(50_000),
    "5,000 nodes with contexts of their own": lambda: jcs(
        badge(evidence=[{**_EVIDENCE, "@context": {f"t{n}": "urn:t" for n in range(10)}} for _ in range(5000)])
    ),
    # graphs
    "a poisoned graph": _poisoned,
    "a poisoned graph of 30,000 nodes": lambda: with_context({"p": {"@id": "urn:p"}}, p=_fan(30, 3)),
    "90 levels of unnamed nodes": lambda: with_context({"p": {"@id": "urn:p"}}, p=_nested(90, "x")),
    # credentials in credentials
    "1,000 credentials in a presentation": lambda: token(presentation(*_different_badges(1000)), "learner"),
    "500,000 empty credentials in a presentation": lambda: presentation(*[{}] * 500_000),
    "190,000 empty credentials in a presentation": lambda: presentation(*[{}] * 190_000),
    "190,000 tokens in a presentation": lambda: presentation(*["a.b.c"] * 190_000),
    "190,000 numbers in a presentation": lambda: presentation(*range(190_000)),
    "presentations in presentations": lambda: _nested_presentations(40),
    "records in records": lambda: _record_of_records(3, 12),
    "90 organizations above the issuer": lambda: jcs(badge(issuer=_organizations(90))),
    "90 organizations, each endorsed 500 times": lambda: jcs(badge(issuer=_organizations(90, endorsement=[{}] * 500))),
    "1,000 endorsements": lambda: jcs(badge(endorsement=[signed(endorsement(), "stranger")] * 1000)),
    "32 proofs on each of 200 credentials": lambda: presentation(*_badges_with_many_proofs(200)),
    # tokens
    "a token with a payload of 7 MB": lambda: token({**badge(), "name": "a" * (7 * MEGABYTE)}),
    "a token with a header of 7 MB": lambda: _jws(b'{"alg":"' + b"a" * (7 * MEGABYTE) + b'"}', as_bytes(badge())),
    "a token with a signature of 7 MB": lambda: _jws(_vc_header(), as_bytes(badge()), bytes(7 * MEGABYTE)),
    "a token of five million dots": lambda: b"a." * (5 * MEGABYTE),
    "a token with a million disclosures": lambda: b"a.b.c~" + b"d~" * MEGABYTE,
    "a token with a payload of 10,000 levels": lambda: _jws(_vc_header(), b'{"a":' * 10_000 + b"1" + b"}" * 10_000),
    "a token of ten megabytes of one letter": lambda: b"a" * (10 * MEGABYTE),
    # pictures
    "a PNG with a compressed bomb": lambda: _compressed_itxt(1000 * MEGABYTE),
    "a PNG of 100,000 chunks": lambda: png(*[chunk(b"tEXt")] * 100_000),
    "a PNG with a chunk of 4 GB": lambda: png()[:33] + struct.pack(">I", 2**32 - 1) + b"iTXt",
    "an SVG that laughs a billion times": _laughs,
    "an SVG with an external entity": lambda: svg("", before='<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///dev/zero">]>'),
    "an SVG with a 7 MB attribute": lambda: svg(f'<path d="{"M0,0 " * 1_400_000}"/>'),
    "an SVG of a million elements": lambda: svg("<g/>" * 1_000_000),
    "an SVG of 100,000 levels": lambda: svg("<g>" * 100_000 + "</g>" * 100_000),
    "an SVG with 300,000 attributes": lambda: svg("<g " + " ".join(f'a{n}="1"' for n in range(300_000)) + "/>"),
    "an SVG with 100,000 namespaces": lambda: svg(
        "<g " + " ".join(f'xmlns:a{n}="urn:{n}"' for n in range(100_000)) + "/>"
    ),
    "an SVG behind a million comments": lambda: svg("", before="<!---->" * 1_000_000),
    "an SVG behind a comment without end": lambda: b"<!--" + b"- " * (4 * MEGABYTE - 10),
    "an SVG with a million references": lambda: svg("&#65;" * 1_000_000),
    "an SVG that never begins": lambda: b"<" * (8 * MEGABYTE),
}
"""Each makes bytes, or a document to be written as JSON."""


def _nested_presentations(levels: int) -> JsonObject:
    inner = presentation(signed(badge()))
    for _ in range(levels):
        inner = presentation(inner)
    return inner


DOCUMENT_BOMBS: Mapping[str, Callable[[], tuple[Any, dict[str, Any]]]] = {
    "a status list that unpacks to 1 GB": lambda: (
        signed(with_status(entry())),
        {LIST_URL: _list_of(1000 * MEGABYTE)},
    ),
    "32 status lists of 16 MB": lambda: (
        signed(with_status(*[entry(url=f"{LIST_URL}/{number}") for number in range(32)])),
        dict.fromkeys([f"{LIST_URL}/{number}" for number in range(32)], _list_of(16 * MEGABYTE)),
    ),
    "a status list that is a bomb in JSON": lambda: (signed(with_status(entry())), {LIST_URL: b"[" * (4 * MEGABYTE)}),
    "a status list that is a picture": lambda: (
        signed(with_status(entry())),
        {LIST_URL: _compressed_itxt(1000 * MEGABYTE)},
    ),
    "a controller with 10,000 keys": lambda: (
        web_badge(),
        {
            "https://school.example/.well-known/did.json": {
                "id": "did:web:school.example",
                "verificationMethod": [{"id": f"#{n}", "type": "Multikey", "controller": "x"} for n in range(10_000)],
            }
        },
    ),
    "a schema that takes exponential time": lambda: (
        signed(badge(name="a" * 60 + "!", credentialSchema={"id": "https://a.example/s", "type": "JsonSchema"})),
        {
            "https://a.example/s": {
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "properties": {"name": {"pattern": "^(a|a|aa)+$"}},
            }
        },
    ),
    "a schema that refers to itself in all directions": lambda: (
        signed(badge(credentialSchema={"id": "https://a.example/s", "type": "JsonSchema"})),
        {
            "https://a.example/s": {
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "$defs": {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 10} for n in range(12)} | {"d12": {}},
                "$ref": "#/$defs/d0",
            }
        },
    ),
}
"""Each makes a document, and those that are at hand beside it, by address."""
