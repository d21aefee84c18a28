"""What the product does, in verbs. No Flask: each takes a session and the time it is now.

A service flushes; its caller's :func:`consult.db.unit_of_work` commits.
"""
