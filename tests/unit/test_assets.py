"""Addresses of built files, and where the files of the web pages lie."""

import json
import os

import pytest

from consult import folders
from consult.assets import Assets, AssetsNotBuilt


def write_manifest(static, files):
    built = static / "built"
    built.mkdir(exist_ok=True)
    manifest = built / "manifest.json"
    manifest.write_text(json.dumps(files), encoding="utf-8")
    return manifest


def test_a_plain_name_gives_the_hashed_path(tmp_path):
    write_manifest(tmp_path, {"app.css": "app.3f2a1b.css"})

    assert Assets(tmp_path).path("app.css") == "built/app.3f2a1b.css"


def test_a_missing_build_is_explained_with_its_mend(tmp_path):
    with pytest.raises(AssetsNotBuilt, match="make setup"):
        Assets(tmp_path).path("app.css")


def test_an_unknown_name_is_explained_with_the_known_ones(tmp_path):
    write_manifest(tmp_path, {"app.css": "app.3f2a1b.css"})

    with pytest.raises(AssetsNotBuilt, match=r"no file 'officer\.js', only app\.css"):
        Assets(tmp_path).path("officer.js")


def test_a_new_build_is_noticed(tmp_path):
    manifest = write_manifest(tmp_path, {"app.css": "app.old.css"})
    files = Assets(tmp_path)
    files.path("app.css")

    write_manifest(tmp_path, {"app.css": "app.new.css"})
    later = manifest.stat().st_mtime_ns + 1_000_000_000
    os.utime(manifest, ns=(later, later))

    assert files.path("app.css") == "built/app.new.css"


@pytest.mark.parametrize("name", ["templates", "static", "translations"])
def test_folders_are_the_checkouts_until_the_package_has_its_own(tmp_path, monkeypatch, name):
    package = tmp_path / "consult"
    package.mkdir()
    monkeypatch.setattr(folders, "PACKAGE", package)
    folder = getattr(folders, f"{name}_folder")
    assert folder() == tmp_path / name

    (package / "web" / name).mkdir(parents=True)

    assert folder() == package / "web" / name
