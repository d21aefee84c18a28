"""The one error a person meets."""


class InputError(Exception):
    """Something in the input or the machine's state that a person can put right.

    Its message is one clear line; commands print it and exit with 2.
    """
