"""The type of the fixture `sign_in`."""

from __future__ import annotations

from collections.abc import Callable

SignIn = Callable[..., None]
