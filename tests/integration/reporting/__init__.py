"""Reports: what officers write for them, and the versions that are made."""
