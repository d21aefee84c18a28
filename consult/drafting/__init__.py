"""An uploaded draft, cut into sections by its headings.

Bytes in, frozen results out: no web framework, no database, nothing written to disk.
:func:`consult.drafting.reading.read_draft` is the door. Behind it a Word file
(:mod:`~consult.drafting.word`) or a text (:mod:`~consult.drafting.plain_text`) becomes a list of
blocks (:mod:`~consult.drafting.blocks`), which is cut (:mod:`~consult.drafting.sections`) and
written as Markdown (:mod:`~consult.drafting.writing`).

A Word file is read by our own walk through its XML. The libraries that were tried leave words out
without a trace (fields, right-to-left overrides, changed paragraph marks), show hidden text, and
read a hostile file whole before they look at it.
"""
