"""Where to go on after signing in: to places of this very service alone."""

import re

_LOCAL = re.compile(r"/(?![/\\])[\x21-\x7e]*\Z")
_LONGEST = 16 * 1024 + 256
"""The offer of a badge may stand in an address."""


def local_path(wanted: str, otherwise: str = "/") -> str:
    r"""Return a path of this service, or `otherwise` for whatever leads elsewhere, or could.

    An open redirect would lend our name to somebody else's page. Browsers read ``//host`` and ``/\\host`` as another host, and
    drop tabs and line ends before they look; so nothing but printable ASCII without backslashes is taken.
    """
    return wanted if len(wanted) <= _LONGEST and "\\" not in wanted and _LOCAL.match(wanted) else otherwise
