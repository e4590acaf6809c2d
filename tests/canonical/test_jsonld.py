"""What JSON-LD documents become."""

import json
import random
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intaglio.canonical import GeneralCanonicalizer, jcs
from intaglio.canonical.jsonld import JsonLd
from intaglio.canonical.nquads import Quad, literal
from intaglio.errors import IntaglioError, MalformedInput, Unavailable, Unsupported
from intaglio.schemas import Contexts
from tests.canonical.documents import JSON_LD, TERMS, V1, V2, X, credential, document, nquads, refusal
from tests.canonical.nquads_reader import read
from tests.conftest import STANDARDS, VECTORS

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def about(*objects: str, predicate: str = f"{X}a") -> str:
    return "".join(sorted(f"<urn:s> <{predicate}> {term} .\n" for term in objects))


@pytest.fixture(scope="module")
def w3c() -> GeneralCanonicalizer:
    if not STANDARDS.is_dir():
        pytest.skip(f"no standards at {STANDARDS}")
    return GeneralCanonicalizer(Contexts.bundled().with_folder(STANDARDS / "contexts"))


def w3c_cases() -> list[tuple[Path, Path]]:
    """Return the pairs of a document and its canonical form, N-Quads or JCS, of the published vectors."""
    cases = []
    for canonical in sorted(VECTORS.glob("w3c/vc-di-e*dsa/**/*[cC]anon*.txt")):
        employ = canonical.parent.name == "employ"
        if canonical.name.startswith("canonDoc"):
            suite = canonical.parents[2] if employ else canonical.parents[1]
            cases.append((suite / ("employmentAuth.json" if employ else "unsigned.json"), canonical))
        else:
            name = canonical.stem.removesuffix("Canon").replace("Canon", "Config")
            cases.append((canonical.with_name(f"{name}.json"), canonical))
    return cases


@pytest.mark.parametrize(("source", "canonical"), w3c_cases(), ids=lambda path: str(path.relative_to(VECTORS / "w3c")))
def test_the_published_vectors_of_the_cryptosuites(source: Path, canonical: Path, w3c: GeneralCanonicalizer) -> None:
    value = json.loads(source.read_bytes())
    expected = canonical.read_bytes()
    if expected.startswith(b"{"):
        assert jcs.canonicalize(value) == expected
    else:
        algorithm = "sha384" if "384" in canonical.name else "sha256"
        assert w3c.canonicalize(value, hash_algorithm=algorithm) == expected


def test_the_published_vectors_are_there_as_a_whole(vectors: Path) -> None:
    assert len(w3c_cases()) >= 20


@pytest.mark.parametrize(
    ("value", "term"),
    [
        ("x", '"x"'),
        ("", '""'),
        (True, f'"true"^^<{XSD}boolean>'),
        (False, f'"false"^^<{XSD}boolean>'),
        (0, f'"0"^^<{XSD}integer>'),
        (-0.0, f'"0"^^<{XSD}integer>'),
        (1.0, f'"1"^^<{XSD}integer>'),
        (-17, f'"-17"^^<{XSD}integer>'),
        (1e20, f'"100000000000000000000"^^<{XSD}integer>'),
        (1.2345678901234568e20, f'"123456789012345683968"^^<{XSD}integer>'),
        (1e21, f'"1.0E21"^^<{XSD}double>'),
        (-1e300, f'"-1.0E300"^^<{XSD}double>'),
        (1.5, f'"1.5E0"^^<{XSD}double>'),
        (0.1, f'"1.0E-1"^^<{XSD}double>'),
        (5.3, f'"5.3E0"^^<{XSD}double>'),
        (1.5e-7, f'"1.5E-7"^^<{XSD}double>'),
        (1e-6, f'"1.0E-6"^^<{XSD}double>'),
        (1.7976931348623157e308, f'"1.797693134862316E308"^^<{XSD}double>'),
        # Ties, which ECMAScript rounds away from zero and C to even.
        (2251799813685248.5, f'"2.251799813685249E15"^^<{XSD}double>'),
        (-2251799813685248.5, f'"-2.251799813685249E15"^^<{XSD}double>'),
        (2251799813685249.5, f'"2.25179981368525E15"^^<{XSD}double>'),
        ({"@value": 5, "@type": f"{XSD}double"}, f'"5.0E0"^^<{XSD}double>'),
        ({"@value": -0.0, "@type": f"{XSD}double"}, f'"0.0E0"^^<{XSD}double>'),
        ({"@value": 5, "@type": f"{XSD}float"}, f'"5"^^<{XSD}float>'),
        ({"@value": 5.5, "@type": f"{XSD}decimal"}, f'"5.5E0"^^<{XSD}decimal>'),
        ({"@value": "5.0E0", "@type": f"{XSD}double"}, f'"5.0E0"^^<{XSD}double>'),
        ({"@value": True, "@type": f"{XSD}string"}, '"true"'),
        ({"@value": "x", "@type": f"{XSD}string"}, '"x"'),
        ({"@value": "x", "@type": "x:T"}, f'"x"^^<{X}T>'),
        ({"@value": "x", "@language": "en-GB"}, '"x"@en-gb'),
        ({"@value": "x", "@direction": "rtl"}, '"x"^^<https://www.w3.org/ns/i18n#_rtl>'),
        ({"@value": "x", "@language": "AR", "@direction": "rtl"}, '"x"^^<https://www.w3.org/ns/i18n#ar_rtl>'),
        (
            {"@value": [1e21, None, {"b": "é", "a": -0.0}], "@type": "@json"},
            f'"[1e+21,null,{{\\"a\\":0,\\"b\\":\\"é\\"}}]"^^<{RDF}JSON>',
        ),
        ({"@id": "urn:o"}, "<urn:o>"),
        ({"@list": []}, f"<{RDF}nil>"),
        ('\b\t\n\f\r\x00\x7f"\\\u2028\U0001f600', r'"\b\t\n\f\r\u0000\u007F\"\\' + '\u2028\U0001f600"'),
    ],
)
def test_values_and_their_terms(value: Any, term: str) -> None:
    assert nquads(document(a=value)) == about(term)


@given(TEXT, TEXT)
def test_any_text_comes_back_out_of_its_literal(plain: str, in_json: str) -> None:
    terms = {quad.predicate: quad.object for quad in read(nquads(document(a=plain, json={in_json: in_json})))}
    assert read(f"<urn:s> <urn:p> {terms[f'<{X}a>']} .\n") == [Quad("<urn:s>", "<urn:p>", literal(plain))]
    assert terms[f"<{X}json>"] == literal(jcs.canonicalize({in_json: in_json}).decode(), f"{RDF}JSON")


@given(st.permutations(["a", "b", "@type", "list", "iri"]))
def test_the_order_of_members_does_not_matter(order: list[str]) -> None:
    members = {"a": ["x", 1], "b": {"a": "y"}, "@type": ["x:T", "x:U"], "list": [1, 2, 1], "iri": "urn:o"}
    assert nquads(document(**{name: members[name] for name in order})) == nquads(document(**members))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": ["x", "y"]}, {"a": ["y", "x"]}),
        ({"a": ["x"]}, {"a": "x"}),
        ({"a": ["x", "x"]}, {"a": "x"}),
        ({"a": [["x"], []]}, {"a": "x"}),
        ({"a": {"@set": ["x"]}}, {"a": "x"}),
        ({"a": {"@value": "x"}}, {"a": "x"}),
        ({"x:a": "x"}, {"a": "x"}),
        ({f"{X}a": "x"}, {"a": "x"}),
        ({"a": "x", "b": []}, {"a": "x"}),
        ({"list": ["x", ["y"]]}, {"list": {"@list": ["x", {"@list": ["y"]}]}}),
        ({"words": {"en": "x", "@none": "y"}}, {"words": [{"@value": "x", "@language": "en"}, "y"]}),
        ({"byId": {"urn:1": {"a": "x"}, "@none": {"a": "y"}}}, {"byId": [{"@id": "urn:1", "a": "x"}, {"a": "y"}]}),
        ({"byType": {"x:T": {"a": "x"}}}, {"byType": [{"@type": "x:T", "a": "x"}]}),
        ({"of": {"@id": "urn:o"}}, {"@reverse": {f"{X}has": {"@id": "urn:o"}}}),
        ({"nest": {"a": "x", "nest": [{"b": "y"}]}}, {"a": "x", "b": "y"}),
        ({"word": "x:o"}, {"word": {"@id": f"{X}o"}}),
        ({"iri": {"@id": "urn:o", "a": "x"}}, {"iri": "urn:o", "@included": [{"@id": "urn:o", "a": "x"}]}),
    ],
)
def test_different_spellings_of_the_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert nquads(document(**one)) == nquads(document(**other))


def test_lists_keep_their_order_and_every_item() -> None:
    text = nquads(document(list=["x", "x"]))
    assert text.count(f"<{RDF}first>") == 2
    assert nquads(document(list=["x", "y"])) != nquads(document(list=["y", "x"]))


def test_graphs_are_named_by_their_node() -> None:
    assert nquads(document(**{"@graph": [{"@id": "urn:o", "a": "x"}], "b": "y"})) == (
        f'<urn:o> <{X}a> "x" <urn:s> .\n<urn:s> <{X}b> "y" .\n'
    )
    assert nquads(document(graph={"@id": "urn:o", "a": "x"})) == (
        f'<urn:o> <{X}a> "x" _:c14n0 .\n<urn:s> <{X}graph> _:c14n0 .\n'
    )


def test_a_document_may_be_a_graph_of_nodes() -> None:
    nodes = [{"@id": "urn:s", "a": "x"}, {"@id": "urn:s", "a": "y"}]
    assert nquads({"@context": TERMS, "@graph": nodes}) == about('"x"', '"y"')


def test_terms_scoped_to_a_type_and_to_a_member() -> None:
    scoped = {
        "T": {"@id": f"{X}T", "@context": {"name": f"{X}nameOfT"}},
        "m": {"@id": f"{X}m", "@context": {"name": f"{X}nameInM"}},
    }
    value = {
        "@context": {**scoped, "name": f"{X}name"},
        "@id": "urn:1",
        "name": "0",
        "m": {"@id": "urn:2", "name": "1"},
    }
    assert nquads({**value, "@type": "T"}) == (
        f'<urn:1> <{RDF}type> <{X}T> .\n<urn:1> <{X}m> <urn:2> .\n<urn:1> <{X}nameOfT> "0" .\n<urn:2> <{X}nameInM> "1" .\n'
    )
    assert nquads(value) == f'<urn:1> <{X}m> <urn:2> .\n<urn:1> <{X}name> "0" .\n<urn:2> <{X}nameInM> "1" .\n'


def test_a_default_language_of_the_document_is_signed() -> None:
    value = {"@context": {"@language": "EN", "a": f"{X}a"}, "@id": "urn:s", "a": ["x", {"@value": "y"}, 5]}
    assert nquads(value) == about('"x"@en', '"y"', f'"5"^^<{XSD}integer>')


def test_a_chosen_folder_may_give_every_word_a_meaning(tmp_path: Path) -> None:
    urls = {
        "https://vocab.example/": "vocab.json",
        "https://broken.example/": "broken.json",
        "https://up.example/": "up.json",
    }
    urls |= {f"https://ring.example/{number}": f"ring{number}.json" for number in range(2)}
    (tmp_path / "index.json").write_text(json.dumps(urls), encoding="utf-8")
    (tmp_path / "vocab.json").write_text('{"@context": {"@vocab": "https://words.example/"}}', encoding="utf-8")
    (tmp_path / "broken.json").write_text('{"@context": {"@vocab": "@"}}', encoding="utf-8")
    (tmp_path / "up.json").write_text('{"@context": ["https://vocab.example/"]}', encoding="utf-8")
    for number in range(2):
        ring = {"@context": f"https://ring.example/{1 - number}"}
        (tmp_path / f"ring{number}.json").write_text(json.dumps(ring), encoding="utf-8")
    json_ld = JsonLd(Contexts.bundled().with_folder(tmp_path))
    for url in ("https://vocab.example/", "https://up.example/"):
        (quad,) = json_ld.to_quads({"@context": url, "@id": "urn:s", "anything": "x"})
        assert quad.predicate == "<https://words.example/anything>"
    word = {"@id": "urn:word", "@type": "@vocab"}
    with pytest.raises(MalformedInput) as dropped:
        json_ld.to_quads({"@context": ["https://vocab.example/", {"word": word}], "@id": "urn:s", "word": None})
    assert (dropped.value.problem.kind, dropped.value.problem.pointer) == ("null-member", "/word")
    with pytest.raises(Unsupported):
        json_ld.to_quads({"@context": "https://broken.example/", "@id": "urn:s", "graph": "x"})
    with pytest.raises(MalformedInput) as refused:
        json_ld.to_quads({"@context": "https://ring.example/0", "@id": "urn:s", "a": "x"})
    assert refused.value.problem.kind == "too-many-contexts"


def test_the_contexts_of_one_reader_are_not_served_to_another(tmp_path: Path) -> None:
    readers = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "index.json").write_text('{"https://same.example/": "same.json"}', encoding="utf-8")
        (folder / "same.json").write_text(json.dumps({"@context": {"a": f"urn:{name}"}}), encoding="utf-8")
        readers.append(JsonLd(Contexts.bundled().with_folder(folder)))
    value = {"@context": "https://same.example/", "@id": "urn:s", "a": "x"}
    assert [[quad.predicate for quad in reader.to_quads(value)] for reader in readers] == [["<urn:one>"], ["<urn:two>"]]
    with pytest.raises(Unavailable):
        JSON_LD.to_quads(value)


def test_the_document_is_left_as_it_was() -> None:
    value = credential(name={"@value": "x", "@language": "en"}, description=None)
    before = json.dumps(value)
    with pytest.raises(MalformedInput):
        nquads(value)
    assert json.dumps(value) == before


def test_a_canonicalizer_gives_bytes_and_takes_both_hashes() -> None:
    canonicalizer = GeneralCanonicalizer(Contexts.bundled())
    value = document(a="é")
    assert canonicalizer.canonicalize(value) == nquads(value).encode()
    assert canonicalizer.canonicalize(value, hash_algorithm="sha384") == nquads(value).encode()
    with pytest.raises(Unsupported):
        canonicalizer.canonicalize(value, hash_algorithm="sha1")


def test_threads_may_share_one() -> None:
    documents = [credential(name=str(number), **({"smuggled": 1} if number % 3 == 0 else {})) for number in range(30)]
    results: dict[int, str] = {}

    def work(part: int) -> None:
        for number in range(part, 30, 5):
            try:
                JSON_LD.to_quads(documents[number])
                results[number] = "signed"
            except IntaglioError as error:
                results[number] = str(error.problem.pointer)

    threads = [threading.Thread(target=work, args=(part,)) for part in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {number: "/smuggled" if number % 3 == 0 else "signed" for number in range(30)}


def test_importing_the_room_does_not_load_pyld_or_anything_of_the_network() -> None:
    heavy = "{'pyld', 'lxml', 'httpx', 'asyncio', 'urllib.request'}"
    program = f"import sys, intaglio.canonical; print(*{heavy} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, check=True, encoding="utf-8")  # noqa: S603
    assert done.stdout.strip() == ""


def mutated(generator: random.Random) -> dict[str, Any]:
    """Return an honest document in which a few things have been replaced by odd ones."""
    odd: list[Any] = [
        None,
        True,
        1.5,
        "",
        "x",
        "@foo",
        "_:b",
        "urn:o",
        [],
        {},
        [[1]],
        {"@value": "x"},
        {"@list": ["x"]},
    ]
    odd += [{"@language": "en"}, {"@graph": ["x"]}, {"@set": [None]}, {"@id": "urn:n", "a": "y"}, {"@context": None}]
    names = [
        *TERMS,
        "@id",
        "@type",
        "@value",
        "@graph",
        "@list",
        "@set",
        "@index",
        "@reverse",
        "@nest",
        "@included",
        "undefined",
    ]
    value = document(a=["x", {"b": "y"}], iri="urn:o", json={"k": [None]}, list=["p"], **{"@type": ["x:T"]})
    for _ in range(generator.randint(1, 4)):
        target = generator.choice([value, value["a"] if isinstance(value.get("a"), dict) else value])
        target[generator.choice(names)] = generator.choice(odd)
    return value


def test_whatever_stands_in_a_document_it_is_read_or_refused_and_never_crashes() -> None:
    generator = random.Random(11)  # noqa: S311 - a sample, not a secret
    outcomes = set()
    for _ in range(1_500):
        try:
            outcomes.add(type(JSON_LD.to_quads(mutated(generator))))
        except IntaglioError as error:
            outcomes.add(error.problem.kind)
    assert {list, "bad-json-ld", "undefined-term", "null-member", "free-floating-value", "relative-iri"} <= outcomes


def test_any_added_member_changes_the_form_or_is_refused() -> None:
    generator = random.Random(12)  # noqa: S311 - a sample, not a secret
    plain = document(a=["x", {"b": "y"}], iri="urn:o")
    before = nquads(plain)
    silent = {json.dumps([]), json.dumps({"@set": []})}
    for name in [*TERMS, "@type", "@graph", "@index", "@included", "@reverse", "@set", "@language", "undefined"]:
        for extra in [
            "more",
            5,
            True,
            None,
            {"a": "z"},
            {"@value": "z"},
            ["more", None],
            {"@language": "en"},
            {"@graph": ["x"]},
        ]:
            value = {**plain, name: extra}
            try:
                changed = nquads(value) != before
            except IntaglioError:
                continue
            assert changed or json.dumps(extra) in silent, (name, extra, generator)


@pytest.mark.parametrize(
    ("base", "version"),
    [(V1, "context.json"), (V1, "context-3.0.1.json"), (V2, "context-3.0.2.json"), (V2, "context-3.0.3.json")],
)
def test_open_badges_contexts_go_with_the_data_model_of_their_time(base: str, version: str) -> None:
    url = f"https://purl.imsglobal.org/spec/ob/v3p0/{version}"
    assert nquads({**credential(), "@context": [base, url]}).count("\n") == 5
    assert refusal({**credential(), "@context": [url]})[0] == "undefined-term"
