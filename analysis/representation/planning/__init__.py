"""Whom to ask, where, and how many."""
