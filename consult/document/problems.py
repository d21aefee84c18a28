"""What is wrong with a consultation file, in sentences for the officer who wrote it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend in a file."""

    line: int | None
    """Counted from 1; ``None`` where the file as a whole is meant."""
    column: int | None
    path: str
    """The field, such as ``questions.age.label``; empty where the file as a whole is meant."""
    message: str
    mend: str
    file: str = ""
    """The file it is in: the consultation's own or one of its translation files."""

    def __str__(self) -> str:
        """Return file, line, field, what is wrong and the mend, on one line."""
        where = self.file if self.line is None else f"{self.file}, line {self.line}"
        return ": ".join(part for part in (where, self.path, self.message) if part) + (
            f" {self.mend}"
        )


class ConsultationFileError(Exception):
    """A consultation file cannot be used; ``problems`` says all that is known to be wrong."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        """Return one line per problem."""
        return "\n".join(str(problem) for problem in self.problems)


def shown(text: str, longest: int = 60) -> str:
    """Return a text fit for a message: on one line, printable, shortened."""
    line = "".join(c if c.isprintable() else " " for c in text[: longest * 4])
    line = " ".join(line.split())
    return line if len(line) <= longest else f"{line[: longest - 3].rstrip()}..."
