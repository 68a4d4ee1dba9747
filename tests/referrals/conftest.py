"""One small secure side, made once; each test works on a copy."""

from __future__ import annotations

from pathlib import Path

import pytest
from secure_side import Secure, begin


@pytest.fixture(scope="session")
def secure_once(tmp_path_factory: pytest.TempPathFactory) -> Secure:
    pytest.importorskip("cryptography", reason="the extra `sign` is not installed")
    return begin(tmp_path_factory.mktemp("secure") / "side")


@pytest.fixture
def secure(secure_once: Secure, tmp_path: Path) -> Secure:
    return secure_once.copied(tmp_path / "side")
