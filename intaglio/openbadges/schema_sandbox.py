"""A process of its own for schemas that strangers wrote: reads one question from standard input, writes the answer, ends.

No look at a JSON Schema tells what it costs: forty definitions that each refer twice to the next make 2^40 steps, and a
recursive ``anyOf`` does the same with the depth of the document. The operating system can stop a process, so one is started
for each such schema, by the path of this file and without anything of ours, with little time and memory to spend.

::

    question   {"draft": "2020-12", "schema": …, "document": …}
    answer     valid | invalid, then on a line {"keyword": …, "path": […]} | unusable
"""

import json
import resource
import sys
from collections.abc import Iterator
from typing import Any, TextIO

CPU_SECONDS = 1
"""The largest schema of 1EdTech takes 0.02 s, and the start of the process 0.1 s."""
MEMORY_BYTES = 384 * 1024 * 1024
"""Of addresses, not of pages in use; starting takes 90 MB of them."""
_PATTERN_BYTES = 1024 * 1024


def main(questions: TextIO, answers: TextIO) -> None:
    """Answer one question. What is known is written at once: looking for the reason may exhaust the limits."""
    question = json.load(questions)
    for line in answer(question["draft"], question["schema"], question["document"]):
        answers.write(line + "\n")
        answers.flush()


def answer(draft: str, schema: Any, document: Any) -> Iterator[str]:
    """Yield the lines of the answer."""
    import jsonschema_rs  # noqa: PLC0415 - after the limits are set

    drafts = {
        "2020-12": jsonschema_rs.Draft202012Validator,
        "2019-09": jsonschema_rs.Draft201909Validator,
        "7": jsonschema_rs.Draft7Validator,
        "6": jsonschema_rs.Draft6Validator,
        "4": jsonschema_rs.Draft4Validator,
    }
    # Patterns go to an engine that takes linear time and has no backtracking, so look-arounds make a schema unusable.
    patterns = jsonschema_rs.RegexOptions(size_limit=_PATTERN_BYTES, dfa_size_limit=_PATTERN_BYTES)
    try:
        validator = drafts[draft](schema, retriever=_refuse, validate_formats=True, pattern_options=patterns)
    except (ValueError, jsonschema_rs.ReferencingError):
        yield "unusable"
        return
    if validator.is_valid(document):
        yield "valid"
        return
    yield "invalid"
    try:
        validator.validate(document)
    except jsonschema_rs.ValidationError as error:
        yield json.dumps({"keyword": error.kind.name, "path": error.instance_path})


def _refuse(address: str) -> Any:
    """Refuse every document that a schema refers to: it would be a way to make us ask for addresses of a stranger's choice."""
    raise ValueError(address)


def confine() -> None:
    """Give up all time and memory beyond the limits, and the right to leave a core dump."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    confine()
    main(sys.stdin, sys.stdout)
