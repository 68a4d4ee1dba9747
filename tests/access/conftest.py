"""Somebody signed in, without a provider: the claims that Streamlit would have from its cookie."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from signed_in import SignIn

from prioritisation.folder import DataFolder
from prioritisation.ui import access

CLAIMS = '[claims]\nrole = "roles"\norganisation = "org"\n'


@pytest.fixture
def sign_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[SignIn]:
    """Be somebody: `sign_in("viewer")`, several roles, or `sign_in(None)` for nobody; more: other claims."""
    monkeypatch.setattr(access, "signs_in", lambda: True)
    monkeypatch.setenv("PRIORITISATION_ROLES", str(tmp_path / "roles.toml"))
    (tmp_path / "roles.toml").write_text(CLAIMS, encoding="utf-8")

    def be(*roles: str | None, **more: Any) -> None:
        claims: Mapping[str, Any] = {"is_logged_in": False}
        if roles != (None,):
            claims = {"is_logged_in": True, "iat": time.time(), "roles": list(roles), "org": "Council", **more}
        monkeypatch.setattr(access, "_asked", lambda: access.Asked(claims, from_here=True))

    yield be
    st.cache_resource.clear()


@pytest.fixture
def own_folder(demonstration: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    """The demonstration's releases beside a workspace of this test alone."""
    root = tmp_path / "folder"
    root.mkdir()
    for each in demonstration.root.iterdir():
        (root / each.name).symlink_to(each)
    monkeypatch.setenv("PRIORITISATION_DATA", str(root))
    return DataFolder(root)
