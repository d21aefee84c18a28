"""Who has answered so far, who is missing, and what could be done about it."""
