"""The resident's way: read, answer, check, send, come back. One thing per page.

Every page works without JavaScript and without an account. The address carries the language.
"""

from flask import Flask

from consult.views.residents import (  # noqa: F401 - they add their routes
    answering,
    coming_back,
    device,
    front,
    reading,
    results,
    sending,
)
from consult.views.residents.current import blueprint


def init_app(app: Flask) -> None:
    """Add the residents' pages."""
    app.register_blueprint(blueprint)
    app.add_url_rule("/", "root", front.choose_language)
    app.add_url_rule("/c/<slug>", "choose_language", front.choose_consultation_language)
    app.add_url_rule("/preview/<code>", "preview", front.preview)
    app.add_url_rule("/schemas/report-1.schema.json", "report_schema", results.schema)
