"""Forms in which officers write a consultation: what was typed, what it comes to, its faults."""
