"""What tells one file from another: its size and the SHA-256 of its bytes, of which nothing else is looked at."""

import hashlib
import stat
from collections.abc import Iterable, Iterator

from msgspec import Struct

from kaohe_cli.sheet import parts
from kaohe_cli.sheet.bounds import Budget, Limits, Refused
from kaohe_cli.sheet.folder import FoundFile

LARGEST = 1 << 30  # bytes of one file: a scan of a hundred pages has a tenth of that
TOGETHER = 32 << 30  # bytes of all files that are looked at in one go
_BLOCK = 1 << 20
_WHY = {"KH004": "有密码", "KH003": "解压后过大", "KH019": "解压的时间过长"}
_UNKNOWN = "系统不让读取"


class Digest(Struct, frozen=True):
    """A file as far as it is known without opening it."""

    size: int  # bytes; 0 where that is not known either
    sha256: str  # hexadecimal; empty: it could not be read
    why: str = ""  # it could not be read, in words


def digests(files: Iterable[FoundFile]) -> Iterator[Digest]:
    """The digest of each file, as long as all together are no more than anyone hands in."""
    left = TOGETHER
    for each in files:
        found = digest(each, min(left, LARGEST))
        left -= found.size if found.sha256 else 0
        yield found


def digest(found: FoundFile, most: int = LARGEST) -> Digest:
    """The digest of one file of at most so many bytes; whatever is the matter with it is said in words."""
    size = 0
    try:
        known = found.path.stat()  # before it is opened: opening a pipe would wait for ever
        if not stat.S_ISREG(known.st_mode):
            return Digest(0, "", "不是普通文件")
        size = known.st_size if found.member is None else found.member.size
        if size > most:
            return Digest(size, "", f"超过 {most >> 20:,} MB")
        summed, size = hashlib.sha256(), 0
        for piece in _pieces(found, most):
            size += len(piece)
            if size > most:  # it grew meanwhile, or claimed to be smaller
                return Digest(size, "", f"超过 {most >> 20:,} MB")
            summed.update(piece)
    except Refused as refused:
        return Digest(size, "", _WHY.get(refused.code) or refused.words.get("found", "损坏"))
    except PermissionError:
        return Digest(size, "", "没有权限，或者正被其他程序使用")
    except OSError as error:
        return Digest(size, "", error.strerror or _UNKNOWN)
    return Digest(size, summed.hexdigest())


def _pieces(found: FoundFile, most: int) -> Iterator[bytes]:
    with found.path.open("rb") as source:
        if found.member is not None:
            yield from parts.unpack(source, found.member, Budget(Limits(inflated=most, seconds=120.0)))
            return
        while piece := source.read(_BLOCK):
            yield piece
