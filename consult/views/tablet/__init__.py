"""What a partner's tablet asks for: the app itself, and an interface of its own for its data.

No page of it has a language in its address: the app speaks all of them.
"""

from flask import Flask

from consult.security import csrf
from consult.views.tablet import (  # noqa: F401 - they add their routes
    api,
    clips,
    loading,
    shell,
)
from consult.views.tablet.current import blueprint


def init_app(app: Flask) -> None:
    """Add the addresses.

    What a device has signed carries no cookie, so no other site can send it for somebody;
    enrolling is done by who is signed in, and needs the form's token.
    """
    for view in api.SIGNED_BY_DEVICE:
        csrf.exempt(view)
    app.register_blueprint(blueprint)
