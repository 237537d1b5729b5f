"""Hashes that tell whether a slow step of set-up has anything to do."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def of_files(paths: Iterable[Path], *, root: Path, extra: str = "") -> str:
    """A hash of names and contents of ``paths``; 16 hex digits."""
    digest = hashlib.sha256(extra.encode())
    for path in sorted(paths):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root)}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]


def of_migrations(project: Path) -> str:
    """Of everything that decides what `migrate` would do."""
    ours = project.glob("apps/**/migrations/*.py")
    return of_files([*ours, project / "requirements.txt", project / "s2b2c/settings/base.py"], root=project)


def of_static(project: Path) -> str:
    """Of everything that decides what `collectstatic` would do; sizes and times stand for contents of our own files."""
    listing = []
    for folder in (project / "static", *project.glob("apps/**/static")):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                found = path.stat()
                listing.append(f"{path.relative_to(project)} {found.st_size} {found.st_mtime_ns}")
    return of_files([project / "requirements.txt"], root=project, extra="\n".join(listing))
