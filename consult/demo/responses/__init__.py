"""Invented responses to the model consultation, in eight languages.

They serve the demo, and measurements of how well answers are sorted into themes across
languages. Nobody gave them: they must never be shown as what residents said.

``texts/<language>.yaml`` holds the hand-written answers, each with the themes that a reader
would see in it. :mod:`~consult.demo.responses.people` draws who answers,
:mod:`~consult.demo.responses.writing` what they write, and
:mod:`~consult.demo.responses.generate` joins both into valid answers.
"""

from consult.demo.responses.generate import IllustrativeResponse, illustrative_responses

__all__ = ["IllustrativeResponse", "illustrative_responses"]
