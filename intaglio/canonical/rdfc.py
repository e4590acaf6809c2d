"""RDFC-1.0: the canonical form of an RDF dataset (RDF Dataset Canonicalization, W3C Recommendation, section 4).

Blank nodes have no names of their own; this gives each the same one whoever computes it. The functions carry the names and
follow the numbered steps of the specification. Its step 5 can take factorial time on graphs that are built for that, so the
work is counted, and a graph that asks for too much of it is refused (section 7.1, "Dataset Poisoning").
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from intaglio.canonical.nquads import Quad, is_blank
from intaglio.errors import MalformedInput, Unsupported

_HASHES: dict[str, Callable[[bytes], "hashlib._Hash"]] = {"sha256": hashlib.sha256, "sha384": hashlib.sha384}

_BASE_WORK = 150_000
"""Steps that any dataset may take; a step is one hash or one place of one permutation, about 2 µs."""
_WORK_PER_QUAD = 20
"""Steps more for each quad. The hardest honest graphs of the W3C suite take 9,000 for 72 quads."""
_MAX_RECURSION = 150
"""How far Hash N-Degree Quads may follow blank nodes; at three frames each, well inside Python's own limit of 1,000."""


class CanonicalDataset(NamedTuple):
    """`nquads` is the serialized canonical form; `issued` maps the labels of the input to canonical ones, both without ``_:``."""

    nquads: str
    issued: Mapping[str, str]


def canonicalize(quads: Iterable[Quad], *, hash_algorithm: str = "sha256") -> CanonicalDataset:
    """Return the canonical form of a dataset (section 4.4.3). Quads given twice count once: a dataset is a set.

    `hash_algorithm` is ``sha256``, or ``sha384`` as the suites on P-384 ask. It orders blank nodes only.

    :raises MalformedInput: ``graph-too-complex``
    :raises Unsupported: ``unknown-hash``
    """
    if hash_algorithm not in _HASHES:
        raise Unsupported("unknown-hash", f"“{hash_algorithm}” is neither sha256 nor sha384.")
    dataset = list(dict.fromkeys(quads))
    try:
        issued = _Canonicalization(dataset, hash_algorithm).run()
    except RecursionError:
        raise _too_complex() from None
    names = {existing: f"_:{label}" for existing, label in issued.items()}
    lines = sorted(_relabel(quad, names).line() for quad in dataset)
    return CanonicalDataset("".join(lines), {existing[2:]: label for existing, label in issued.items()})


class _Issuer:
    """An identifier issuer (section 4.3): names blank nodes in the order in which they are met."""

    def __init__(self, prefix: str, issued: dict[str, str] | None = None) -> None:
        self.prefix = prefix
        self.issued = issued or {}

    def issue(self, existing: str) -> str:
        """Issue Identifier Algorithm (section 4.5.2)."""
        return self.issued.setdefault(existing, f"{self.prefix}{len(self.issued)}")

    def copy(self) -> "_Issuer":
        return _Issuer(self.prefix, dict(self.issued))


class _Canonicalization:
    """The canonicalization state (section 4.2). Blank nodes are known by their terms, ``_:`` included."""

    def __init__(self, dataset: list[Quad], hash_algorithm: str) -> None:
        self._hash_function = _HASHES[hash_algorithm]
        self._canonical = _Issuer("c14n")
        self._quads: dict[str, list[Quad]] = {}
        self._first_degree: dict[str, str] = {}
        self._work_left = _BASE_WORK + _WORK_PER_QUAD * len(dataset)
        # Step 2: each quad under each blank node in it.
        for quad in dataset:
            for term in {quad.subject, quad.object, quad.graph}:
                if is_blank(term):
                    self._quads.setdefault(term, []).append(quad)

    def run(self) -> dict[str, str]:
        """Return the canonical label, without ``_:``, of each blank node (section 4.4.3, steps 3 to 6)."""
        # Step 3
        by_hash: dict[str, list[str]] = {}
        for node in self._quads:
            self._first_degree[node] = self._hash_first_degree_quads(node)
            by_hash.setdefault(self._first_degree[node], []).append(node)
        # Step 4
        for digest in sorted(by_hash):
            if len(by_hash[digest]) == 1:
                self._canonical.issue(by_hash[digest][0])
        # Step 5
        for digest in sorted(by_hash):
            if len(by_hash[digest]) > 1:
                self._label_alike(by_hash[digest])
        return self._canonical.issued

    def _label_alike(self, nodes: list[str]) -> None:
        """Name the blank nodes that share one first-degree hash (section 4.4.3, step 5)."""
        # Step 5.2
        results = []
        for node in nodes:
            if node in self._canonical.issued:
                continue
            issuer = _Issuer("b")
            issuer.issue(node)
            results.append(self._hash_n_degree_quads(node, issuer, 0))
        # Step 5.3
        for _, issuer in sorted(results, key=lambda result: result[0]):
            for existing in issuer.issued:
                self._canonical.issue(existing)

    def _hash_first_degree_quads(self, node: str) -> str:
        """Section 4.6.3."""
        names = {term: "_:z" for quad in self._quads[node] for term in quad if is_blank(term)} | {node: "_:a"}
        return self._hash("".join(sorted(_relabel(quad, names).line() for quad in self._quads[node])))

    def _hash_related_blank_node(self, related: str, quad: Quad, issuer: _Issuer, position: str) -> str:
        """Section 4.7.3."""
        predicate = "" if position == "g" else quad.predicate
        label = self._canonical.issued.get(related) or issuer.issued.get(related)
        return self._hash(position + predicate + (f"_:{label}" if label else self._first_degree[related]))

    def _hash_n_degree_quads(self, node: str, issuer: _Issuer, depth: int) -> tuple[str, _Issuer]:
        """Section 4.8.3."""
        if depth > _MAX_RECURSION:
            raise _too_complex()
        # Steps 1 to 3
        related: dict[str, list[str]] = {}
        for quad in self._quads[node]:
            self._spend(1)
            for position, term in (("s", quad.subject), ("o", quad.object), ("g", quad.graph)):
                if is_blank(term) and term != node:
                    self._spend(1)
                    digest = self._hash_related_blank_node(term, quad, issuer, position)
                    related.setdefault(digest, []).append(term)
        # Steps 4 and 5
        data_to_hash = []
        for digest in sorted(related):
            path, issuer = self._shortest_path(related[digest], issuer, depth)
            data_to_hash += [digest, path]
        # Step 6
        return self._hash("".join(data_to_hash)), issuer

    def _shortest_path(self, nodes: list[str], issuer: _Issuer, depth: int) -> tuple[str, _Issuer]:
        """Return the least path through related blank nodes, over all their orders (section 4.8.3, steps 5.2 to 5.6)."""
        chosen, chosen_issuer = "", issuer
        for order in _orders(nodes):
            # The copy of the issuer below takes time too, in proportion to what it has issued.
            self._spend(len(order) + len(issuer.issued) // 16)
            walked = self._walk(order, issuer.copy(), chosen, depth)
            if walked and (not chosen or walked[0] < chosen):
                chosen, chosen_issuer = walked
        return chosen, chosen_issuer

    def _walk(self, order: list[str], issuer: _Issuer, chosen: str, depth: int) -> tuple[str, _Issuer] | None:
        """Return the path for one order, or None as soon as it cannot be the least (section 4.8.3, steps 5.4.2 to 5.4.5)."""
        path, recursion = "", []
        for node in order:
            if node in self._canonical.issued:
                path += f"_:{self._canonical.issued[node]}"
            else:
                if node not in issuer.issued:
                    recursion.append(node)
                path += f"_:{issuer.issue(node)}"
            if _cannot_win(path, chosen):
                return None
        for node in recursion:
            digest, deeper = self._hash_n_degree_quads(node, issuer, depth + 1)
            path += f"_:{issuer.issue(node)}<{digest}>"
            issuer = deeper
            if _cannot_win(path, chosen):
                return None
        return path, issuer

    def _hash(self, text: str) -> str:
        return self._hash_function(text.encode()).hexdigest()

    def _spend(self, steps: int) -> None:
        self._work_left -= steps
        if self._work_left < 0:
            raise _too_complex()


def _orders(nodes: list[str]) -> Iterator[list[str]]:
    """Yield each different order of a list once.

    A node stands several times in it when it is related several times in the same way, as a named graph is to each statement
    in it. To swap it with itself changes nothing, but takes factorial time: two alike proofs of eight members would not end.
    """
    order = sorted(nodes)
    while True:
        yield order
        # The next order in the order of code points: raise the last place that can be raised, by as little as possible.
        raised = next((place for place in reversed(range(len(order) - 1)) if order[place] < order[place + 1]), None)
        if raised is None:
            return
        other = next(place for place in reversed(range(len(order))) if order[raised] < order[place])
        order[raised], order[other] = order[other], order[raised]
        order[raised + 1 :] = reversed(order[raised + 1 :])


def _cannot_win(path: str, chosen: str) -> bool:
    return bool(chosen) and len(path) >= len(chosen) and path > chosen


def _relabel(quad: Quad, names: Mapping[str, str]) -> Quad:
    return Quad(
        names.get(quad.subject, quad.subject),
        quad.predicate,
        names.get(quad.object, quad.object),
        names.get(quad.graph, quad.graph),
    )


def _too_complex() -> MalformedInput:
    return MalformedInput("graph-too-complex", "Too many of its unnamed parts look alike to be put in order.")
