"""How large a drawing becomes where its parts are drawn again: ten copies of ten copies, nine times, are a billion.

References by ``use`` alone multiply (SVG 2, section 5.6); patterns, markers and masks that are drawn inside each other count too.
"""

import re

from intaglio.errors import MalformedInput

MAX_DRAWN = 20_000
_OWN = re.compile(r"#([\w.-]+)", re.ASCII)


def _references(attribute: str, value: str) -> list[str]:
    # "#fff" is a colour, and it is one in most attributes.
    return _OWN.findall(value) if attribute == "href" or "url" in value.lower() else []


class Uses:
    """What each named part of a drawing contains and refers to. Told of each element as it begins and ends."""

    def __init__(self) -> None:
        self._open: list[str | None] = []
        self._sizes: dict[str, int] = {"": 0}
        self._references: dict[str, list[str]] = {"": []}

    def enter(self, element: str, attributes: dict[str, str]) -> None:
        """Note an element with the attributes that are kept."""
        name = attributes.get("id")
        self._open.append(name)
        if name is not None:
            self._sizes.setdefault(name, 0)
            self._references.setdefault(name, [])
        references = [target for key, value in attributes.items() for target in _references(key, value)]
        for holder in {"", *self._open} - {None}:
            self._sizes[str(holder)] += 1
            if element != "textPath":
                self._references[str(holder)] += references

    def leave(self) -> None:
        """Note the end of the element that began last."""
        self._open.pop()

    def check(self) -> None:
        """Check that the whole stays drawable.

        :raises MalformedInput: ``picture-too-large``, also for parts that contain themselves.
        """
        drawn: dict[str, int] = {}
        stack: list[tuple[str, bool]] = [("", False)]
        under_way: set[str] = set()
        while stack:
            name, is_done = stack.pop()
            inside = [target for target in self._references[name] if target in self._references]
            if is_done:
                under_way.discard(name)
                drawn[name] = self._sizes[name] + sum(drawn[target] for target in inside)
                if drawn[name] > MAX_DRAWN:
                    raise MalformedInput("picture-too-large", f"With its repetitions it has over {MAX_DRAWN:,} parts.")
            elif name not in drawn:
                under_way.add(name)
                stack.append((name, True))
                if under_way.intersection(inside):
                    raise MalformedInput("picture-too-large", "A part of it contains itself.")
                stack += [(target, False) for target in set(inside) - drawn.keys()]
