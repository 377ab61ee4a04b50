"""What lies in a folder, so that a test can say that nothing became of it."""

from pathlib import Path


def snapshot(folder: Path) -> dict[str, tuple[bytes | None, int]]:
    """Everything in ``folder`` by its path, with its bytes (a folder: None) and the time of its last change (ns)."""
    return {
        each.relative_to(folder).as_posix(): (
            each.read_bytes() if each.is_file() else None,
            each.stat().st_mtime_ns,
        )
        for each in (folder, *sorted(folder.rglob("*")))
    }
