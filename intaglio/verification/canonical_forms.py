"""The canonical forms that one input asks for: each is computed once, and not without end.

The check of the format and every proof of a set look at the same document, and computing its canonical form is most of the work
of a verification. One document is bounded where it is canonicalized; but a presentation may hold a thousand that each stay just
under those bounds, so the time of all of them together is bounded here.
"""

import hashlib
import json
import time
from collections.abc import Callable

from intaglio.canonical import Canonicalizer
from intaglio.documents import JsonObject
from intaglio.errors import IntaglioError, Unsupported

SECONDS = 30.0
"""Of computing, for one input; a record of a thousand badges takes about three."""
_KEPT = 4
"""How many forms are kept: that of the document, and those of proof options in between."""


class CanonicalForms:
    """A `Canonicalizer` for one input, over another one."""

    def __init__(
        self, canonicalizer: Canonicalizer, *, seconds: float = SECONDS, clock: Callable[[], float] = time.thread_time
    ) -> None:
        self._canonicalizer = canonicalizer
        self._seconds = seconds
        self._clock = clock
        self._forms: dict[tuple[str, bytes], bytes | IntaglioError] = {}

    def canonicalize(self, document: JsonObject, *, hash_algorithm: str = "sha256") -> bytes:
        """Return the canonical form, or raise what was raised when it was asked for first.

        :raises Unsupported: ``took-too-long`` where the time of this input is spent.
        :raises IntaglioError: as the canonicalizer does.
        """
        key = (hash_algorithm, _fingerprint(document))
        form = self._forms.pop(key, None)
        if form is None:
            form = self._compute(document, hash_algorithm)
        self._forms[key] = form
        if len(self._forms) > _KEPT:
            del self._forms[next(iter(self._forms))]
        if isinstance(form, IntaglioError):
            raise form.with_traceback(None)
        return form

    def _compute(self, document: JsonObject, hash_algorithm: str) -> bytes | IntaglioError:
        if self._seconds <= 0:
            return Unsupported("took-too-long", "What it holds takes too much computing.")
        begun = self._clock()
        try:
            return self._canonicalizer.canonicalize(document, hash_algorithm=hash_algorithm)
        except IntaglioError as error:
            return error
        finally:
            self._seconds -= self._clock() - begun


def _fingerprint(document: JsonObject) -> bytes:
    """Return the hash of a document as it is written; comparing documents in Python would take 1 for true."""
    return hashlib.sha256(json.dumps(document).encode()).digest()
