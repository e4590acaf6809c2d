"""How JSON numbers are written in RDF (JSON-LD 1.1 Processing Algorithms and API, sections 8.2.2 and 8.6)."""

import math
from decimal import ROUND_HALF_UP, Context

from intaglio.canonical.nquads import XSD, literal
from intaglio.errors import MalformedInput

_XSD_INTEGER, _XSD_DOUBLE = f"{XSD}integer", f"{XSD}double"
_DIGITS = Context(prec=16, rounding=ROUND_HALF_UP)
"""``%1.15E``, and a tie is rounded away from zero as ECMAScript does; C and Python would round it to even."""


def number_literal(value: float, datatype: str | None) -> str:
    """Return the term of a number: an integer where it is whole and below 10^21, a double otherwise or where asked for.

    :raises MalformedInput: ``number-out-of-range`` for NaN and infinities, ``ambiguous-number`` for a few tiny numbers.
    """
    if not math.isfinite(value):
        raise MalformedInput("number-out-of-range", "It is not a JSON number.")
    if value != int(value) or abs(value) >= 10**21 or datatype == _XSD_DOUBLE:
        _refuse_tiny(value)
        return literal(_double(value), datatype or _XSD_DOUBLE)
    return literal(str(int(value)), datatype or _XSD_INTEGER)


def double_text(text: str) -> str | None:
    """Return the canonical form of the double that a text writes, or None where it writes none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return _double(value) if math.isfinite(value) else None


def _double(value: float) -> str:
    if value == 0:
        return "0.0E0"  # also for −0.0: ECMAScript writes no sign before a zero
    digits = f"{_DIGITS.create_decimal_from_float(float(value)):.15E}"
    mantissa, _, exponent = digits.partition("E")
    whole, _, fraction = mantissa.partition(".")
    return f"{whole}.{fraction.rstrip('0') or '0'}E{int(exponent)}"


def _refuse_tiny(value: float) -> None:
    """Refuse 1e-7, 5e-324 and their like: jsonld.js tells a double by the point in its text, and signs a 0 for these."""
    if 0 < abs(value) < 1e-6 and "." not in repr(float(value)):
        raise MalformedInput("ambiguous-number", f"Some readers take {value!r} for 0.")
