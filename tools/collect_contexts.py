"""Rebuild ``schemas/contexts/`` from the registry packages that ``schemas/sources.toml`` names.

Fetch the packages into one folder, then name the folder::

    npm pack --pack-destination PACKAGES @digitalbazaar/credentials-context@3.2.0   # and the other npm packages
    pip download --no-deps --dest PACKAGES openbadgeslib==4.6.3                     # and the other PyPI packages
    python tools/collect_contexts.py PACKAGES

Nothing is written unless every context has the hash that ``sources.toml`` pins. A context that a package carries as a
JavaScript module is read by ``node``; the others need Python alone.
"""

import hashlib
import json
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import rfc8785

SCHEMAS = Path(__file__).parents[1] / "schemas"
_READ_MODULE = """
const module = {exports: {}};
new Function('module', 'exports', require('fs').readFileSync(0, 'utf-8'))(module, module.exports);
process.stdout.write(JSON.stringify(module.exports));
"""


def main(packages: Path) -> None:
    """Collect every context, check it, and only then write."""
    sources = tomllib.loads((SCHEMAS / "sources.toml").read_text(encoding="utf-8"))["context"]
    files = {}
    for source in sources:
        document = read_context(packages, source)
        digest = hashlib.sha256(rfc8785.dumps(document)).hexdigest()
        if digest != source["jcs_sha256"]:
            sys.exit(f"{source['url']}: the package’s context has the JCS hash {digest}, not the pinned one")
        files[source["file"]] = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    for name, text in files.items():
        (SCHEMAS / "contexts" / name).write_text(text, encoding="utf-8")
    sys.stdout.write(f"{len(sources)} contexts in {len(files)} files\n")


def read_context(packages: Path, source: dict[str, str]) -> Any:
    """Return the context that `source` describes, as JSON."""
    text = read_member(packages, source)
    if not source["path"].endswith(".js"):
        return json.loads(text)
    command = ["node", "-e", _READ_MODULE]
    # The command is fixed; the text is a module whose JSON is compared with a pinned hash before anything is written.
    done = subprocess.run(command, input=text, stdout=subprocess.PIPE, check=True, encoding="utf-8")  # noqa: S603
    return json.loads(done.stdout)


def read_member(packages: Path, source: dict[str, str]) -> str:
    """Return one file out of the archive as its registry names it."""
    if source["registry"] == "npm":
        name = source["package"].removeprefix("@").replace("/", "-")
        with tarfile.open(packages / f"{name}-{source['version']}.tgz") as archive:
            member = archive.extractfile(f"package/{source['path']}")
            if member is None:
                sys.exit(f"{source['url']}: no file {source['path']} in {name}")
            return member.read().decode("utf-8")
    name = source["package"].lower().replace("-", "_")
    (wheel,) = packages.glob(f"{name}-{source['version']}-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(source["path"]).decode("utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
