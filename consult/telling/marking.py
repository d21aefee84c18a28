"""Marks messages for the catalogues where they are written apart from where they are shown."""


def N_(message: str) -> str:  # noqa: N802 - the name that catalogues of messages know
    """Return the message; whoever shows it has it translated."""
    return message
