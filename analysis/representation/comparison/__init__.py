"""One look: each group against its share, and the whole."""
