"""A report in words: from figures to paper, in any of the languages."""
