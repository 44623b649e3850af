"""Objects compressed in advance, for servers that send files as they are: `….json.gz`, `….json.br`.

They are derived: no manifest names them, and each is compared with its object when it is verified. The same
version of the libraries makes the same bytes of the same object.
"""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ContentCoding:
    """A content coding of HTTP."""

    name: str
    """As in Accept-Encoding."""
    suffix: str
    """Of the file beside an object, with its dot."""
    pack: Callable[[bytes], bytes]
    unpack: Callable[[bytes, int], bytes]
    """Returns at most so many bytes; raises ValueError for bytes that cannot be unpacked."""


def _gzip(data: bytes) -> bytes:
    # No name and no time in the header: the same bytes every day.
    packer = zlib.compressobj(9, zlib.DEFLATED, 31, 9)
    return packer.compress(data) + packer.flush()


def _gunzip(data: bytes, most: int) -> bytes:
    unpacker = zlib.decompressobj(31)
    try:
        # One byte more than is allowed shows that there are more.
        found = unpacker.decompress(data, most + 1)
    except zlib.error as error:
        raise ValueError(str(error)) from None
    if len(found) <= most and (not unpacker.eof or unpacker.unused_data):
        raise ValueError("it does not end where it should")
    return found


def _brotli(data: bytes) -> bytes:
    import brotli  # noqa: PLC0415 - only where something is compressed

    packed: bytes = brotli.compress(data, mode=brotli.MODE_TEXT, quality=11)
    return packed


def _unbrotli(data: bytes, most: int) -> bytes:
    import brotli  # noqa: PLC0415 - only where something is compressed

    unpacker = brotli.Decompressor()
    found = bytearray()
    try:
        # The library may return somewhat more than the limit, and continues without input.
        found += unpacker.process(data, output_buffer_limit=most + 1)
        while len(found) <= most and not unpacker.is_finished() and not unpacker.can_accept_more_data():
            found += unpacker.process(b"", output_buffer_limit=most + 1 - len(found))
    except brotli.error as error:
        raise ValueError(str(error)) from None
    if len(found) <= most and not unpacker.is_finished():
        raise ValueError("it does not end where it should")
    return bytes(found)


CODINGS: Final[Mapping[str, ContentCoding]] = {
    "br": ContentCoding("br", ".br", _brotli, _unbrotli),
    "gzip": ContentCoding("gzip", ".gz", _gzip, _gunzip),
}
"""By name, the one that saves more first."""


def is_packed(key: str) -> bool:
    """Return whether an object is also kept in compressed forms.

    A database is read in parts, by ranges; an archive is compressed itself.
    """
    return not key.endswith((".sqlite", ".tgz"))
