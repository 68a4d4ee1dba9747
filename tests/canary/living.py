"""A day in the life of a release: a decision, a server whose every page is opened, every command, refused extracts."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner
from content import Piece, files_below, pieces_of, pieces_of_message
from decided import CHAIR, agree, sign
from planted_world import APP_KEY, PARTNER, SERVICES, VOLUMES, Cell, PlantedWorld
from servers import free_port, wait_until_healthy
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from visiting import Visitor

from prioritisation.catalogue import load_catalogue
from prioritisation.cli import main
from prioritisation.cohorts.rule import CohortRule
from prioritisation.contract import load_contract
from prioritisation.folder import REPOSITORY
from prioritisation.prioritise import prioritise
from prioritisation.scenario import Scenario
from prioritisation.shortlist import computed
from prioritisation.store import open_store
from prioritisation.ui.cohorts.choice import rule_text
from prioritisation.ui.cohorts.page import QUESTIONS
from prioritisation.ui.navigation import NAMES
from prioritisation.workspace import cohorts, open_workspace

FRAMEWORK = "south-ayrshire-int-contacts"
GEOGRAPHIES = ("locality", "ward", "intermediate zone", "data zone")
OPENED_COHORTS = ("partners-3", "several-needs", "frequent-contact")
WRONG = "wrong-"
WRONG_CELLS = ("month", "service", "contacts", "person_key")
WRONG_RAW_CELLS = ("contact_date", "service", "contacts", "postcode")


@dataclass
class Lived:
    """What came out. frames, downloads: by page and query; said: by command; log: of the server."""

    world: PlantedWorld
    scratch: Path
    frames: dict[str, list[bytes]] = field(default_factory=dict)
    downloads: dict[str, bytes] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)
    log: bytes = b""

    @property
    def settings(self) -> dict[str, str | None]:
        """Whatever a process leaves lying about, it leaves in scratch."""
        return {
            "PRIORITISATION_DATA": str(self.world.data.root),
            "PRIORITISATION_WORKSPACE": None,
            "PRIORITISATION_RESTRICTED": str(self.world.restricted.root),
            "PRIORITISATION_KEY_FILE": str(self.key_file),
            "TMPDIR": str(self.scratch),
            "HOME": str(self.scratch),
        }

    @property
    def key_file(self) -> Path:
        return self.world.extracts / "app.key"

    def pieces(self, kind: str) -> Iterator[Piece]:
        """Give what came out of one kind, and what lies on disk outside the restricted store and the extracts."""
        if kind == "frames":
            for where, frames in self.frames.items():
                yield Piece(where, b"\n".join(frames), is_text=False)
                fields = [each for frame in frames for each in pieces_of_message(where, ForwardMsg.FromString(frame))]
                for is_text in (True, False):
                    some = (each.content for each in fields if each.is_text == is_text)
                    yield Piece(where, b"\n".join(some), is_text)
        elif kind == "downloads":
            for where, content in self.downloads.items():
                yield from pieces_of(where, content)
        elif kind == "files":
            for where, content in files_below(self.world.data.root, self.scratch):
                yield from pieces_of(where, content)
        elif kind == "said":
            for where, said in self.said.items():
                yield from pieces_of(where, said.encode())
        else:
            yield from pieces_of("the server's log", self.log)


def live(world: PlantedWorld, full: bool) -> Lived:
    """Let a server and the commands work with the world; full: with more of it."""
    scratch = world.data.root.parent / "scratch"
    scratch.mkdir()
    lived = Lived(world, scratch)
    lived.key_file.write_text(APP_KEY.secret.hex(), encoding="ascii")
    decision, zone = _decide(lived), world.small[0].zone
    with _server(lived) as address:
        for page, query in _visits(zone, decision, full):
            where = f"{page}?{'&'.join(f'{name}={value}' for name, value in query.items())}"
            with Visitor(address, page, query) as visitor:
                visitor.look_everywhere()
                lived.frames[where] = visitor.frames
                lived.downloads |= {f"{where} {name}": content for name, content in visitor.downloads.items()}
    for arguments in [*_commands(lived, zone, decision), *_refused(lived)]:
        _run(lived, arguments)
    return lived


def rule_of(service: str) -> str:
    """Return the address of the cohort of a service's people."""
    contract = load_contract(REPOSITORY / "data" / "catalogue")
    return rule_text(CohortRule.from_record({"services_all": [service]}, contract))


def where_query(cell: Cell, geography: str = "data zone") -> dict[str, str]:
    return {"cohort": "own", "rule": rule_of(cell.service), "question": "where", "by": geography}


def _visits(zone: str, decision: str, full: bool) -> Iterator[tuple[str, dict[str, str]]]:
    """Give the pages and what is asked of them; full: every geography of every planted service, too."""
    ours = {"framework": FRAMEWORK}
    for page in NAMES:
        yield page, ours
    yield "Explore", {**ours, "area": zone, "show": "rent_arrears_people"}
    yield "Decisions", {"decision": decision}
    yield "Shortlist", {"decision": decision}
    yield "Cohorts", {"cohort": "several-needs", "question": "where", "by": "data zone"}
    rules = [{"cohort": "own", "rule": rule_of(service)} for service in SERVICES]
    yield from (("Cohorts", {**own, "question": "where", "by": "data zone"}) for own in rules)
    yield from (("Cohorts", {**rules[0], "question": question}) for question in QUESTIONS if question != "where")
    if full:
        yield from ((page, {}) for page in NAMES)
        yield "Patch", {**ours, "view": "all", "into": "2"}
        for cohort in OPENED_COHORTS:
            yield from (("Cohorts", {"cohort": cohort, "question": question}) for question in QUESTIONS)
        for own in rules:
            yield from (("Cohorts", {**own, "question": "where", "by": each}) for each in GEOGRAPHIES)


def _decide(lived: Lived) -> str:
    """Agree and sign a shortlist under the framework that uses contacts, and save a cohort; return its id."""
    folder = lived.world.data
    catalogue = load_catalogue(folder.catalogue)
    workspace = open_workspace(folder)
    try:
        with open_store(folder) as store:
            ranking = computed(prioritise(store, Scenario.starting(catalogue.frameworks[FRAMEWORK])))
        made = agree(workspace, ranking, {"do": "add", "code": lived.world.small[0].zone, "to": 1})
        sign(workspace, CHAIR, made)
        rule = CohortRule.from_record({"services_any": list(SERVICES)}, load_contract(folder.catalogue))
        cohorts.save(workspace, name="Arrears or grants", why="To see", rule=rule, by="HSCP")
        return str(made.id)
    finally:
        workspace.close()


def _commands(lived: Lived, zone: str, decision: str) -> Iterator[list[str]]:
    out = lived.scratch
    ours = ["--framework", FRAMEWORK]
    yield ["scenarios", "save", "--name", "Contacts", "--by", "HSCP", *ours]
    yield ["export", "--decision", decision, "--out", str(out / "decision.zip")]
    yield ["export", *ours, "--out", str(out / "scenario.zip")]
    yield ["verify", str(out / "decision.zip")]
    yield ["rank", *ours, "--how-sure"]
    yield ["profile", zone, *ours]
    yield ["sheet", zone, *ours, "--out", str(out / "sheets")]
    yield ["quality"]
    yield ["fairness", *ours]
    yield ["patch", *ours, "--no-prove"]
    yield ["cohorts", "list"]
    yield ["cohorts", "ranked", *ours]
    for kind in ("partners", "flags", "services"):
        yield ["cohorts", "overlaps", "--of", kind]
    for service in SERVICES:
        yield ["cohorts", "count", "--service", service, "--by", "data zone"]
        yield ["cohorts", "count", "--service", service, "--steps"]
    yield ["decisions", "show", decision]
    yield ["audit", "log"]
    yield ["extracts"]
    yield ["purge"]
    yield ["releases"]


def _refused(lived: Lived) -> Iterator[list[str]]:
    """Offer extracts of planted people to the importer and to the partners' tool, each with one cell that is wrong.

    The wrong cell holds a volume and a key, or a volume and an identifier.
    """
    extracts, key = lived.world.extracts, lived.world.extracts / "project.key"
    key.write_text(lived.world.project_key.hex(), encoding="ascii")
    given = ["--key-file", str(key), "--key-id", "k", "--partner", PARTNER, "--kind", "linked", "--postcodes"]
    for column in WRONG_CELLS:
        yield ["import", "contacts", str(_with_wrong_cell(extracts / "planted.csv", column))]
    for column in WRONG_RAW_CELLS:
        raw = _with_wrong_cell(extracts / "raw-planted-linked.csv", column)
        yield ["pseudonymise", str(raw), *given, str(lived.world.postcodes)]


def _with_wrong_cell(path: Path, column: str) -> Path:
    """Write the first rows of an extract with a wrong cell in one of them."""
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    cells = dict(zip(header.split(","), rows[0].split(","), strict=True))
    who = next(iter(cells.values()))
    wrong = path.with_name(f"{WRONG}{path.stem}-{column.replace('_', '-')}.csv")
    lines = [header, ",".join((cells | {column: f"{VOLUMES[0]} {who}"}).values()), *rows[1:5]]
    wrong.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return wrong


def _run(lived: Lived, arguments: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tempfile.tempdir", str(lived.scratch))
        ended = CliRunner().invoke(main, arguments, env=lived.settings)
    name = " ".join(Path(each).name for each in arguments)
    lived.said[name], lived.codes[name] = ended.output, ended.exit_code


@contextmanager
def _server(lived: Lived) -> Iterator[str]:
    """Serve the app to this computer alone, with its log kept; ended afterwards."""
    port, log = free_port(), lived.world.extracts / "server.log"
    command = [sys.executable, "-m", "streamlit", "run", str(REPOSITORY / "app.py"), "--server.port", str(port),
               "--server.address", "127.0.0.1", "--server.headless", "true"]  # fmt: skip
    settings = {**os.environ, **lived.settings, "PYTHONPATH": str(REPOSITORY)}
    environment = {name: value for name, value in settings.items() if value is not None}
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=REPOSITORY, stdout=output, stderr=subprocess.STDOUT, env=environment)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_until_healthy(address, server, log)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=20)
            lived.log = log.read_bytes()
