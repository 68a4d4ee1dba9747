"""What tests of documents share: a PDF as poppler reads and draws it."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

DOTS_PER_INCH = 60
TOOLS = ("pdftoppm", "pdftotext", "pdfinfo")


@dataclass(frozen=True)
class Printed:
    """text: of all pages; facts: what `pdfinfo` says; tags: names of the structure's parts; pages: grey pictures."""

    text: str
    facts: dict[str, str]
    tags: set[str]
    pages: list[NDArray[np.uint8]]


def require_poppler() -> None:
    """Skip the test that cannot do without poppler; REQUIRE_POPPLER=1 makes its absence a failure."""
    if not all(shutil.which(tool) for tool in TOOLS):
        if os.environ.get("REQUIRE_POPPLER") == "1":
            pytest.fail("poppler-utils is not installed")
        pytest.skip("poppler-utils is not installed (REQUIRE_POPPLER=1 makes this a failure)")


def printed(content: bytes, folder: Path) -> Printed:
    """Return a PDF as it prints in grey; needs poppler."""
    require_poppler()
    path = folder / "made.pdf"
    path.write_bytes(content)
    told = (line.partition(":") for line in _run("pdfinfo", str(path)).splitlines())
    _run("pdftoppm", "-gray", "-r", str(DOTS_PER_INCH), str(path), str(folder / "page"))
    return Printed(
        text=" ".join(_run("pdftotext", str(path), "-").replace("\N{ZERO WIDTH SPACE}", "").split()),
        facts={name.strip(): value.strip() for name, _, value in told},
        tags={line.strip().split(" ")[0].rstrip(":") for line in _run("pdfinfo", "-struct", str(path)).splitlines()},
        pages=[_grey(found) for found in sorted(folder.glob("page-*.pgm"))],
    )


def edges_are_white(page: NDArray[np.uint8], millimetres: float = 9) -> bool:
    """Whether nothing is printed near the edge of the paper, where it would be cut."""
    near = round(millimetres / 25.4 * DOTS_PER_INCH)
    sides = (page[:near], page[-near:], page[:, :near], page[:, -near:])
    return all((side > 250).all() for side in sides)


def _grey(path: Path) -> NDArray[np.uint8]:
    kind, size, most, points = path.read_bytes().split(b"\n", 3)
    assert (kind, most) == (b"P5", b"255")
    width, height = map(int, size.split())
    return np.frombuffer(points, dtype=np.uint8).reshape(height, width)


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, timeout=120).stdout.decode("utf-8", "replace")
