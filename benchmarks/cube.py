"""Contacts to the protected cube: 1 and 10 million contacts, beside pandas doing the same counts.

Contacts are drawn straight into the tables of a restricted store: what is timed is counting, protecting and
remembering who was counted, without the reading and checking of files. The second keying is timed apart.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from benchmarks import LIMIT, Figure
from benchmarks.pandas_counts import counts_by_pandas, from_store, same_cells
from prioritisation.cohorts.library import load_cohorts
from prioritisation.contract import Contract, load_contract
from prioritisation.disclosure.lattice import load_lattice
from prioritisation.disclosure.policy import load_policy
from prioritisation.folder import TRACKED_DATA

MILLION = 1_000_000
SECONDS_AT_MOST, GIGABYTES_AT_MOST = 120.0, 4.0
LAST_MONTH = date(2026, 6, 1)
PEOPLE_PER_CONTACT = 5
ZONES = 153
# Some people have many contacts, some services many people; one in a hundred has no mapped area.
_DRAW = """
INSERT INTO extract
SELECT row_number() OVER (), partner, '', 'k', 'chi', '', '2023-07-01', $last, 1, '', '2026-07-01', '2030-01-01', NULL
FROM (SELECT unnest($partners) AS partner);
INSERT INTO person SELECT i, unhex(sha256(CAST(i AS VARCHAR))), 'chi' FROM range($people) AS t(i);
INSERT INTO resident
SELECT i, CASE WHEN i % 100 > 0 THEN $zones[1 + CAST(hash(i) % len($zones) AS INTEGER)] END,
       CASE WHEN i % 100 > 0 THEN 'area' ELSE 'withheld' END,
       $ages[1 + CAST(hash(i + 7) % len($ages) AS INTEGER)],
       $sexes[CASE WHEN hash(i + 11) % 50 = 0 THEN 3 ELSE 1 + CAST(hash(i + 3) % 2 AS INTEGER) END]
FROM range($people) AS t(i);
INSERT INTO contact
SELECT 1, p, NULL, 'withheld', '', '', $services[1 + CAST(floor(pow(random(), 2) * len($services)) AS INTEGER)],
       CAST($last - to_months(CAST(floor(random() * 36) AS INTEGER)) AS DATE),
       1 + CAST(floor(5 * random() * random()) AS INTEGER),
       CASE WHEN random() < 0.1 THEN [$flags[1 + CAST(floor(random() * len($flags)) AS INTEGER)]] ELSE [] END,
       CASE WHEN random() < 0.3 THEN 100 * random() END
FROM (SELECT CAST(floor(pow(random(), 1.5) * $people) AS INTEGER) AS p FROM range($contacts));
"""
_TIMED = """
import sys
from pathlib import Path
from benchmarks.cube import timed
print(timed(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
"""


def figures() -> Iterator[Figure]:
    seconds = {}
    for millions in (1, 10):
        found = in_own_process(millions * MILLION, against_pandas=millions == 1)
        seconds[millions] = found["seconds"]
        name = f"{millions} million contacts to cube"
        if "pandas" in found:
            note = f"equal in {found['cells']:,.0f} counts; ours protects and remembers them as well"
            yield Figure(name, found["seconds"], "s", "pandas, counts alone", found["pandas"], note=note)
        else:
            yield Figure(name, found["seconds"], "s", LIMIT, SECONDS_AT_MOST)
            yield Figure(f"{name}: most memory", found["gigabytes"], "GB", LIMIT, GIGABYTES_AT_MOST)
            yield Figure(f"{name}: again, with hold", found["again"], "s", LIMIT, SECONDS_AT_MOST)
            people = millions * MILLION // PEOPLE_PER_CONTACT
            yield Figure(f"Second keying of {people:,} people", keying(people), "s")
    yield Figure("Growth of the time for 10 times the contacts", seconds[10] / seconds[1], "times", LIMIT, 10.0)


def in_own_process(contacts: int, against_pandas: bool) -> dict[str, float]:
    """Count in a new process, so that its memory is its own."""
    with tempfile.TemporaryDirectory(prefix="prioritisation-") as folder:
        command = [sys.executable, "-c", _TIMED, folder, str(contacts), str(int(against_pandas))]
        root = Path(__file__).resolve().parents[1]
        ended = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    return json.loads(ended.stdout.strip().splitlines()[-1])


def timed(folder: Path, contacts: int, against_pandas: int) -> str:
    """Draw a store, count it, and say as JSON how long that took and how much memory."""
    import resource

    from prioritisation.ingest.contacts.cube import build_cube
    from prioritisation.ingest.contacts.people import open_people
    from prioritisation.ingest.contacts.snapshots import record

    contract = load_contract(TRACKED_DATA / "catalogue")
    store = open_people(draw(folder / "people.duckdb", contacts, contract))
    catalogue = TRACKED_DATA / "catalogue"
    lattice = load_lattice(catalogue)

    def counted(release_id: str) -> float:
        start = time.perf_counter()
        counts = build_cube(
            store,
            lattice=lattice,
            policy=load_policy(catalogue),
            contract=contract,
            cohorts=load_cohorts(catalogue, contract),
            areas=areas(),
            council="C",
            until=LAST_MONTH,
        )
        record(store, counts.refreshed, release_id)
        if len(counts.cube) < 10_000 or not (counts.cube["status"] == "published").any():
            raise ValueError("the cube is not whole")
        return time.perf_counter() - start

    found = {"seconds": counted("r1")}
    found["gigabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e9 if sys.platform == "darwin" else 1e6)
    if against_pandas:
        read = from_store(store, areas())
        start = time.perf_counter()
        theirs = counts_by_pandas(*read, contract, lattice, LAST_MONTH)
        found["pandas"] = time.perf_counter() - start
        found["cells"] = same_cells(store, theirs)
    else:
        store.execute("UPDATE resident SET area_code = 'Z000' WHERE person_id % 20 = 3")
        found["again"] = counted("r2")
    return json.dumps(found)


def areas() -> pd.DataFrame:
    number = np.arange(ZONES)
    return pd.DataFrame(
        {
            "area_code": [f"Z{each:03d}" for each in number],
            "intermediate_zone_code": [f"I{each // 4}" for each in number],
            "ward": [f"Ward {each // 20}" for each in number],
            "locality": [f"Locality {each // 26}" for each in number],
            "population": 1e6,
        }
    )


def draw(path: Path, contacts: int, contract: Contract) -> Path:
    """Write a restricted store of so many contacts and a fifth as many people."""
    from prioritisation.ingest.contacts.named_sql import statement

    values = {
        "partners": list(contract.partners),
        "zones": areas()["area_code"].to_list(),
        "ages": list(contract.age_bands),
        "sexes": list(contract.sexes),
        "services": list(contract.services),
        "flags": list(contract.flags),
        "people": contacts // PEOPLE_PER_CONTACT,
        "contacts": contacts,
        "last": LAST_MONTH,
    }
    with duckdb.connect(str(path)) as store:
        store.execute(statement("restricted"))
        store.execute("SELECT setseed(0.5)")
        for step in filter(str.strip, _DRAW.split(";\n")):
            store.execute(step, {name: value for name, value in values.items() if f"${name}" in step})
    return path


def keying(people: int) -> float:
    """Return the seconds that it takes to key so many people again."""
    from prioritisation.ingest.contacts.keying import AppKey, key_again
    from prioritisation.ingest.contacts.named_sql import statement
    from prioritisation.ingest.contacts.read import working_memory

    with working_memory() as memory:
        memory.execute(statement("arrived"))
        memory.execute(
            "INSERT INTO first_key "
            "SELECT i, 1, 'chi', 'nhs', unhex(sha256(CAST(i AS VARCHAR))) FROM range($people) AS t(i)",
            {"people": people},
        )
        start = time.perf_counter()
        key_again(memory, AppKey(bytes(range(32))))
        return time.perf_counter() - start
