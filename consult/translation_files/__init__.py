"""Files that translators work in: PO catalogues and spreadsheets, out and back.

Texts and words in, bytes out; bytes in, texts out. Nothing here knows a page or a database,
and nothing that is read is taken for true: :mod:`consult.services.translating_imports` compares
it with what the consultation says.
"""
