"""The audit log's keys: a file that only the workspace's owner reads, made beside the workspace when none is named.

It is not the key of PRIORITISATION_KEY_FILE: that one turns people into pseudonyms, and the web application, which
writes this log, must never hold it.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from prioritisation.errors import UserError
from prioritisation.workspace.faults import NOTHING_SAVED

KEY_FILE = "PRIORITISATION_AUDIT_KEY_FILE"
_KEY = re.compile(r"[0-9a-fA-F]{64,}")


@dataclass(frozen=True)
class AuditKeys:
    """Where the keys are. configured: the owner named the file, so this application never makes it by itself.

    The file holds one key a line, 32 bytes or more as hexadecimal digits; the last writes, the earlier ones check.
    """

    path: Path
    configured: bool

    @classmethod
    def chosen(cls, beside: Path) -> AuditKeys:
        """Return the file that PRIORITISATION_AUDIT_KEY_FILE names, else the one beside the workspace."""
        named = os.environ.get(KEY_FILE)
        return cls(Path(named).expanduser().absolute(), True) if named else cls(beside, False)

    def read(self) -> dict[str, bytes]:
        """Return the keys by name, oldest first; none without a file. UserError: it cannot be read or used."""
        try:
            lines = self.path.read_text(encoding="ascii").split()
        except FileNotFoundError:
            return {}
        except (OSError, UnicodeDecodeError):
            raise self._unusable("cannot be read") from None
        if not lines or not all(_KEY.fullmatch(line) and len(line) % 2 == 0 for line in lines):
            raise self._unusable("holds something other than keys")
        return {key_name(bytes.fromhex(line)): bytes.fromhex(line) for line in lines}

    def newest(self) -> tuple[str, bytes]:
        """Return the key that writes, made now when the file is the application's own and is not there yet."""
        keys = self.read()
        if not keys:
            if self.configured:
                raise self._unusable("is not there")
            self._keep([secrets.token_hex(32)])
            keys = self.read()
        return list(keys.items())[-1]

    def add(self) -> None:
        """Add a fresh key behind those that are there, and make the file when it is not."""
        self._keep([*(key.hex() for key in self.read().values()), secrets.token_hex(32)])

    @property
    def open_to_others(self) -> bool:
        """Whether accounts other than the owner's may read the file (as far as this system says)."""
        try:
            return os.name == "posix" and bool(stat.S_IMODE(self.path.stat().st_mode) & 0o077)
        except OSError:
            return False

    def _keep(self, lines: list[str]) -> None:
        """Put the file in place whole, readable by its owner alone: killed half-way, the old one stays."""
        aside = self.path.with_name(f"{self.path.name}.{secrets.token_hex(4)}.tmp")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write("\n".join(lines) + "\n")
                file.flush()
                os.fsync(file.fileno())
            aside.replace(self.path)
        except OSError:
            with suppress(OSError):
                aside.unlink(missing_ok=True)
            raise self._unusable("cannot be written") from None

    def _unusable(self, what: str) -> UserError:
        return UserError(
            f"The key file of the audit log, {self.path}, {what}.",
            not_done=NOTHING_SAVED,
            remedy=f"Name a file in {KEY_FILE} that this account may read, with 64 hexadecimal digits in it "
            '(python -c "import secrets; print(secrets.token_hex(32))" makes them), or put the lost file back.',
        )


def key_name(key: bytes) -> str:
    """Return a short public name of a key, from which it cannot be found."""
    return hashlib.sha256(b"prioritisation audit key\0" + key).hexdigest()[:12]
