"""Findings in sentences and pictures, ready to be translated."""
