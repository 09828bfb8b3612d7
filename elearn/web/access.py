"""Deny by default: every endpoint says who may use it and how its answer may be cached."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, Literal, TypeVar, cast

from flask import Flask, g

from elearn.errors import ConfigurationError
from elearn.permissions import Permission

View = TypeVar("View", bound=Callable[..., Any])
Audience = Literal["public", "signed_in", "permission"]


class Cache(StrEnum):
    """What a browser or a proxy may keep (design, section 11)."""

    PUBLIC = "public"  # home, course page
    COURSE = "course"  # lessons, check page: private, revalidated by ETag
    PERSONAL = "personal"  # never stored
    FIXED = "fixed"  # certificates: bytes that never change, but asked for each time, since they can be hidden


@dataclass(frozen=True, slots=True)
class Access:
    """The declaration of one endpoint. `keeps_form`: the view itself shows its form again when the token is stale."""

    audience: Audience
    cache: Cache
    permission: Permission | None = None
    load: Callable[..., Any] | None = None
    keeps_form: bool = False


def _declare(access: Access) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def with_loaded(*args: Any, **kwargs: Any) -> Any:
            return view(g.loaded, **kwargs)

        declared = with_loaded if access.load else view
        declared.access = access  # type: ignore[union-attr]
        return cast(View, declared)

    return decorate


def public(*, cache: Cache = Cache.PUBLIC, keeps_form: bool = False) -> Callable[[View], View]:
    """Everybody."""
    return _declare(Access("public", cache, keeps_form=keeps_form))


def signed_in(*, cache: Cache = Cache.PERSONAL, keeps_form: bool = False) -> Callable[[View], View]:
    """Everybody who is signed in; others are sent to the sign-in page."""
    return _declare(Access("signed_in", cache, keeps_form=keeps_form))


def requires(
    permission: Permission,
    *,
    load: Callable[..., Any] | None = None,
    cache: Cache = Cache.PERSONAL,
    keeps_form: bool = False,
) -> Callable[[View], View]:
    """Those who hold `permission`. `load(session, **view_args)` fetches the thing in question, which has a `scope`.

    Without the permission anywhere: 403. With it, but not in the scope of the thing, or no such thing: 404, alike.
    The loaded thing becomes the view's first argument.
    """
    return _declare(Access("permission", cache, permission, load, keeps_form))


def access_of(app: Flask, endpoint: str) -> Access:
    """The declaration of an endpoint. Raises ConfigurationError when there is none."""
    access = getattr(app.view_functions[endpoint], "access", None)
    if access is None:
        raise ConfigurationError(f"endpoint {endpoint} declares neither access nor caching")
    return cast(Access, access)


def check_declarations(app: Flask) -> None:
    """Called at start: an undeclared endpoint stops it. Raises ConfigurationError."""
    for endpoint in app.view_functions:
        access_of(app, endpoint)
