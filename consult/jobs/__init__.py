"""Long work beside the pages: the kinds there are, and how a worker runs them.

``docs/jobs.md`` says how to write a kind of work.
"""
