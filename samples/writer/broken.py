"""Files that cannot be read as data: encrypted, cut short, of another kind. Each is as small as it stays convincing."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SMALLEST = 4096  # a shorter stream would have to go to the mini stream, which these containers do without


def ole_container(streams: Mapping[str, bytes]) -> bytes:
    """Return an OLE compound file (MS-CFB, version 3) that holds the streams, each padded to 4096 bytes at least."""
    padded = {name: data.ljust(_SMALLEST, b"\0") for name, data in streams.items()}
    directory_sectors = -(-(len(padded) + 1) // 4)
    fat = [_FAT, *range(2, directory_sectors + 1), _END]
    starts, body = {}, b""
    for name, data in padded.items():
        sectors = -(-len(data) // _SECTOR)
        starts[name] = len(fat)
        fat += [*range(len(fat) + 1, len(fat) + sectors), _END]
        body += data.ljust(sectors * _SECTOR, b"\0")
    if len(fat) > _SECTOR // 4:
        raise ValueError("these containers have one FAT sector: 64 KB at most")
    names = sorted(padded, key=lambda name: (len(name), name.upper()))
    entries = [_entry("Root Entry", 5, child=1, start=_END, size=0)]
    for n, name in enumerate(names, 1):
        right = n + 1 if n < len(names) else _FREE
        entries.append(_entry(name, 2, right=right, start=starts[name], size=len(padded[name])))
    entries += [bytes(68) + b"\xff" * 12 + bytes(48)] * (directory_sectors * 4 - len(entries))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, _SMALLEST, _END, 0, _END, 0)
    header += struct.pack("<109I", 0, *[_FREE] * 108)
    table = struct.pack(f"<{_SECTOR // 4}I", *fat, *[_FREE] * (_SECTOR // 4 - len(fat)))
    return header + table + b"".join(entries) + body


def _entry(name: str, kind: int, *, child: int = _FREE, right: int = _FREE, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    links = struct.pack("<HBBIII", len(text), kind, 1, _FREE, right, child)
    return text.ljust(64, b"\0") + links + bytes(16 + 4 + 16) + struct.pack("<IQ", start, size)


def encrypted_book() -> bytes:
    """Return what Excel saves when a book has a password: a container, and nothing in it to read."""
    info = struct.pack("<HHI", 4, 4, 0x40)
    info += b'<?xml version="1.0" encoding="UTF-8"?><encryption xmlns="http://schemas.microsoft.com/office/2006/encryption"/>'
    scrambled = bytes((n * 151 + 43) % 256 for n in range(_SMALLEST))
    return ole_container({"EncryptionInfo": info, "EncryptedPackage": struct.pack("<Q", _SMALLEST) + scrambled})


def old_word_document() -> bytes:
    """Return a Word 97 document as far as a reader looks: the container and the streams that give it away."""
    return ole_container({"WordDocument": struct.pack("<HH", 0xA5EC, 0xC1), "1Table": b""})


def pdf_page() -> bytes:
    """Return a PDF of one empty page."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    ]
    page, offsets = b"%PDF-1.4\n", []
    for n, content in enumerate(objects, 1):
        offsets.append(len(page))
        page += b"%d 0 obj%sendobj\n" % (n, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"xref\n0 4\n0000000000 65535 f \n%strailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return page + trailer % (table, len(page))


def png_picture() -> bytes:
    """Return a PNG of one grey pixel."""
    # level 0 stores the pixel as it is: other levels may differ between zlib builds
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0\x80", 0)),
        (b"IEND", b""),
    ]
    packed = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)
