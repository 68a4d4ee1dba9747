"""The command that attacks the counts of people, as the gate before publishing does."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from prioritisation.cli.frame import FAILED, example, main, progress, with_data
from prioritisation.cli.people import with_restricted
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder


@main.command(
    name="audit-disclosure",
    epilog=example("prioritisation audit-disclosure\nprioritisation audit-disclosure --worlds 20 --out audit.md"),
)
@click.option(
    "--worlds",
    default=1,
    show_default=True,
    type=click.IntRange(0, 1000),
    help="How many invented worlds to count, protect and attack in every way, to try the method itself.",
)
@click.option("--method-only", is_flag=True, help="Attack invented worlds only, not the release in use.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0), help="Number of the first world.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write the report here (.md, plain text).")
@with_data
@with_restricted
def audit_disclosure(
    worlds: int,
    method_only: bool,
    seed: int,
    out: Path | None,
    data_folder: str | None,
    restricted_folder: str | None,
) -> None:
    """Attack the published counts of people, and say whether any count could be worked out.

    Ends with 1 when an attack met less resistance than its target, or when a control did not break its weak release.
    """
    from prioritisation.attack.audit import DEFAULT_EFFORT, Audit, audit_controls, audit_world
    from prioritisation.attack.gate import audit_release
    from prioritisation.attack.report import text_report
    from prioritisation.attack.trials import Setting

    folder = DataFolder.chosen(data_folder)
    setting = Setting.load(folder.catalogue)
    found = []
    if not method_only:
        progress("Attacking the counts of the release in use (minutes)")
        found += audit_release(folder, _people(folder, restricted_folder))
    progress("Attacking weak releases, which must fall")
    found += audit_controls(seed, setting, DEFAULT_EFFORT)
    for number in range(seed, seed + worlds):
        found += audit_world(number, setting, DEFAULT_EFFORT, progress)
    audit = Audit(tuple(found))
    report = text_report(audit, setting.policy, title="Audit of disclosure control", day=date.today())
    _write(report, out)
    if not audit.passed:
        raise SystemExit(FAILED)


def _people(folder: DataFolder, restricted_folder: str | None) -> Path | None:
    """Return the restricted store of the release in use, where it is at hand."""
    from prioritisation.ingest.contacts.restricted import RestrictedFolder

    current = folder.published().current
    path = RestrictedFolder.chosen(folder, restricted_folder).people_file(current) if current else None
    return path if path is not None and path.is_file() else None


def _write(report: str, out: Path | None) -> None:
    if out is None:
        click.echo(report)
        return
    try:
        out.write_text(report, encoding="utf-8")
    except OSError as fault:
        click.echo(report)
        raise UserError(
            f"{out} cannot be written ({fault.strerror}).",
            not_done="No file was written; the report is above.",
            remedy="Choose another place with --out.",
        ) from fault
    click.echo(f"Wrote the report to {out}", err=True)
