"""Addresses of pages whose builders are compiled once for all applications of the tests.

Werkzeug compiles two functions for every route of every application that is made, which is
nine tenths of making one; most tests make one.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]

_compiled: dict[tuple[Any, ...], Builder] = {}


class CompiledOnce(Rule):
    """A route that takes the functions another application's equal route was given."""

    def _compile_builder(self, append_unknown: bool = True) -> Builder:
        if self.defaults:  # they are put into the function, through this application's converters
            return super()._compile_builder(append_unknown)
        key = (*self._trace, append_unknown)
        if key not in _compiled:
            _compiled[key] = super()._compile_builder(append_unknown)
        return _compiled[key]


Flask.url_rule_class = CompiledOnce
