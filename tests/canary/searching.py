"""The search for canaries: keys in every spelling, volumes as numbers that stand alone."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from content import Piece
from planted_world import APP_KEY, VOLUMES, PlantedWorld

_SEPARATORS = "(?:,|\\.|'| |&nbsp;|&#160;|\N{NO-BREAK SPACE}|\N{NARROW NO-BREAK SPACE}|\N{THIN SPACE})?"
_CONTEXT = 60


@dataclass(frozen=True)
class Search:
    """What is looked for. keys: secrets and keys of people as bytes; names: raw identifiers."""

    keys: tuple[bytes, ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, world: PlantedWorld) -> Search:
        secrets = (APP_KEY.secret, world.project_key)
        return cls((*world.first, *world.second, *secrets), world.identifiers)

    def found(self, pieces: Iterable[Piece]) -> Iterator[str]:
        """Give each place where a canary is, with what stands around it."""
        for piece in pieces:
            yield from (f"{piece.where}: a key or identifier" for _ in self._keys_in(piece.content))
            if piece.is_text:
                for hit in _VOLUME.finditer(piece.content):
                    around = piece.content[max(0, hit.start() - _CONTEXT) : hit.end() + _CONTEXT]
                    yield f"{piece.where}: {hit[0]!r} in {around!r}"

    def _keys_in(self, content: bytes) -> Iterator[bytes]:
        """Compare eight bytes at a time, at each of the eight offsets; then the whole spelling where they agree."""
        starts = self._starts
        for offset in range(min(8, max(0, len(content) - 7))):
            words = np.frombuffer(content, "<u8", (len(content) - offset) // 8, offset)
            likely = words[self._likely[words & 0xFFFF]]
            for word in np.unique(likely[np.isin(likely, starts)]):
                begins = int(word).to_bytes(8, "little")
                yield from (spelling for spelling in self._spellings[begins] if spelling in content)

    @cached_property
    def _spellings(self) -> dict[bytes, list[bytes]]:
        """The first eight bytes -> the spellings that begin with them."""
        by_start: dict[bytes, list[bytes]] = {}
        for spelling in [*(each for key in self.keys for each in spellings(key)), *map(str.encode, self.names)]:
            by_start.setdefault(spelling[:8], []).append(spelling)
        return by_start

    @cached_property
    def _starts(self) -> np.ndarray:
        return np.array([int.from_bytes(start, "little") for start in self._spellings], dtype="<u8")

    @cached_property
    def _likely(self) -> np.ndarray:
        likely = np.zeros(0x10000, dtype=bool)
        likely[self._starts & np.uint64(0xFFFF)] = True
        return likely


def spellings(key: bytes) -> list[bytes]:
    """Return a key as bytes, in hexadecimal, and in base64 wherever it may begin in what is encoded."""
    hexadecimal = key.hex()
    found = [key, hexadecimal.encode(), hexadecimal.upper().encode()]
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + key)
        inner = whole[(before * 8 + 5) // 6 : (before + len(key)) * 8 // 6]
        found += [inner, inner.replace(b"+", b"-").replace(b"/", b"_")]
    return list(dict.fromkeys(found))


def _volume_pattern() -> re.Pattern[bytes]:
    """Return a pattern of every volume as a number of its own: not a part of a longer one, of a word or of a code."""
    numbers = "|".join(f"{volume // 1000}{_SEPARATORS}{volume % 1000:03d}" for volume in VOLUMES)
    return re.compile(rf"(?<![0-9A-Za-z.#_%-])(?:{numbers})(?:\.0+)?(?![0-9A-Za-z_]|\.[0-9])".encode())


_VOLUME = _volume_pattern()
