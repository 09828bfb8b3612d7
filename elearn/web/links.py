"""Links within the site, in the language of the request."""

from typing import Any

from elearn.web.current import frame


def url(endpoint: str, **values: Any) -> str:
    """The path of an endpoint in the language of this request (or in `locale`)."""
    current = frame()
    owner = current.platform
    if "locale" not in values and owner.has_locale(endpoint):
        values["locale"] = current.locale.code
    return owner.addresses.path(endpoint, **values)


def external_url(endpoint: str, **values: Any) -> str:
    """The full address, for mail, QR codes and canonical links."""
    return frame().platform.settings.base_url + url(endpoint, **values)
