"""What PyLD asks for contexts: a resolver that knows `Contexts`, and nothing of the network.

It stands in for PyLD's own ``ContextResolver`` (the option ``contextResolver``), for four reasons. That one's cache is shared by
the whole process, so that two readers with different folders of contexts would see each other's. Its keys are the texts of
contexts: with an inline context that repeats a scoped one word for word, a document would be served a result for which the
protection of terms was switched off. To write those keys takes half of PyLD's time. And it bounds neither number nor size.
"""

from collections.abc import Iterator
from typing import Any

from intaglio.canonical import context_rules
from intaglio.canonical.keyword_names import Aliases, aliases_of
from intaglio.canonical.located import place_of
from intaglio.canonical.nquads import shorten
from intaglio.documents import Json, as_list
from intaglio.errors import MalformedInput, Unavailable
from intaglio.schemas import Contexts

MAX_CONTEXTS_AT_ONCE = 32
"""Contexts in one ``@context``; the most seen in the field is 6."""
MAX_WORK = 400_000
"""Term definitions that may be copied or made for one document; a copy takes about 20 ns, a new one 10 µs and counts as 50."""
_WORK_PER_NEW_TERM = 50
_MAX_NESTED_URLS = 4
"""How deep contexts may refer to other contexts by URL."""
_MAX_KEPT_RESULTS = 16
_COPIED_PARTS = ("mappings", "@base", "@language", "@vocab")


class Resolved:
    """One context, and what it made of the active contexts that it was applied to (PyLD's ``ResolvedContext``)."""

    def __init__(self, document: Any, owner: "ContextResolver") -> None:
        self.document = document
        self._owner = owner
        self._processed: dict[str, Any] = {}

    def get_processed(self, active_ctx: Any) -> Any:
        """Return the active context that an earlier application of this one made of `active_ctx`, or None.

        PyLD asks for it each time that it begins to apply a context.
        """
        self._owner.begin_to_apply(self)
        return self._processed.get(_identity(active_ctx))

    def set_processed(self, active_ctx: Any, processed_ctx: Any) -> None:
        """Keep such a result; PyLD calls this each time that it has really applied a context."""
        self._owner.spend(len(processed_ctx["mappings"]) + _WORK_PER_NEW_TERM * len(self.document))
        if len(self._processed) >= _MAX_KEPT_RESULTS:
            del self._processed[next(iter(self._processed))]
        self._processed[_identity(active_ctx)] = processed_ctx


def _identity(active_ctx: Any) -> str:
    """Return what two active contexts share exactly when they are the same.

    For a type-scoped context, PyLD makes a fresh copy of the active context that remembers the original, under a new ``_uuid``
    for every node. Such a copy is known by its original's, or nothing would ever be found again.
    """
    original = active_ctx.get("previousContext")
    if original and "_uuid" in original and all(active_ctx.get(part) == original.get(part) for part in _COPIED_PARTS):
        return f"copy of {original['_uuid']}"
    return str(active_ctx["_uuid"])


class ContextResolver:
    """Resolves contexts for one expansion at a time: call `begin` before each. Results on `Contexts` are kept between them."""

    def __init__(self, contexts: Contexts) -> None:
        self._contexts = contexts
        self._by_url: dict[str, list[Resolved]] = {}
        self._url_aliases: dict[str, Aliases] = {}
        self._scoped: dict[int, Resolved] = {}
        self._inline: dict[int, Resolved] = {}
        self._work = 0
        self.aliases: Aliases = frozenset()
        """The terms that mean a keyword in any context that the current expansion has met."""
        self.place: str | None = None
        """The pointer of the context of the document's own that was applied last, where it is located."""
        self._places: dict[int, str | None] = {}

    def begin(self) -> None:
        """Forget what belonged to the last document."""
        self._inline = {}
        self._places = {}
        self.place = None
        self._work = 0
        self.aliases = frozenset()

    def begin_to_apply(self, resolved: Resolved) -> None:
        """Note the place of a context: what goes wrong next is its doing. One inside another's term keeps the other's."""
        self.place = self._places.get(id(resolved), self.place)

    def spend(self, work: int) -> None:
        """Count work done for the current document; what earlier documents left in the cache costs nothing.

        :raises MalformedInput: ``too-many-contexts``
        """
        self._work += work
        if self._work > MAX_WORK:
            detail = "Its contexts define too many terms too many times."
            raise MalformedInput("too-many-contexts", detail, pointer=self.place)

    def resolve(self, _active_ctx: Any, context: Any, _base: str | None, _cycles: Any = None) -> list[Resolved]:
        """Return the contexts that a ``@context`` names or holds, in their order.

        This is PyLD's interface. The rest of what PyLD passes is not needed: no context here depends on where it is used, and
        a relative URL names none.

        :raises Unavailable: ``unknown-context``
        :raises MalformedInput: ``too-many-contexts``, and as `context_rules.check` does.
        """
        items = context if isinstance(context, list) else [context]
        if len(items) > MAX_CONTEXTS_AT_ONCE:
            detail = f"One @context lists {len(items):,} contexts; {MAX_CONTEXTS_AT_ONCE} is the most that is read."
            raise MalformedInput("too-many-contexts", detail, pointer=place_of(context))
        return [resolved for item in items for resolved in self._resolve_one(item)]

    def _resolve_one(self, context: Any) -> list[Resolved]:
        if isinstance(context, str):
            return self._resolve_url(context, 0)
        if context is None or context is False:
            # PyLD records a scoped null as False.
            return [Resolved(None, self)]
        if id(context) in self._scoped:
            return [self._scoped[id(context)]]
        if id(context) not in self._inline:
            self.place = place_of(context)
            if isinstance(context, dict):
                self.spend(_WORK_PER_NEW_TERM * len(context))
            context_rules.check(context, chosen=False)
            self.aliases |= aliases_of(context)
            self._inline[id(context)] = Resolved(context, self)
            self._places[id(self._inline[id(context)])] = self.place
        return [self._inline[id(context)]]

    def _resolve_url(self, url: str, depth: int) -> list[Resolved]:
        if url not in self._by_url:
            self._load(url, depth)
        self._places |= {id(resolved): place_of(url) for resolved in self._by_url[url]}
        self.aliases |= self._url_aliases[url]
        return self._by_url[url]

    def _load(self, url: str, depth: int) -> None:
        if depth > _MAX_NESTED_URLS:
            raise MalformedInput("too-many-contexts", f"Contexts refer to each other, through “{shorten(url)}”.")
        try:
            document = self._contexts.get(url)
        except Unavailable as error:
            raise Unavailable(error.problem.kind, error.problem.detail, pointer=place_of(url)) from None
        resolved = []
        for item in as_list(document.get("@context")):
            if isinstance(item, str):
                resolved += self._resolve_url(item, depth + 1)
                continue
            context_rules.check(item, chosen=True)
            resolved.append(Resolved(item, self))
            self._scoped |= {id(scoped): Resolved(scoped, self) for scoped in _scoped_contexts(item)}
        self._url_aliases[str(url)] = aliases_of(document)
        self._by_url[str(url)] = resolved


def _scoped_contexts(context: Json) -> Iterator[dict[str, Any]]:
    """Yield each context object inside the term definitions of a context. Their identity is what the resolver knows them by."""
    for definition in context.values() if isinstance(context, dict) else []:
        for scoped in as_list(definition.get("@context") if isinstance(definition, dict) else None):
            if isinstance(scoped, dict):
                context_rules.check(scoped, chosen=True)
                yield scoped
                yield from _scoped_contexts(scoped)
