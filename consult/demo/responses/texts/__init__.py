"""The text banks, one YAML file for each language."""
