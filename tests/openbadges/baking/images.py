"""Images made by hand, so that a test can break one of their bytes."""

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
JWT = "eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJkaWQ6ZXhhbXBsZToxIn0.c2lnbmF0dXJl"
JSON = '{"@context": ["https://www.w3.org/ns/credentials/v2"], "name": "Résumé ✓ & <b>"}'
OB3 = "https://purl.imsglobal.org/ob/v3p0"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0,0"/></svg>'


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def itxt(text: bytes, keyword: bytes = b"openbadgecredential", head: bytes = b"\0\0\0\0") -> bytes:
    return chunk(b"iTXt", keyword + b"\0" + head + text)


IHDR = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
IDAT = chunk(b"IDAT", zlib.compress(b"\0\0"))
IEND = chunk(b"IEND")


def png(*chunks: bytes) -> bytes:
    """Return an image of one black pixel with more chunks before its end."""
    return b"".join([SIGNATURE, IHDR, IDAT, *chunks, IEND])


def svg(inside: str, *, before: str = "", attributes: str = f'xmlns:openbadges="{OB3}"') -> bytes:
    """Return an SVG image with something inside."""
    return f'{before}<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inside}<path d="M0,0"/></svg>'.encode()
