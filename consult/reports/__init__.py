"""Reports: what they hold, how they look on paper, and the files that they become.

:mod:`.data` is the figures, free of any language; :mod:`.paper` is the report in one language, free
of any file format; :mod:`.charts` draws; :mod:`.formats` writes files. What turns data into paper
is :mod:`consult.telling.report`.
"""
