"""Words of any language inside a sentence of another."""


def isolated(text: object) -> str:
    """A text between signs that keep its direction of writing from turning its neighbours."""
    return f"\u2068{text}\u2069"
