"""Run benchmarks and print their figures, each beside its peer or its limit."""

from __future__ import annotations

import ast
import json
import sys
import traceback
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click

from benchmarks import Figure

HERE = Path(__file__).resolve().parent


def benchmark_names() -> list[str]:
    """Return the modules here that have figures; the others only help."""
    return sorted(path.stem for path in HERE.glob("*.py") if "\ndef figures(" in path.read_text(encoding="utf-8"))


def meaning(name: str) -> str:
    """Return the first line of a benchmark's docstring, without importing what it needs."""
    tree = ast.parse((HERE / f"{name}.py").read_text(encoding="utf-8"))
    return (ast.get_docstring(tree) or "").partition("\n")[0]


def run(name: str) -> Iterator[Figure]:
    """Yield a benchmark's figures as they come; what stops it becomes the last one."""
    try:
        yield from import_module(f"benchmarks.{name}").figures()
    except ImportError as fault:
        yield Figure(name, None, "", note=f"not measured: {fault.name or fault} is not installed")
    except Exception as fault:  # noqa: BLE001  one benchmark that fails must not take the others with it
        traceback.print_exc()
        yield Figure(name, None, "", note=f"failed: {type(fault).__name__}")


def amount(value: float | None, unit: str) -> str:
    return "-" if value is None else f"{value:,.4g} {unit}".rstrip()


def line(*cells: str) -> str:
    """Return one row of the table: words to the left, numbers to the right."""
    name, value, peer, peer_value, ratio, *note = cells
    return "  ".join([f"{name:50}{value:>12}", f"{peer:24}{peer_value:>12}", f"{ratio:>8}", *note]).rstrip()


def table_line(figure: Figure) -> str:
    ratio = "-" if figure.ratio is None else f"{figure.ratio:,.1f} x"
    ours, theirs = amount(figure.value, figure.unit), amount(figure.peer_value, figure.unit)
    return line(figure.name, ours, figure.peer, theirs, ratio, figure.note)


@click.command(epilog="Example: python -m benchmarks ranking --json /tmp/figures.json")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--json", "file", type=click.Path(dir_okay=False, path_type=Path), help="Also write the rows here.")
@click.option("--list", "only_list", is_flag=True, help="Say what there is to measure, and stop.")
def main(names: tuple[str, ...], file: Path | None, only_list: bool) -> None:
    """Measure the README's figures, all or the NAMEd ones, each beside a peer's or its limit."""
    known = benchmark_names()
    unknown = [name for name in names if name not in known]
    if unknown:
        raise click.BadParameter(f"no benchmark called {', '.join(unknown)}; there are {', '.join(known)}.")
    if only_list:
        click.echo("\n".join(f"{name:12}{meaning(name)}" for name in names or known))
        return
    rows = []
    click.echo(line("Figure", "Ours", "Beside", "Theirs", "Better"))
    for name in names or known:
        for figure in run(name):
            click.echo(table_line(figure))
            rows.append(figure.row())
    if file is not None:
        file.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    sys.exit(any(str(row["note"]).startswith("failed") for row in rows))


if __name__ == "__main__":
    main()
