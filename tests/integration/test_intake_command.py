"""``consult import-responses``: a file and a map, as an operator types them."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.cli import main
from consult.db import make_engine
from consult.models import Answer, Response, ResponseImport, ResponseOrigin

SLUG = "bolder-healthier-city"
CSV = """\
ID,When,Mail,Answer,Scale
a,2026-11-05 10:00:00,ann@example.org,More trees,Tend to agree
b,2026-11-06 10:00:00,,Less noise,No view
c,2026-11-07 10:00:00,,,Cannot tell
"""
MAP = """\
columns:
  ID: response_id
  When: submitted
  Mail: contact
  D: {question: vision_say}
  Scale:
    question: vision_agree
    values: {No view: neither, Cannot tell: not answered}
language: ur
"""


class Bench:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            "CONSULT_DATA_DIR": str(folder / "data"),
            "CONSULT_SECRET_KEY": "a-long-enough-secret-for-a-test-0123456789",
        }
        self.write("answers.csv", CSV)
        self.write("map.yaml", MAP)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(main, list(arguments), env=self.environment)

    def bring_in(self, *more: str, slug: str = SLUG, file: str = "answers.csv") -> Result:
        path, where = str(self.folder / file), str(self.folder / "map.yaml")
        return self.run("import-responses", slug, path, "--map", where, *more)

    def count(self, table: type[object]) -> int:
        engine = make_engine(f"sqlite:///{self.folder / 'data' / 'consult.sqlite3'}")
        try:
            with Session(engine) as session:
                return session.scalar(select(func.count()).select_from(table)) or 0
        finally:
            engine.dispose()

    def answers(self) -> list[object]:
        engine = make_engine(f"sqlite:///{self.folder / 'data' / 'consult.sqlite3'}")
        try:
            with Session(engine) as session:
                wanted = (
                    select(Answer)
                    .join(ResponseOrigin, ResponseOrigin.response_id == Answer.response_id)
                    .order_by(ResponseOrigin.row, Answer.question_key)
                )
                return [(each.language, each.value) for each in session.scalars(wanted)]
        finally:
            engine.dispose()


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    for name in ("SECRET_KEY", "DATA_DIR", "DATABASE_URL", "LANGUAGES"):
        monkeypatch.delenv(f"CONSULT_{name}", raising=False)
    made = Bench(tmp_path)
    from consult.demo.setting_up import model_case
    from consult.document.writing import write_consultation

    made.write("model.yaml", write_consultation(model_case()))
    result = made.run("import-consultation", str(tmp_path / "model.yaml"))
    assert result.exit_code == 0, result.output
    return made


def test_a_file_comes_in_once(bench: Bench) -> None:
    result = bench.bring_in()
    assert result.exit_code == 0, result.output
    assert "rows 3, brought in 2, there already 0, left out 1" in result.output
    assert "row 4: no answer" in result.output
    assert bench.answers() == [
        ("ur", {"choice": "agree"}),
        ("ur", {"text": "More trees"}),
        ("ur", {"choice": "neither"}),
        ("ur", {"text": "Less noise"}),
    ]
    again = bench.bring_in()
    assert "brought in 0, there already 2, left out 1" in again.output
    assert bench.count(Response) == 2


def test_a_check_stores_nothing(bench: Bench) -> None:
    result = bench.bring_in("--check")
    assert "would be brought in 2" in result.output
    assert (bench.count(Response), bench.count(ResponseImport)) == (0, 0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("columns: [a, b", "not YAML"),
        ("language: en\n", "write under columns"),
        ("columns: {ID: response_id}\n", "no question"),
        ("columns: {Nothing: contact}\n", "no column 'Nothing'"),
        ("columns: {ID: banana}\n", "'banana'"),
        ("columns: {ID: {question: gone}}\n", "no question 'gone'"),
        ("columns: {ID: {question: life_stages, option: gone}}\n", "no option 'gone'"),
        ("columns: {ID: {question: who, values: {a: gone}}}\n", "no option 'gone'"),
        ("columns: {ID: {question: vision_say}}\nlanguage: xx\n", "language is 'xx'"),
        ("columns: {ID: {question: vision_say}}\nreceived: soon\n", "received is 'soon'"),
        ("columns: {ID: {question: vision_say}}\ncolour: red\n", "'colour' is not known"),
        ("columns: {ID: response_id, Mail: response_id, D: {question: vision_say}}\n", "twice"),
    ],
)
def test_a_map_that_cannot_be_used_is_explained_in_one_line(
    bench: Bench, text: str, words: str
) -> None:
    bench.write("map.yaml", text)
    result = bench.bring_in()
    assert result.exit_code == 2
    assert words in result.output
    assert result.output.count("\n") == 1
    assert bench.count(ResponseImport) == 0


def test_files_and_names_that_are_wrong_are_explained(bench: Bench) -> None:
    bench.write("bad.csv", 'ID,When,Mail,Answer,Scale\n1,"open\n')
    result = bench.bring_in(file="bad.csv")
    assert (result.exit_code, "quotes (line" in result.output) == (2, True)
    assert "There is no consultation 'nowhere'." in bench.bring_in(slug="nowhere").output
    assert "No such file" in bench.bring_in(file="gone.csv").output
    filler = "".join(f"x{number},,,t,\n" for number in range(20_010))
    bench.write("late.csv", f'{CSV}{filler}z,,,"open\n')
    assert bench.bring_in(file="late.csv").exit_code == 2
    assert (bench.count(Response), bench.count(ResponseImport)) == (0, 0)
