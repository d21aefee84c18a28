"""Who is counted, from files: populations, respondents, and what belongs to what."""
