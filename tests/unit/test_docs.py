"""What the documents say exists, exists; and what exists is documented."""

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from consult.cli import main
from consult.config import PREFIX, Settings

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for setting in fields(Settings):
        assert f"`{PREFIX}{setting.name.upper()}`" in text
    for named in set(re.findall(rf"{PREFIX}[A-Z_]+", text)):
        assert named.removeprefix(PREFIX).lower() in {field.name for field in fields(Settings)}


def test_every_command_is_documented() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for name, command in main.commands.items():
        assert f"`consult {name}" in text
        for option in command.params:
            for flag in option.opts:
                if flag.startswith("--"):
                    assert flag in text, f"{name} {flag}"


def test_every_dependency_is_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").lower()
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    for requirement in wanted:
        name = re.split(r"[\[>=<; ]", requirement)[0].lower()
        assert name in text, name


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_to_files(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text(encoding="utf-8")):
        if not target.startswith(("http:", "https:", "mailto:")):
            assert (document.parent / target).exists(), target


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_paths_named_in_code_marks_exist(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for path in re.findall(
        r"`((?:consult|analysis|templates|static|tests|docs)/[a-z_][\w./-]*)`", text
    ):
        if "CODE" not in path:  # stands for any language's
            assert (ROOT / path).exists(), path
