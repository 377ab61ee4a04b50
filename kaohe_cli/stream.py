"""The two standard streams, whatever they are: closed, without Chinese letters, or a pipe that nobody reads."""

import errno
import os
import re
import sys
from itertools import groupby
from typing import TextIO

HINT = "This terminal ({}) has no Chinese letters: of what is said here only codes, cells and figures can be shown.\n"
SAMPLE = "考核"
GONE = (errno.EPIPE, errno.EINVAL)  # what comes of a pipe that nobody reads; the second on Windows
_CHINESE = re.compile(r"[^\x00-\x7f]+")

answered = False  # whether data were printed, of which there is one piece only


class Legible:
    """A stream whose encoding lacks Chinese: what it lacks is one question mark, and no line is of those alone.

    The first time that something is left out, the error stream says so in letters that every encoding has.
    """

    _told = False  # by either of the streams

    def __init__(self, stream: TextIO) -> None:
        """Lines are kept until they are whole."""
        self.encoding = stream.encoding
        self.errors = "replace"
        self._stream = stream
        self._line = ""

    def write(self, text: str) -> int:
        """Write what is legible of the lines that end in ``text``."""
        *lines, self._line = (self._line + text).split("\n")
        for line in lines:
            self._put(line, "\n")
        return len(text)

    def flush(self) -> None:
        """Write what there is of the last line, too."""
        line, self._line = self._line, ""
        if line:
            self._put(line, "")
        self._stream.flush()

    def isatty(self) -> bool:
        """As the stream's own."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """As the stream's own."""
        return self._stream.fileno()

    def _put(self, line: str, end: str) -> None:
        runs = groupby(line, lambda letter: takes(letter, self.encoding))
        shown = "".join("".join(run) if fits else "?" for fits, run in runs)
        if shown != line and not Legible._told:
            Legible._told = True
            (sys.__stderr__ or self._stream).write(HINT.format(self.encoding))
        if shown == line or any(letter.isalnum() for letter in shown):
            self._stream.write(shown + end)


def takes(text: str, encoding: str) -> bool:
    """Whether ``encoding`` has all letters of ``text``."""
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def prepare() -> None:
    """Make both streams take whatever is written to them."""
    global answered
    answered = False
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started the program
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif not takes(SAMPLE, getattr(stream, "encoding", None) or "utf-8"):
            setattr(sys, name, Legible(stream))
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def nobody_reads(error: OSError) -> bool:
    """Whether ``error`` came of a pipe that nobody reads any more."""
    return error.errno in GONE


def unread() -> None:
    """Let the streams go, so that the end of the program does not stumble over a pipe that nobody reads."""
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)


def data(text: str) -> None:
    """Print JSON; where the encoding is not UTF-8, in letters that every encoding has."""
    import json

    global answered
    answered = True
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "")
    print(text if encoding == "utf8" else _CHINESE.sub(lambda found: json.dumps(found[0]).strip('"'), text))
