"""Weighting, and what it would change."""
