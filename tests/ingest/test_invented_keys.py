"""What a trial of referral lists keeps of the invented people: keys that the secure side reads, for its owner only."""

from __future__ import annotations

import csv
import stat
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from prioritisation.cli import main
from prioritisation.contract import load_contract
from prioritisation.errors import UserError
from prioritisation.folder import TRACKED_DATA, DataFolder
from prioritisation.ingest.contacts.keying import AppKey, load_key
from prioritisation.ingest.contacts.present_keys import Expected, read_present_keys
from prioritisation.ingest.demonstration import write_demonstration
from prioritisation.ingest.invented_extracts import RELEASES, invent_people
from prioritisation.ingest.invented_import import KEY_ID, keyed_extracts, seeded_key
from prioritisation.ingest.invented_keys import Kept

CONTRACT = load_contract(TRACKED_DATA / "catalogue")
KEY = AppKey(seeded_key(3, "key of the product"))


def test_partners_send_most_of_the_keys_of_their_extracts(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    write_demonstration(tmp_path / "open", 20, 3)
    people = invent_people(tmp_path / "open", CONTRACT, 3, share=0.2)
    extracts = keyed_extracts(people, tmp_path / "keyed", RELEASES[1], tmp_path / "open" / "postcodes.csv", CONTRACT)
    kept = Kept.begun(tmp_path / "kept", DataFolder(tmp_path / "data"))
    kept.write(extracts, KEY)
    assert load_key({"PRIORITISATION_KEY_FILE": str(kept.app_key)}).id == KEY.id
    files = sorted(kept.partner_keys.iterdir())
    assert {stat.S_IMODE(path.stat().st_mode) for path in (*files, kept.app_key)} == {0o600}
    expected = Expected(CONTRACT, dict.fromkeys(CONTRACT.partners, frozenset({KEY_ID})), date.today())
    sent = read_present_keys(files, expected, KEY)
    known: set[tuple[str, str]] = set()
    for path in extracts:
        with path.open(newline="") as text:
            known |= {(row["partner"], row["person_key"]) for row in csv.DictReader(text)}
    named = {(partner, first) for partner, keys in sent.items() for first in keys.values()}
    assert named < known and len(named) > 0.8 * len(known)


def test_kept_people_lie_nowhere_that_others_look(tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "data")
    for place in (data.root / "kept", TRACKED_DATA / "kept", tmp_path):
        with pytest.raises(UserError):
            Kept.begun(place, data)
        assert place == tmp_path or not place.exists()
    Kept.begun(tmp_path / "kept", data)
    with pytest.raises(UserError, match="cannot be made"):
        Kept.begun(tmp_path / "kept", data)


def test_nobody_is_kept_who_was_not_asked_for(tmp_path: Path) -> None:
    words = ["demonstration", "--keep", str(tmp_path / "kept"), "--data", str(tmp_path / "data")]
    refused = CliRunner().invoke(main, words)
    assert refused.exit_code == 1 and "Add --people." in refused.output
    assert not (tmp_path / "kept").exists() and not (tmp_path / "data").exists()
