"""The file that sets up sign-in, checked before anything is served: what Streamlit's `st.login` reads."""

from __future__ import annotations

import importlib.util
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from prioritisation.access import is_loopback
from prioritisation.errors import Fault, UserError
from prioritisation.folder import REPOSITORY

NEEDED = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
CALLBACK = "/oauth2callback"
SHORTEST_SECRET = 32
_NOT_SERVED = "Nothing was served."
_GUIDE = "docs/deployment.md has an example."


def configured(given: str | None) -> tuple[Path, str] | None:
    """Return the file that sets up sign-in, and the host that people reach; None where nothing sets it up.

    given: path of the file; else Streamlit's own places are looked at. UserError with every fault.
    """
    path = Path(given).expanduser().absolute() if given else _streamlits_own()
    if path is None:
        return None
    auth = _auth(path)
    if auth is None and given is None:
        return None
    faults = list(_faults(auth)) if isinstance(auth, dict) else [Fault("auth", "is not there.", _GUIDE)]
    if importlib.util.find_spec("authlib") is None:
        faults.append(Fault("Authlib", "is not installed.", "pip install 'prioritisation[sign-in]'"))
    if faults:
        raise UserError(
            f"Sign-in cannot be set up from {path.name}.",
            not_done=_NOT_SERVED,
            remedy=f"Mend it. {_GUIDE}",
            faults=faults,
        )
    return path, str(urlsplit(auth["redirect_uri"]).hostname)  # type: ignore[index]


def _streamlits_own() -> Path | None:
    places = [folder / ".streamlit" / "secrets.toml" for folder in (REPOSITORY, Path.home())]
    return next((path for path in places if path.is_file()), None)


def _auth(path: Path) -> object:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")).get("auth")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise UserError(
            f"The file that sets up sign-in, {path.name}, is not there or cannot be read.",
            not_done=_NOT_SERVED,
            remedy=f"Give a TOML file with a part [auth] that this account may read. {_GUIDE}",
        ) from None


def _faults(auth: Mapping[str, Any]) -> Iterator[Fault]:
    """Say everything that is wrong, never a value: they are secrets."""
    texts = {name: str(auth.get(name) or "") for name in NEEDED}
    for name, text in texts.items():
        if not text:
            yield Fault(name, "is not there.")
    if texts["cookie_secret"] and len(texts["cookie_secret"]) < SHORTEST_SECRET:
        make = 'python -c "import secrets; print(secrets.token_hex(32))" makes one.'
        yield Fault("cookie_secret", f"is shorter than {SHORTEST_SECRET} characters.", make)
    for name in ("redirect_uri", "server_metadata_url"):
        scheme, host, _ = _parts(texts[name])
        if texts[name] and not (host and (scheme == "https" or is_loopback(host))):
            where = "Only on this computer itself may it be http://."
            yield Fault(name, "does not begin with https:// and a host.", where)
    if texts["redirect_uri"] and not _parts(texts["redirect_uri"])[2].endswith(CALLBACK):
        yield Fault("redirect_uri", f"does not end with {CALLBACK}.")


def _parts(address: str) -> tuple[str, str, str]:
    """Return scheme, host and path; empty where it is no address."""
    try:
        parts = urlsplit(address)
        return parts.scheme, parts.hostname or "", parts.path
    except ValueError:
        return "", "", ""
