"""What can be read in a browser's folder on the disk by somebody who finds the tablet."""

import struct
from collections.abc import Iterator
from pathlib import Path

FOOTER = 48
MAGIC = struct.pack("<Q", 0xDB4775248B80FB57)
SNAPPY = 1


def files_with(folder: Path, word: str) -> list[str]:
    """The files in which a word stands in UTF-8 or UTF-16, packed in LevelDB's tables or not."""
    wanted = (word.encode("utf-8"), word.encode("utf-16-le"))
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and any(each in content for content in contents(path) for each in wanted)
    )


def contents(path: Path) -> Iterator[bytes]:
    """A file as it is; of a table of LevelDB also what it holds, unpacked."""
    raw = path.read_bytes()
    yield raw
    if raw[-8:] == MAGIC:
        yield b"".join(_values(raw))


def _values(raw: bytes) -> Iterator[bytes]:
    """The keys and values of a table, in their blocks."""
    footer = raw[-FOOTER:]
    _, at = _handle(footer, 0)
    (offset, size), _ = _handle(footer, at)
    for _key, value in _entries(_block(raw, offset, size)):
        (start, length), _ = _handle(value, 0)
        for key, held in _entries(_block(raw, start, length)):
            yield key + held


def _block(raw: bytes, offset: int, size: int) -> bytes:
    content, kind = raw[offset : offset + size], raw[offset + size]
    return unsnap(content) if kind == SNAPPY else content


def _entries(block: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Keys, each of which repeats the beginning of the one before, and values."""
    (restarts,) = struct.unpack("<I", block[-4:])
    end, at, key = len(block) - 4 - 4 * restarts, 0, b""
    while at < end:
        shared, at = _number(block, at)
        own, at = _number(block, at)
        length, at = _number(block, at)
        key = key[:shared] + block[at : at + own]
        at += own
        yield key, block[at : at + length]
        at += length


def _handle(raw: bytes, at: int) -> tuple[tuple[int, int], int]:
    offset, at = _number(raw, at)
    size, at = _number(raw, at)
    return (offset, size), at


def _number(raw: bytes, at: int) -> tuple[int, int]:
    """A number in groups of seven bits, the lowest first."""
    value = shift = 0
    while True:
        byte = raw[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def unsnap(packed: bytes) -> bytes:
    """Unpack Snappy's raw format."""
    length, at = _number(packed, 0)
    out = bytearray()
    while at < len(packed):
        tag = packed[at]
        at += 1
        if tag & 3 == 0:
            count = tag >> 2
            if count >= 60:
                extra = count - 59
                count = int.from_bytes(packed[at : at + extra], "little")
                at += extra
            out += packed[at : at + count + 1]
            at += count + 1
            continue
        if tag & 3 == 1:
            count, back = 4 + ((tag >> 2) & 7), (tag >> 5) << 8 | packed[at]
            at += 1
        else:
            width = 2 if tag & 3 == 2 else 4
            count, back = 1 + (tag >> 2), int.from_bytes(packed[at : at + width], "little")
            at += width
        for _ in range(count):
            out.append(out[-back])
    assert len(out) == length
    return bytes(out)
