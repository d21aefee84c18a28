"""Themes that stay who they are: ids, frozen frames, and the log of edits."""
