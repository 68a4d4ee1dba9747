"""The command `prioritisation referrals`: what it refuses, what it writes, logs and remembers, and what it does not."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from secure_side import KEY_ID, PARTNERS, Secure, every_key, sent_keys

from prioritisation.ingest.contacts import last_lists
from prioritisation.ingest.contacts.importing import purge
from prioritisation.pack import receiver
from prioritisation.pack.building import zipped
from prioritisation.referrals import making
from prioritisation.referrals.asking import LONGEST_DAYS
from prioritisation.workspace import audit, open_workspace
from prioritisation.workspace.audit import AuditRow, parameters_of

HEADER = "partner,key_kind,key_id,person_key\n"


def logged(secure: Secure) -> list[AuditRow]:
    workspace = open_workspace(secure.data)
    try:
        return [row for row in audit.entries(workspace) if row.action == making.MADE]
    finally:
        workspace.close()


def refused(secure: Secure, said: str, out: str = "list", **asked: str) -> None:
    """The command refuses in three parts, writes nothing, logs nothing and tells no key."""
    result = secure.ask(out, **asked)
    assert result.exit_code == 1, result.output
    assert said in result.output
    assert "Not done: No list was made." in result.output and "What to do:" in result.output
    assert not [key for key in every_key(secure) if key[:12] in result.output]
    assert not (secure.root / "list").exists() and not list(secure.root.glob(".list*"))
    assert logged(secure) == []
    assert not (secure.restricted.root / last_lists.FILE_NAME).exists()


def resigned(secure: Secure, **changes: object) -> None:
    """Write the pack anew with another manifest, signed by its own key: what its owner could make."""
    from prioritisation.pack.signing import signer_of

    with zipfile.ZipFile(secure.pack) as pack:
        files = {name: pack.read(name) for name in pack.namelist()}
    manifest = json.loads(files[receiver.MANIFEST]) | changes
    files[receiver.MANIFEST] = json.dumps(manifest).encode()
    files[receiver.SIGNATURE] = signer_of(secure.root / "signing-key.pem").sign(files[receiver.MANIFEST])
    rest = {name: content for name, content in files.items() if name != receiver.CHECKSUMS}
    secure.pack.write_bytes(zipped({**rest, receiver.CHECKSUMS: receiver.checksums(rest)}, datetime(2026, 7, 1)))


def test_a_list_from_a_signed_pack(secure: Secure) -> None:
    result = secure.ask()
    assert result.exit_code == 0, result.output
    folder = secure.root / "list"
    names = {f"{partner}-{what}" for partner in PARTNERS for what in ("referrals.csv", "cover.txt")}
    assert {path.name for path in folder.iterdir()} == names | {"about-this-list.txt"}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    everybody = set()
    for partner in PARTNERS:
        keys = {row["key"] for row in secure.table(partner)}
        assert keys and keys <= sent_keys(secure, partner)
        everybody |= keys
    assert len(everybody) == 15  # all who are known to three partners have the linker's one key
    assert all(int(row["partners_in_contact"]) >= 3 for partner in PARTNERS for row in secure.table(partner))
    text = (folder / "police-cover.txt").read_text()
    for words in ("Demonstration data", "Winter outreach", "Team lead, INT (not verified)", "nobody is marked as new"):
        assert words in " ".join(text.split())


def test_only_residents_of_the_shortlist_unless_the_whole_council_is_asked_for(secure: Secure) -> None:
    assert secure.ask("near", capacity="500").exit_code == 0
    assert secure.ask("far", "--whole-council", capacity="500").exit_code == 0
    near, far = ({row["key"] for row in secure.table("nhs", name)} for name in ("near", "far"))
    assert near < far
    assert "or have no fixed abode or a protected address" in (secure.root / "far" / "nhs-cover.txt").read_text()


def test_the_log_says_what_was_asked_for_and_no_key(secure: Secure) -> None:
    assert secure.ask(expires=f"{date.today() + timedelta(days=30)}").exit_code == 0
    (row,) = logged(secure)
    assert row.who == "Team lead, INT (not verified)"
    said = parameters_of(row)
    assert (said["purpose"], said["cohort"], said["capacity"]) == ("Winter outreach", "partners-3", 15)
    assert said["expires"] == f"{date.today() + timedelta(days=30)}"
    assert (said["people_of"], said["signed_by"]) == ("shortlisted areas", secure.signed_by)
    assert row.about == json.loads(zipfile.ZipFile(secure.pack).read("manifest.json"))["decision"]["id"]
    assert secure.run("audit", "verify").exit_code == 0


def test_no_key_stays_anywhere_but_in_the_list(secure: Secure) -> None:
    result = secure.ask()
    keys = every_key(secure)
    assert not [key for key in keys if key[:12] in result.output]
    places = [
        path for place in (secure.data.root, secure.restricted.root) for path in place.rglob("*") if path.is_file()
    ]
    for path in places:
        content = path.read_bytes()
        assert not [key for key in keys if key.encode() in content or bytes.fromhex(key) in content], path.name
    for path in (secure.root / "list").glob("*.txt"):
        assert not [key for key in keys if key[:12] in path.read_text()]


def test_a_second_run_shows_who_is_new_until_the_list_expires(secure: Secure) -> None:
    soon = f"{date.today() + timedelta(days=10)}"
    assert secure.ask("first", capacity="10", expires=soon).exit_code == 0
    assert {row["new_since_last_list"] for row in secure.table("nhs", "first")} == {""}
    assert secure.ask("second", capacity="20", expires=soon).exit_code == 0
    new = set()
    for partner in PARTNERS:
        before = {row["key"] for row in secure.table(partner, "first")}
        for row in secure.table(partner, "second"):
            assert row["new_since_last_list"] == ("no" if row["key"] in before else "yes")
            new |= {row["key"]} - before
    assert len(new) == 10
    assert "not on your list of" in (secure.root / "second" / "nhs-cover.txt").read_text()
    assert secure.ask("other", organisation="Another team").exit_code == 0
    assert {row["new_since_last_list"] for row in secure.table("nhs", "other")} == {""}
    file = secure.restricted.root / last_lists.FILE_NAME
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(json.loads(file.read_text())) == 2
    purge(secure.data, secure.restricted, date.today() + timedelta(days=11))
    assert list(json.loads(file.read_text())) == ["partners-3, shortlisted areas, another team"]
    assert secure.ask("third").exit_code == 0
    assert {row["new_since_last_list"] for row in secure.table("nhs", "third")} == {""}


def test_who_is_new_is_told_to_each_partner_of_its_own_list_alone(secure: Secure) -> None:
    """A partner that comes later has people whom the others had before: to it they are new."""
    assert secure.ask("first", partners=PARTNERS[:3]).exit_code == 0
    assert secure.ask("second", partners=PARTNERS).exit_code == 0
    assert {row["new_since_last_list"] for row in secure.table(PARTNERS[3], "second")} == {"yes"}
    assert "no" in {row["new_since_last_list"] for row in secure.table(PARTNERS[0], "second")}


def test_an_unsigned_pack_is_refused(secure: Secure) -> None:
    with zipfile.ZipFile(secure.pack) as pack:
        files = {name: pack.read(name) for name in pack.namelist() if name != receiver.SIGNATURE}
    manifest = json.loads(files[receiver.MANIFEST]) | {"signed_by": None}
    files[receiver.MANIFEST] = json.dumps(manifest).encode()
    rest = {name: content for name, content in files.items() if name != receiver.CHECKSUMS}
    whole = {**rest, receiver.CHECKSUMS: receiver.checksums(rest)}
    secure.pack.write_bytes(zipped(whole, datetime(2026, 7, 1)))
    refused(secure, "The pack is not signed")


def test_a_pack_signed_by_somebody_else_is_refused(secure: Secure, tmp_path: Path) -> None:
    from prioritisation.pack.signing import write_new_signing_key

    (secure.root / "signing-key.pem").unlink()
    other = write_new_signing_key(secure.root / "signing-key.pem")
    resigned(secure, signed_by=other.name)
    refused(secure, f"signed with the key {other.name}, not with the one asked for")
    assert secure.ask(signed_by=other.name).exit_code == 0


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("manifest.json", b'"expires": "20', b'"expires": "30'),
        ("cohorts.csv", b"partners_at_least", b"partners_at_most"),
        ("shortlist.csv", b"yes", b"no"),
        ("manifest.sig", b'"signature": "', b'"signature": "0'),
    ],
)
def test_a_tampered_pack_is_refused(secure: Secure, name: str, before: bytes, after: bytes) -> None:
    with zipfile.ZipFile(secure.pack) as pack:
        files = {each: pack.read(each) for each in pack.namelist() if each != receiver.CHECKSUMS}
    assert before in files[name]
    files[name] = files[name].replace(before, after, 1)
    secure.pack.write_bytes(zipped({**files, receiver.CHECKSUMS: receiver.checksums(files)}, datetime(2026, 7, 1)))
    refused(secure, "not whole")


def test_an_expired_a_superseded_and_an_unagreed_pack_are_refused(secure: Secure) -> None:
    resigned(secure, expires="2026-01-01")
    refused(secure, "The pack expired on 2026-01-01.")
    resigned(secure, expires="2030-01-01", state="superseded: another decision took its place")
    refused(secure, "superseded")
    resigned(secure, state="agreed", decision=None, audit_head="")
    refused(secure, "not whole")  # its list names agreed places that the manifest does not


def test_a_pack_superseded_since_is_refused(secure: Secure) -> None:
    from prioritisation.referrals.demonstration import write_signed_pack

    (secure.root / "later").mkdir()
    write_signed_pack(secure.data, secure.root / "later", 5)
    refused(secure, "superseded since")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"cohort": "everybody"}, "defines no cohort 'everybody'"),
        ({"capacity": "0"}, "capacity"),
        ({"capacity": "100000"}, "capacity"),
        ({"purpose": " "}, "purpose"),
        ({"purpose": "About 943 476 5919"}, "looks like an NHS number"),
        ({"purpose": "a" * 64}, "looks like a person's key"),
        ({"role": ""}, "Missing option"),
        ({"expires": "2020-01-01"}, "expiry"),
        ({"expires": f"{date.today() + timedelta(days=LONGEST_DAYS + 2)}"}, "expiry"),
        ({"signed_by": ""}, "not said which key"),
    ],
)
def test_what_was_asked_for_must_be_usable(secure: Secure, asked: dict[str, str], said: str) -> None:
    if said == "Missing option":
        assert secure.ask(**asked).exit_code == 2
        return
    refused(secure, said, **asked)


def test_a_list_never_lies_where_others_look(secure: Secure) -> None:
    for place in (secure.data.root / "list", secure.restricted.root / "list", Path(__file__).parent / "list"):
        refused(secure, "A list must not lie in", out=str(place))
        assert not place.exists()
    refused(secure, "is there already", out=str(secure.root))
    refused(secure, "cannot be written", out=str(secure.root / "no" / "list"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("partner,key_kind,key_id,person_key,name\n", "columns are not those"),
        (HEADER, "there is no key in it"),
        (f"{HEADER}nhs,linked,{KEY_ID},9434765919\n", "column person_key, row 2"),
        (f"{HEADER}nhs,linked,{KEY_ID}\n", "row 2"),
        (f"{HEADER}bank,linked,{KEY_ID},{'a' * 64}\n", "column partner, row 2"),
        (f"{HEADER}fire,linked,{KEY_ID},{'a' * 64}\n", "no extract of fire"),
        (f"{HEADER}nhs,linked,other-key,{'a' * 64}\n", "another project key"),
        (f"{HEADER}nhs,linked,{KEY_ID},{'a' * 64}\nhscp,linked,{KEY_ID},{'b' * 64}\n", "more than one"),
        ('partner,key_kind,key_id,person_key\n"nhs', "no CSV file"),
        ("\udcff", "no CSV file"),
    ],
)  # fmt: skip
def test_a_bad_file_of_keys_is_refused_without_its_cells(secure: Secure, content: str, said: str) -> None:
    (secure.root / "keys" / "nhs.csv").write_bytes(content.encode(errors="surrogateescape"))
    refused(secure, said)
    assert "9434765919" not in secure.ask().output


def test_an_absent_file_and_a_name_that_tells_are_refused(secure: Secure) -> None:
    (secure.root / "keys" / "nhs.csv").rename(secure.root / "keys" / "9434765919.csv")
    refused(secure, "cannot be read")
    result = secure.ask(partners=("9434765919",))
    assert "file 1 of those named" in result.output and "943" not in result.output.replace(str(secure.root), "")


def test_people_past_retention_are_never_listed(secure: Secure, monkeypatch: pytest.MonkeyPatch) -> None:
    extracts = making.read_extracts

    def late(path: Path) -> list[object]:
        from dataclasses import replace

        return [replace(each, retain_until=date(2020, 1, 1)) for each in extracts(path)]

    monkeypatch.setattr(making, "read_extracts", late)
    refused(secure, "past their retention date")


def test_another_key_of_ours_or_a_lost_store_is_refused(secure: Secure) -> None:
    own = (secure.root / "app.key").read_text()
    (secure.root / "app.key").write_text(bytes(range(32)).hex())
    refused(secure, "keyed with another key")
    (secure.root / "app.key").write_text(own)
    for path in secure.restricted.root.glob("people-*"):
        path.unlink()
    refused(secure, "is not in")


def test_a_failure_on_the_way_leaves_no_list(secure: Secure, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making, "remember", fails)
    assert secure.ask().exit_code == 1
    assert not (secure.root / "list").exists() and not list(secure.root.glob(".list*"))


def test_the_files_of_partners_that_sent_nothing_are_not_made(secure: Secure) -> None:
    assert secure.ask(partners=("nhs",)).exit_code == 0
    assert {path.name for path in (secure.root / "list").iterdir()} == {
        "nhs-referrals.csv",
        "nhs-cover.txt",
        "about-this-list.txt",
    }
    assert len(secure.table("nhs")) == 15  # the team's places go to people whom somebody can name


def test_a_zip_that_is_no_pack_is_refused(secure: Secure) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("manifest.json", b"0" * 60_000_000)
    link = io.BytesIO()
    with zipfile.ZipFile(link, "w") as made:
        entry = zipfile.ZipInfo("manifest.json")
        entry.external_attr = 0o120777 << 16
        made.writestr(entry, "/etc/passwd")
    for content, said in ((bomb, "unpack to far more"), (link, "holds a link"), (io.BytesIO(b"x"), "is not a zip")):
        secure.pack.write_bytes(content.getvalue())
        refused(secure, said)
