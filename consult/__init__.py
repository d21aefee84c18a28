"""Consult: ask residents what they think of a draft strategy, and show what came of it."""

from flask import Flask

from consult.config import Settings


def create_app(settings: Settings) -> Flask:
    """Wire an application for these settings. Does nothing but wire."""
    from consult import assets, compression, db, folders, i18n, logs, security, sign_in
    from consult.reports.formats import blocks
    from consult.views import api, errors, health, look, residents, staff, tablet

    app = Flask(
        "consult",
        template_folder=str(folders.templates_folder()),
        static_folder=str(folders.static_folder()),
        static_url_path="/static",
    )
    app.config["CONSULT_SETTINGS"] = settings
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.add_template_global(assets.asset_url, "asset")
    app.jinja_env.globals.update(blocks.GLOBALS)
    security.init_app(app, settings)
    logs.init_app(app)
    db.init_app(app, settings)
    i18n.init_app(app)
    compression.init_app(app)
    errors.init_app(app)
    health.init_app(app)
    look.init_app(app)
    residents.init_app(app)
    sign_in.init_app(app, settings)
    staff.init_app(app)
    api.init_app(app)
    tablet.init_app(app)
    return app
