"""Single responses as staff read them: redactions, quotes, translations, decisions."""
