"""Questions: how each kind is asked and answered."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from consult.document.fields import Key, Misfit, Strict, Text


class QuestionKind(StrEnum):
    """How a question is answered."""

    AGREE_SCALE = "agree_scale"
    SINGLE_CHOICE = "single_choice"
    SEVERAL_CHOICES = "several_choices"
    RANKING = "ranking"
    NUMBER = "number"
    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    WARD = "ward"


class Part(StrEnum):
    """Where in the resident's way a question stands."""

    WHO = "who"
    DRAFT = "draft"
    MONITORING = "monitoring"


class Sensitivity(StrEnum):
    """How much harm an answer could do if it were seen by the wrong person."""

    NONE = "none"
    PERSONAL = "personal"
    SPECIAL = "special"
    """Special category data of Article 9 UK GDPR."""


AGREE_SCALE = (
    "strongly_agree",
    "agree",
    "neither",
    "disagree",
    "strongly_disagree",
    "dont_know",
)
"""The fixed answers of an ``agree_scale`` question; the product words and translates them."""

PREFER_NOT_TO_SAY = "prefer_not_to_say"
"""The option that every monitoring question offers; the product words and translates it."""

OUTSIDE_AREA = "outside_area"
"""The answer "I do not live in any of these" of a ``ward`` question; worded by the product."""

CHOICE_KINDS = frozenset(
    {QuestionKind.SINGLE_CHOICE, QuestionKind.SEVERAL_CHOICES, QuestionKind.RANKING}
)
TEXT_KINDS = frozenset({QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT})
_KINDS_OF_FIELD = {
    "choose_at_most": frozenset({QuestionKind.SEVERAL_CHOICES}),
    "rank_at_most": frozenset({QuestionKind.RANKING}),
    "minimum": frozenset({QuestionKind.NUMBER}),
    "maximum": frozenset({QuestionKind.NUMBER}),
    "unit": frozenset({QuestionKind.NUMBER}),
    "max_length": TEXT_KINDS,
}


class Option(Strict):
    """One answer to choose."""

    key: Key
    label: Text
    hint: Text | None = None
    other: bool = False
    """Whether choosing it opens a field "please say"."""
    exclusive: bool = False
    """Whether it excludes all others, such as "none of these"."""
    category: str | None = Field(default=None, max_length=120)
    """The reference population's category; the option's key where nothing is given."""


class Condition(Strict):
    """One requirement on an earlier answer."""

    question: Key
    any_of: tuple[str, ...] = ()
    """Met if at least one of these options was chosen."""
    none_of: tuple[str, ...] = ()
    """Met if none of these options was chosen (no answer counts as none)."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if bool(self.any_of) == bool(self.none_of):
            raise Misfit(
                "it says nothing, or two things at once",
                mend="give either any_of or none_of, with at least one option",
            )
        return self


class Question(Strict):
    """One question, as it is asked now."""

    key: Key
    part: Part
    kind: QuestionKind
    label: Text
    help: Text | None = None
    section: Key | None = None
    """The section of the draft that the question is about."""
    required: bool = False
    sensitivity: Sensitivity = Sensitivity.NONE
    options: tuple[Option, ...] = ()
    choose_at_most: int | None = Field(default=None, ge=1)
    """The largest number of options of a ``several_choices`` question."""
    rank_at_most: int | None = Field(default=None, ge=1)
    """How many places a ``ranking`` question asks for; all where nothing is given."""
    minimum: int | None = None
    maximum: int | None = None
    unit: Text | None = None
    """What a ``number`` counts, such as "years"."""
    max_length: int | None = Field(default=None, ge=1, le=20_000)
    """The longest text, in characters as a person counts them."""
    show_if: tuple[Condition, ...] = ()
    """All must be met for the question to be asked."""
    dimension: Key | None = None
    """The dimension of the reference population that the answers are compared with."""
    version: int = Field(default=1, ge=1)

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if self.kind in CHOICE_KINDS and len(self.options) < 2:
            raise Misfit(
                f"a {self.kind} question needs at least two options",
                "options",
                mend="write them under options, each with a key and a label",
            )
        if self.kind not in CHOICE_KINDS and self.options:
            raise Misfit(
                f"a {self.kind} question takes no options of its own",
                "options",
                mend="remove options, or change the kind",
            )
        if self.kind is QuestionKind.SEVERAL_CHOICES and sum(o.other for o in self.options) > 1:
            raise Misfit(
                "only one option of several_choices can ask for words of one's own",
                "options",
                mend="keep other: true at one option",
            )
        for name, kinds in _KINDS_OF_FIELD.items():
            if getattr(self, name) is not None and self.kind not in kinds:
                raise Misfit(
                    f"{name} goes with {' and '.join(sorted(kinds))} only",
                    name,
                    mend=f"remove {name}, or change the kind",
                )
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise Misfit(
                "minimum is larger than maximum", "minimum", mend="exchange them or correct one"
            )
        if self.part is Part.MONITORING and self.required:
            raise Misfit(
                "a monitoring question can always be skipped", "required", mend="remove required"
            )
        if self.kind is QuestionKind.RANKING:
            for i, option in enumerate(self.options):
                if option.other or option.exclusive:
                    raise Misfit(
                        "the options of a ranking can be neither other nor exclusive",
                        "options",
                        i,
                        "other" if option.other else "exclusive",
                        mend="remove it, or change the kind",
                    )
        return self

    @property
    def length_limit(self) -> int:
        """The longest text the question takes, in characters."""
        return self.max_length or (200 if self.kind is QuestionKind.SHORT_TEXT else 5_000)

    def option(self, key: str) -> Option | None:
        """Return the option of that key, if there is one."""
        return next((option for option in self.options if option.key == key), None)
