"""People's judgements: the review queue, blind coding, how far two agree."""
