"""Children that meet hostile bytes: what they say is bounded, their time ends, and no key of ours reaches them."""

from __future__ import annotations

import pytest

from prioritisation.confined import answer, confined


def test_a_child_answers_on_its_standard_output() -> None:
    assert answer("json.tool", ["--compact"], b'{"a": [1]}', seconds=60, most=100) == b'{"a":[1]}\n'


@pytest.mark.parametrize(
    ("given", "most", "module", "arguments"),
    [
        (b'{"a": [1]}', 5, "json.tool", ["--compact"]),
        (b"no json", 100, "json.tool", []),
        (b"", 100, "timeit", ["-n", "100000000000", "pass"]),
        (b"x" * 10_000_000, 100, "no_such_module", []),
    ],
    ids=["says too much", "fails", "never ends", "does not listen"],
)
def test_whatever_it_does_the_parent_goes_on(given: bytes, most: int, module: str, arguments: list[str]) -> None:
    assert answer(module, arguments, given, seconds=2 if module == "timeit" else 60, most=most) is None


def test_it_is_told_no_key(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("modules")
    (folder / "say_environment.py").write_text("import os\nprint(sorted(os.environ))\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.setenv("PRIORITISATION_KEY_FILE", "/secure/key")
    with confined("say_environment", [], 60) as child:
        said = child.stdout.read() if child.stdout else b""
    assert b"PYTHONPATH" in said
    assert b"PRIORITISATION" not in said
