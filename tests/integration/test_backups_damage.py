"""Files that are no backup, or not as they were written: nothing is touched."""

import hashlib
import json
import tarfile
from collections.abc import Callable, Iterable

import pytest
import sqlalchemy as sa

from consult.backups import BackupError, loading, rehearse, restore
from consult.backups.schema import Table
from consult.backups.tables import load
from tests.support.backups import (  # noqa: F401
    LATER,
    SECRET,
    installing,
    names_in,
    place_to_restore_to,
    refusing,
    repacked,
    saved_place,
)

Change = Callable[[dict[str, bytes]], None]


def test_what_is_no_backup(there, tmp_path):
    (tmp_path / "words").write_text("words")
    (tmp_path / "nothing").write_bytes(b"")
    with tarfile.open(tmp_path / "other.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "words", "words")
    for name in ("words", "nothing", "other.tar.gz"):
        with refusing(there, f"{name} is not a backup"):
            restore(tmp_path / name, there.place, now=LATER)
    with refusing(there, "missing: there is no such file"):
        restore(tmp_path / "missing", there.place, now=LATER)
    with pytest.raises(BackupError, match="Is a directory"):
        restore(there.folder, there.place, now=LATER)


def test_the_two_files_taken_for_each_other(install, there, tmp_path):
    here = install("sqlite", "here", migrated=True, secret=None)
    here.write("secret.key", SECRET)
    here.back_up(tmp_path / "saved")
    with refusing(there, r"saved\.keys holds the keys of a backup\. Name the backup itself"):
        restore(tmp_path / "saved.keys", there.place, now=LATER)
    with refusing(there, "saved is a backup. Name the file with its keys"):
        restore(tmp_path / "saved", there.place, now=LATER, keys=tmp_path / "saved")


def test_a_backup_that_is_cut_off_anywhere(here, there, tmp_path):
    whole = (tmp_path / "saved").read_bytes()
    cut = tmp_path / "cut"
    for length in (1, 5, 20, len(whole) // 3, len(whole) // 2, len(whole) - 9, len(whole) - 1):
        cut.write_bytes(whole[:length])
        with refusing(there, "cut is (cut off|damaged|not a backup)"):
            restore(cut, there.place, now=LATER, replace=True)
    cut.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BackupError, match=r"cut is cut off: its end is missing\. Use another copy"):
        rehearse(cut, now=LATER)


def test_a_backup_in_which_a_byte_is_wrong(here, tmp_path):
    whole = (tmp_path / "saved").read_bytes()
    wrong = tmp_path / "wrong"
    for place in range(30, len(whole), len(whole) // 23):
        wrong.write_bytes(whole[:place] + bytes([whole[place] ^ 0x20]) + whole[place + 1 :])
        with pytest.raises(BackupError, match=r"wrong is (damaged|cut off|not a backup)") as caught:
            rehearse(wrong, now=LATER)
        assert "\n" not in str(caught.value)


def row_changed(members: dict[str, bytes]) -> None:
    members["tables/postcode_area.jsonl"] = b'["B22BB","E2"]\n'


def file_changed(members: dict[str, bytes]) -> None:
    members["files/logo.png"] = b"another logo"


def row_added(members: dict[str, bytes]) -> None:
    members["tables/postcode_area.jsonl"] += b'["B22BB","E2"]\n'


def told_of_more_rows(members: dict[str, bytes]) -> None:
    manifest = json.loads(members["manifest.json"])
    manifest["tables"]["postcode_area"]["rows"] = 2
    members["manifest.json"] = json.dumps(manifest).encode()


def table_missing(members: dict[str, bytes]) -> None:
    del members["tables/postcode_area.jsonl"]


def file_too_much(members: dict[str, bytes]) -> None:
    members["files/other"] = b"not named"


def manifest_missing(members: dict[str, bytes]) -> None:
    del members["manifest.json"]


def manifest_no_json(members: dict[str, bytes]) -> None:
    members["manifest.json"] = b"{"


def manifest_says_more(members: dict[str, bytes]) -> None:
    manifest = json.loads(members["manifest.json"])
    members["manifest.json"] = json.dumps({**manifest, "more": 1}).encode()


def newer_format(members: dict[str, bytes]) -> None:
    members["FORMAT"] = b"consult-backup/2\n"


def newer_schema(members: dict[str, bytes]) -> None:
    manifest = json.loads(members["manifest.json"])
    manifest |= {"revision": "9999", "product_version": "7.0"}
    members["manifest.json"] = json.dumps(manifest).encode()


def other_columns(members: dict[str, bytes]) -> None:
    manifest = json.loads(members["manifest.json"])
    manifest["tables"]["postcode_area"]["columns"]["more"] = "text"
    members["manifest.json"] = json.dumps(manifest).encode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (row_changed, r"damaged: tables/postcode_area\.jsonl is not as it was written"),
        (file_changed, r"damaged: files/logo\.png is not as it was written"),
        (row_added, r"damaged: tables/postcode_area\.jsonl is not as it was written"),
        (told_of_more_rows, r"postcode_area\.jsonl has 1 rows, and its manifest says 2"),
        (table_missing, r"damaged: tables/postcode_area\.jsonl is missing"),
        (file_too_much, "its manifest does not name files/other"),
        (manifest_missing, "its end with the manifest is missing"),
        (manifest_no_json, "its manifest cannot be read"),
        (manifest_says_more, "its manifest cannot be read"),
        (newer_format, r"a backup of a newer format \(consult-backup/2\)"),
        (newer_schema, r"version 7\.0 of Consult, whose schema 9999 this version does not know"),
        (other_columns, "other tables than this version makes at revision"),
    ],
)
def test_everything_is_compared_before_anything_is_touched(here, there, tmp_path, change, words):
    changed = repacked(tmp_path / "saved", change)
    with refusing(there, words):
        restore(changed, there.place, now=LATER, replace=True)
    assert names_in(tmp_path) == ["changed-saved", "here", "saved", "there"]


def consistent(changes: dict[str, bytes]) -> Change:
    """A change of members that the manifest is told of, as a forger would."""

    def change(members: dict[str, bytes]) -> None:
        manifest = json.loads(members["manifest.json"])
        for name, content in changes.items():
            members[name] = content
            digest = hashlib.sha256(content).hexdigest()
            kind, _, rest = name.partition("/")
            if kind == "tables":
                entry = manifest["tables"][rest.removesuffix(".jsonl")]
                entry |= {"rows": content.count(b"\n"), "sha256": digest}
            else:
                manifest["files"][rest] = {"size": len(content), "sha256": digest}
        del members["manifest.json"]  # it comes last
        members["manifest.json"] = json.dumps(manifest).encode()

    return change


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("files/../outside", "holds something that no backup holds"),
        ("files/a/../../../outside", "holds something that no backup holds"),
        ("/outside", "holds something that no backup holds"),
        ("files//double", "holds something that no backup holds"),
        ("files/back\\slash", "holds something that no backup holds"),
        ("files/secret.key", "a file secret.key, which no backup holds"),
        ("files/keys/one", "a file keys/one, which no backup holds"),
        ("files/consult.sqlite3", "a file consult.sqlite3, which no backup holds"),
        ("files/consult.sqlite3-wal", "a file consult.sqlite3-wal, which no backup holds"),
        ("files/.restore/plan.json", r"a file \.restore/plan\.json, which no backup holds"),
    ],
)
def test_no_file_leads_outside_or_over_the_database_and_the_keys(
    here, there, tmp_path, name, words
):
    forged = repacked(tmp_path / "saved", consistent({name: b"evil"}))
    with refusing(there, words):
        restore(forged, there.place, now=LATER, replace=True)
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE]
)
def test_links_and_devices_are_refused(here, there, tmp_path, kind):
    with tarfile.open(tmp_path / "saved") as old, tarfile.open(tmp_path / "evil", "w:gz") as new:
        for member in old:
            new.addfile(member, old.extractfile(member))
        odd = tarfile.TarInfo("files/odd")
        odd.type, odd.linkname = kind, "/etc/passwd"
        new.addfile(odd)
    with refusing(there, "holds something that no backup holds"):
        restore(tmp_path / "evil", there.place, now=LATER, replace=True)


def test_a_name_that_occurs_twice_is_refused(here, there, tmp_path):
    with tarfile.open(tmp_path / "saved") as old, tarfile.open(tmp_path / "evil", "w:gz") as new:
        for member in old:
            for _ in range(2 if member.name == "files/logo.png" else 1):
                new.addfile(member, old.extractfile(member))
    with refusing(there, "holds something that no backup holds"):
        restore(tmp_path / "evil", there.place, now=LATER, replace=True)


@pytest.mark.parametrize(
    ("table", "line", "words"),
    [
        ("postcode_area", b'["B22BB"]\n', "line 1 of its table postcode_area is no row"),
        ("postcode_area", b'["B22BB",2]\n', "line 1 of its table postcode_area is no row"),
        ("postcode_area", b"words\n", "line 1 of its table postcode_area is no row"),
        ("code_guess", b'["2026-03-10T12:00:00",1]\n', "line 1 of its table code_guess is no row"),
        ("code_guess", b'["2026-03-10T12:00:00+00:00",true]\n', "table code_guess is no row"),
        ("code_guess", b'["2026-03-10T12:00:00+00:00",-1]\n', "The database cannot be used: "),
        ("postcode_area", b'["B1","E1"]\n["B1","E1"]\n', "The database cannot be used: "),
        ("consultation", b"", "points to a row of|violates foreign key"),
    ],
)
def test_rows_that_do_not_fit_change_nothing(install, here, there, tmp_path, table, line, words):
    forged = repacked(tmp_path / "saved", consistent({f"tables/{table}.jsonl": line}))
    with refusing(there, words):
        restore(forged, there.place, now=LATER, replace=True)


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("table", "line", "words"),
    [
        ("code_guess", b'["2026-03-10T12:00:00+00:00",-1]\n', "ck_code_guess_count_not_negative"),
        ("consultation", b"", "violates foreign key"),
        ("postcode_area", b'["B\\u0000","E1"]\n', "The database cannot be used: "),
    ],
)
@pytest.mark.usefixtures("here")
def test_rows_that_postgresql_does_not_take_change_nothing(install, tmp_path, table, line, words):
    there = install("postgresql", "there", migrated=True)
    there.execute("INSERT INTO postcode_area VALUES ('B11BB', 'E1')")
    forged = repacked(tmp_path / "saved", consistent({f"tables/{table}.jsonl": line}))
    with refusing(there, words):
        restore(forged, there.place, now=LATER, replace=True)
    assert names_in(tmp_path) == ["changed-saved", "here", "saved", "there"]


@pytest.mark.usefixtures("here")
def test_a_row_that_is_lost_on_the_way_is_missed(there, tmp_path, monkeypatch):
    def lose(connection: sa.Connection, table: Table, lines: Iterable[bytes]) -> None:
        if table.name != "translation":
            load(connection, table, lines)

    monkeypatch.setattr(loading, "load", lose)
    with refusing(there, "The table translation does not read back as it was saved"):
        restore(tmp_path / "saved", there.place, now=LATER, replace=True)


def test_a_key_file_that_holds_more_than_keys(install, there, tmp_path):
    here = install("sqlite", "here", migrated=True, secret=None)
    here.write("secret.key", SECRET)
    here.back_up(tmp_path / "saved")

    def big(members: dict[str, bytes]) -> None:
        members["secret.key"] = b"x" * 1_000_001

    with refusing(there, "damaged: it holds something that is no key"):
        restore(
            tmp_path / "saved",
            there.place,
            now=LATER,
            keys=repacked(tmp_path / "saved.keys", big),
        )

    def database(members: dict[str, bytes]) -> None:
        manifest = json.loads(members["manifest.json"])
        manifest["keys"] = {"consult.sqlite3": manifest["keys"]["secret.key"]}
        members["manifest.json"] = json.dumps(manifest).encode()

    def key(members: dict[str, bytes]) -> None:
        members["consult.sqlite3"] = members.pop("secret.key")

    with refusing(there, "its keys hold a file consult.sqlite3, which is no key"):
        restore(
            repacked(tmp_path / "saved", database),
            there.place,
            now=LATER,
            replace=True,
            keys=repacked(tmp_path / "saved.keys", key),
        )
