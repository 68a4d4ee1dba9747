"""Import of all Scotland and of the demonstration: files to a checked, published release, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import LIMIT, Figure

SCOTLAND_LIMIT_S, SCOTLAND_LIMIT_GB = 20.0, 1.5
DEMONSTRATION_LIMIT_S = 3.0
RUNS = 3
OPEN_DATA = Path(os.environ.get("PRIORITISATION_OPEN_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
SCOTLAND = (
    "boundaries/dz2011_scotland.parquet",
    "lookups/2011_dz_lookup.csv",
    "population/population2021_dz_scotland.csv",
    "population/sape2020_dz_age_sex_scotland.parquet",
    "simd2020v2/SIMD+2020v2+-+indicators.xlsx",
    "simd2020v2/SIMD+2020v2+-+ranks.xlsx",
)
# Starting Python and loading libraries counts: a person who types the command waits for that too. The memory of
# the fresh process that checks the release is added to the importer's, though the two peaks need not coincide.
_IMPORT = """
import json, sys, time
start = time.perf_counter()
import resource
from pathlib import Path
from prioritisation.catalogue import load_catalogue
from prioritisation.folder import TRACKED_DATA, DataFolder
from prioritisation.ingest.open_data import import_open_data
files = [Path(name) for name in sys.argv[2:]]
summary = import_open_data(
    files, council="all", folder=DataFolder(Path(sys.argv[1])), catalogue=load_catalogue(TRACKED_DATA / "catalogue")
)
seconds = time.perf_counter() - start
peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
unit = 1 if sys.platform == "darwin" else 1024
print(json.dumps([seconds, sum(peaks) * unit / 1e9, summary.areas]))
"""


def figures() -> Iterator[Figure]:
    files = [OPEN_DATA / name for name in SCOTLAND]
    if all(path.is_file() for path in files):
        seconds, memory, areas = best_import(files)
        name = f"Import all Scotland, {areas:,} areas"
        yield Figure(name, seconds, "s", LIMIT, SCOTLAND_LIMIT_S)
        yield Figure(f"{name}: most memory", memory, "GB", LIMIT, SCOTLAND_LIMIT_GB)
    else:
        absent = f"not measured: the published files are not at {OPEN_DATA}"
        yield Figure("Import all Scotland", None, "s", LIMIT, SCOTLAND_LIMIT_S, note=absent)
    yield demonstration()


def demonstration() -> Figure:
    """Import the demonstration's files, which are written beforehand."""
    from prioritisation.ingest.demonstration import write_demonstration

    with tempfile.TemporaryDirectory() as name:
        write_demonstration(Path(name))
        seconds, _, areas = best_import([Path(name)])
    return Figure(f"Import the demonstration, {areas:,} areas", seconds, "s", LIMIT, DEMONSTRATION_LIMIT_S)


def best_import(files: list[Path]) -> tuple[float, float, int]:
    """Return the shortest time, the most memory and the number of areas of a few imports into empty folders."""
    runs = [one_import(files) for _ in range(RUNS)]
    return min(run[0] for run in runs), max(run[1] for run in runs), runs[0][2]


def one_import(files: list[Path]) -> tuple[float, float, int]:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", _IMPORT, folder, *map(str, files)]
        ended = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    seconds, memory, areas = json.loads(ended.stdout)
    return seconds, memory, areas
