"""Whether a consultation is ready to open: checks that need no database and no web framework.

A document and some facts go in, findings come out. The words for them are in
:mod:`consult.forms.readiness_words`.
"""
