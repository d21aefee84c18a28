"""Text as people write it: cleaned, its language named, cut into units, made safe to quote.

Everything here works on one text, or on a list of texts, at a time. The original stays with
the caller: nothing changes an input, and every span counts characters of the text given.
"""
