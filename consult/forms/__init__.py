"""Forms and the words of their faults, translated when they are shown."""
