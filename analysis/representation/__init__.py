"""Who is missing: respondents against the population, while there is still time to ask more."""
