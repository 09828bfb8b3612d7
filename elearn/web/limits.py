"""Rate limits that hold across processes: counters in the database, per subject and per address."""

import hashlib
import ipaddress

from flask import request

from elearn.errors import TooMany
from elearn.i18n.markers import N_
from elearn.ledger import meter
from elearn.ledger.meter import Limit
from elearn.web.platform import platform

TOO_MANY = N_("Too many attempts. Please wait a moment and try again; nothing that you did before is lost.")


def client_network() -> str:
    """The client's network: /24 for IPv4, /64 for IPv6 (a house has many addresses); no full address is stored."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "0.0.0.0")  # noqa: S104 - a value, not a binding
    except ValueError:
        return "unknown"
    if isinstance(
        address, ipaddress.IPv6Address
    ):  # a socket for both gives IPv4 as ::ffff:192.0.2.1 (RFC 4291, 2.5.5.2)
        address = address.ipv4_mapped or address
    return str(ipaddress.ip_network(f"{address}/{24 if address.version == 4 else 64}", strict=False))


def enforce(
    name: str, *, subject: str = "", per_subject: Limit | None = None, per_network: Limit | None = None
) -> None:
    """Count this request and raise TooMany when a limit is reached. Subjects are stored as digests."""
    keys: list[tuple[str, Limit]] = []
    if per_subject is not None:
        digest = hashlib.sha256(subject.casefold().encode()).hexdigest()[:24]
        keys.append((f"{name}:subject:{digest}", per_subject))
    if per_network is not None:
        digest = hashlib.sha256(client_network().encode()).hexdigest()[:24]
        keys.append((f"{name}:network:{digest}", per_network))
    if not platform().settings.rate_limits:
        return
    wait = meter.hit(platform().database, keys)
    if wait:
        raise TooMany(TOO_MANY, retry_after=wait)
