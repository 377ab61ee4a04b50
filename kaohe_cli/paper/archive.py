"""Packages (.xlsx, .docx) whose bytes depend on their parts alone."""

import io
import zipfile
from collections.abc import Iterable, Mapping

EPOCH = (1980, 1, 1, 0, 0, 0)


def parts(data: bytes) -> Mapping[str, bytes]:
    """The parts of a package by name, in its order."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {info.filename: package.read(info) for info in package.infolist()}


def packed(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """A package of ``parts`` in their order, without a trace of the clock or the system."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name, part in parts:
            info = zipfile.ZipInfo(name, EPOCH)
            info.external_attr = 0o600 << 16
            info.create_system = 3
            package.writestr(info, part, zipfile.ZIP_DEFLATED, 6)
    return made.getvalue()
