"""The bytes of a file of health topics as NLM and others pass it on: plain, zipped, compressed."""

import gzip
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import IO, Final

from healthtopics.errors import ImportDataError
from healthtopics.problems import Problem

LARGEST: Final = 2 << 30
"""Bytes that a compressed file may hold: 2 GiB, about 70 times the real file."""
DAMAGED: Final = (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError)
"""What reading raises if a compressed file is damaged or cut off."""

_SIGN = re.compile(rb"&(?=[ \t\r\n])")
"""“&” that stands for itself: in XML it must be written &amp;."""
_UNPARSED: Final = b"<![CDATA["
_PARSED: Final = b"]]>"
_SIDE_FILE = re.compile(r"(?:^|/)(?:__MACOSX/|\._)")
"""Files that some systems put beside others into a zip."""


def open_source(stream: IO[bytes], path: str) -> IO[bytes]:
    """Return the XML in a stream that can seek: the stream itself, a .gz, or the one .xml entry of a zip.

    The first bytes show which it is; what is compressed is inflated as it is read. The entry may be in a
    folder. `path` only names the file in problems.

    Raises ImportDataError: `medlineplus-zip` if a zip is damaged or encrypted, has no .xml entry or several,
    or one that declares more than 2 GiB.
    """
    start = stream.tell()
    magic = stream.read(4)
    stream.seek(start)
    if magic.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=stream)  # type: ignore[return-value]  # typeshed does not call it an IO
    if magic not in {b"PK\x03\x04", b"PK\x05\x06"}:
        return stream
    hint = "Take the zip from medlineplus.gov again, or unpack it and give the .xml file."
    try:
        archive = zipfile.ZipFile(stream)
        files = [
            each
            for each in archive.infolist()
            if each.filename.lower().endswith(".xml") and not _SIDE_FILE.search(each.filename)
        ]
        if len(files) != 1:
            names = ", ".join(each.filename for each in files[:5]) or "none"
            message = f"the zip must hold exactly one .xml file, and holds {len(files)}: {names}."
        elif files[0].file_size > LARGEST:
            message = (
                f"{files[0].filename} declares {files[0].file_size:,} bytes; more than 2 GiB are refused."
            )
        elif files[0].flag_bits & 1:
            message = f"{files[0].filename} is encrypted."
        else:
            return archive.open(files[0])
    except (zipfile.BadZipFile, NotImplementedError) as error:  # the latter: an unknown compression
        message = f"the zip cannot be read: {error}."
    raise ImportDataError([Problem(check="medlineplus-zip", path=path, message=message, hint=hint)])


def with_signs(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Write each “&” before white space as XML wants it; nothing else that it could mean is allowed there.

    In a CDATA section “&” stands for itself, and nothing is changed.
    """
    data, is_parsed = b"", True
    for part in parts:
        data += part
        while (at := data.find(_UNPARSED if is_parsed else _PARSED)) >= 0:
            end = at + len(_UNPARSED if is_parsed else _PARSED)
            yield _written(data[:end], is_parsed=is_parsed)
            data, is_parsed = data[end:], not is_parsed
        cut = max(0, len(data) - len(_UNPARSED))  # the rest may begin what the next part ends
        while cut and data[cut - 1 : cut] == b"&":
            cut -= 1
        if cut:
            yield _written(data[:cut], is_parsed=is_parsed)
            data = data[cut:]
    if data:
        yield _written(data, is_parsed=is_parsed)


def _written(data: bytes, *, is_parsed: bool) -> bytes:
    return _SIGN.sub(b"&amp;", data) if is_parsed else data
