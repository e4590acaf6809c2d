"""Style sheets, scripts, fonts and pictures, under an address that changes with them."""

import hashlib
import mimetypes
from pathlib import Path

from fastapi import APIRouter
from starlette.responses import FileResponse, Response

from intaglio.server.errors import NotFound

_SHARED = Path(__file__).parent / "static"
_FOR_EVER = "public, max-age=31536000, immutable"
_SHORTLY = "public, max-age=300"
_TYPES = {".js": "text/javascript", ".woff2": "font/woff2", ".webmanifest": "application/manifest+json"}


class Static:
    """The files of the shared folder and of the service's own, which wins. Only what is there at the start is served."""

    def __init__(self, own: Path) -> None:
        self._files = {
            path.relative_to(folder).as_posix(): path
            for folder in (_SHARED, own)
            if folder.is_dir()
            for path in folder.rglob("*")
            if path.is_file()
        }
        self._version = _version(self._files)

    def url(self, name: str) -> str:
        """Return the address of a file, such as ``css/base.css``. A file that is not there is a mistake of ours.

        One version stands for all of them, so that style sheets and modules name each other by relative addresses.
        """
        if name not in self._files:
            raise KeyError(name)
        return f"/static/{self._version}/{name}"

    def answer(self, version: str, name: str) -> Response:
        """Return a file.

        :raises NotFound: ``no-such-page``
        """
        path = self._files.get(name)
        if path is None:
            raise NotFound("no-such-page", "There is no such file.")
        kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        caching = _FOR_EVER if version == self._version else _SHORTLY
        return FileResponse(path, media_type=kind, headers={"cache-control": caching})

    def router(self) -> APIRouter:
        """Return the route of the files."""
        router = APIRouter()
        router.add_api_route("/static/{version}/{name:path}", self.answer, include_in_schema=False, name="static")
        return router


def _version(files: dict[str, Path]) -> str:
    digest = hashlib.sha256()
    for name, path in sorted(files.items()):
        digest.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]
