"""Words and quotes for themes."""
