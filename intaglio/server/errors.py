"""Errors that only a server has.

::

    IntaglioError
    └── ServerError
        ├── NotFound         there is nothing here, or nothing that this visitor may know of
        ├── SignInNeeded     nobody is signed in
        ├── Refused          whoever asks may not do this
        ├── Conflict         it does not fit what is there by now
        └── TooMany          too often, or too much
"""

from intaglio.errors import IntaglioError


class ServerError(IntaglioError):
    """The base of these; `status` is what HTTP says of it."""

    status = 500


class NotFound(ServerError):
    """There is nothing here, or nothing that this visitor may know of: a guessed id tells nothing."""

    status = 404


class SignInNeeded(ServerError):
    """Nobody is signed in. People are sent to the sign-in page, machines get 401."""

    status = 401


class Refused(ServerError):
    """Whoever asks may not do this."""

    status = 403


class Conflict(ServerError):
    """It does not fit what is there by now."""

    status = 409


class TooMany(ServerError):
    """Too often, or too much. `retry_after` is in seconds."""

    status = 429

    def __init__(self, kind: str, detail: str, *, retry_after: int = 60) -> None:
        super().__init__(kind, detail)
        self.retry_after = retry_after


class TooLarge(ServerError):
    """More bytes than this place takes."""

    status = 413
