"""Telephony Config as an application that a service mounts: ``pip install 'dialnexa-routing[web]'``."""

from __future__ import annotations

try:
    import fastapi as _fastapi  # noqa: F401 - asked for first, so that its absence is one sentence
    import jinja2 as _jinja2  # noqa: F401
    import python_multipart as _multipart  # noqa: F401
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        f"the web application needs {error.name}; install it with: pip install 'dialnexa-routing[web]'",
        name=error.name,
    ) from error

from dialnexa_routing.web.web_application import application

__all__ = ["application"]
