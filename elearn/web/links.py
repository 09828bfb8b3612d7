"""Links within the site, in the language of the request."""

from typing import Any
from urllib.parse import urlencode

from flask import request

from elearn.web.addresses import is_safe_target
from elearn.web.current import READ_METHODS, frame


def url(endpoint: str, **values: Any) -> str:
    """The path of an endpoint in the language of this request (or in `locale`)."""
    current = frame()
    owner = current.platform
    if "locale" not in values and owner.has_locale(endpoint):
        values["locale"] = current.locale.code
    return owner.addresses.path(endpoint, **values)


def login_url() -> str:
    """The sign-in page, with the way back to where this request wanted to go."""
    target = request.full_path.rstrip("?") if request.method in READ_METHODS else request.path
    path = url("accounts.login")
    return f"{path}?{urlencode({'next': target}, safe='/')}" if is_safe_target(target) else path


def external_url(endpoint: str, **values: Any) -> str:
    """The full address, for mail, QR codes and canonical links."""
    return frame().platform.settings.base_url + url(endpoint, **values)
