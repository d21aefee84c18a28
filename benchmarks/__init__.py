"""Measurements of the running product; ``python -m benchmarks`` or ``make bench``."""
