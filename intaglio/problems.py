"""The catalogue of problems: one title and one piece of advice for each kind, in words for a person.

`docs/problems.md` is generated from it (``python -m intaglio.problems`` prints it), and a test compares them. A kind is
a promise: its URI ``urn:intaglio:problem:<kind>`` keeps its meaning for ever; wordings may improve.
"""

from typing import NamedTuple


class Entry(NamedTuple):
    """What does not change from one occurrence to the next."""

    title: str
    advice: str


_ASK_ISSUER = "Ask the issuer for a corrected credential."
_SEND_WHOLE = "Ask the sender for the original file, unchanged."

CATALOGUE: dict[str, Entry] = {
    # — documents: reading JSON —
    "too-large": Entry("This document is too large.", _SEND_WHOLE),
    "not-utf8": Entry("This document is not UTF-8 text.", _SEND_WHOLE),
    "not-json": Entry("This document is not JSON.", _SEND_WHOLE),
    "not-an-object": Entry("This document is not a JSON object.", _SEND_WHOLE),
    "duplicate-member": Entry(
        "A name stands twice in the same object, so readers may see different things.", _ASK_ISSUER
    ),
    "number-out-of-range": Entry("A number is written that not every reader can hold.", _ASK_ISSUER),
    "lone-surrogate": Entry("A text holds half a character.", _ASK_ISSUER),
    "too-deep": Entry("This document nests too deeply.", _ASK_ISSUER),
    # — multikey: public keys in text —
    "bad-multibase": Entry("A key or signature is not written in the base that its format asks for.", _ASK_ISSUER),
    "bad-public-key": Entry("A public key cannot be read.", _ASK_ISSUER),
    "unknown-key-type": Entry(
        "This kind of key is not one that we can check.",
        "Ask for a credential signed with Ed25519, P-256, P-384 or RSA.",
    ),
}


def markdown() -> str:
    """Return the catalogue as the text of ``docs/problems.md``."""
    rows = [f"| `{kind}` | {entry.title} | {entry.advice} |" for kind, entry in sorted(CATALOGUE.items())]
    head = [
        "# Problems",
        "",
        "What can be wrong with a credential, and what to do about it. The type of each is the URI",
        "`urn:intaglio:problem:` and its name here. This page is written by `python -m intaglio.problems`.",
        "",
        "| name | what it says | what to do |",
        "|---|---|---|",
    ]
    return "\n".join([*head, *rows]) + "\n"


if __name__ == "__main__":
    print(markdown(), end="")
