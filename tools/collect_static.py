"""Rebuild the fonts and the QR decoder in ``intaglio/server/static`` from the npm packages that its ``sources.toml`` names.

Fetch the packages into one folder, then name the folder::

    npm pack --pack-destination PACKAGES @fontsource-variable/fraunces@5.3.0   # and the other packages
    python tools/collect_static.py PACKAGES

Nothing is written unless every file has the hash that ``sources.toml`` pins.
"""

import hashlib
import sys
import tarfile
import tomllib
from pathlib import Path

STATIC = Path(__file__).parents[1] / "intaglio" / "server" / "static"


def main(packages: Path) -> None:
    """Collect every file, check it, and only then write."""
    sources = tomllib.loads((STATIC / "sources.toml").read_text(encoding="utf-8"))
    files: dict[str, bytes] = {}
    for package in sources["package"]:
        archive = packages / f"{package['name'].removeprefix('@').replace('/', '-')}-{package['version']}.tgz"
        for file in package["files"]:
            data = read_member(archive, file["path"])
            digest = hashlib.sha256(data).hexdigest()
            if digest != file["sha256"]:
                sys.exit(f"{file['file']}: the package’s file has the hash {digest}, not the pinned one")
            files[file["file"]] = data
    for name, data in files.items():
        (STATIC / name).parent.mkdir(parents=True, exist_ok=True)
        (STATIC / name).write_bytes(data)
    sys.stdout.write(f"{len(files)} files from {len(sources['package'])} packages\n")


def read_member(archive: Path, path: str) -> bytes:
    """Return one file out of a package as npm packs it."""
    with tarfile.open(archive) as packed:
        member = packed.extractfile(f"package/{path}")
        if member is None:
            sys.exit(f"{archive.name}: {path} is no file")
        return member.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
