"""Pages and files travel compressed, refused forms among them."""

from flask import Flask, Response
from flask_compress import Compress


class _Compression(Compress):
    """Compresses replies of every status.

    The library passes over all but 2xx. Ours with 4xx and 5xx are pages like any other: a
    refused list of wards is 27 kB, and 3 kB compressed.
    """

    def after_request(self, response: Response | None) -> Response:
        """Compress a reply as if it were a success, and give it its status back."""
        if response is None or response.status_code < 400:
            return super().after_request(response)
        status = response.status
        response.status_code = 200
        compressed = super().after_request(response)
        compressed.status = status
        return compressed


def init_app(app: Flask) -> None:
    """Compress what an application sends."""
    _Compression(app)
