"""Names under ``localhost`` are this machine (RFC 6761, section 6.3), on systems too whose resolver does not know it.

Python imports a module of this name by itself when it starts; the services under test find it by their ``PYTHONPATH``.
"""

import socket
from typing import Any

_ask = socket.getaddrinfo


def _getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
    is_ours = isinstance(host, str) and host.endswith(".localhost")
    return _ask("127.0.0.1" if is_ours else host, *arguments, **options)


socket.getaddrinfo = _getaddrinfo
