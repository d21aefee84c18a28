"""Assisted sessions: planned with partners, held on tablets without a network, sent exactly once.

What a tablet finishes is signed by its own key and sealed to the server's, so that neither the
tablet nor who carries a copy of it can read it back. Nothing here trusts a tablet's clock.
"""
