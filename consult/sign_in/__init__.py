"""How staff sign in: Flask-Security, with our own pages, words and sessions."""

from flask import Flask

from consult.config import Settings


def init_app(app: Flask, settings: Settings) -> None:
    """Give an application its doors for staff."""
    from consult.sign_in import setting_up

    setting_up.init_app(app, settings)
