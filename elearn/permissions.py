"""Who may do what: roles are grants with a scope; a role holds permissions."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a grant gives. Scope: owner – the site; course_admin – a course; translator, reviewer – a locale."""

    OWNER = "owner"
    COURSE_ADMIN = "course_admin"
    TRANSLATOR = "translator"
    REVIEWER = "reviewer"


class Permission(StrEnum):
    """What an endpoint can ask for."""

    COHORT_MANAGE = "cohort.manage"
    COHORT_DECIDE = "cohort.decide"
    LEARNER_SEE = "learner.see"
    CONSOLE_SEE = "console.see"
    TRANSLATE = "translate"
    REVIEW = "review"
    SITE_MANAGE = "site.manage"


_COURSE = frozenset(
    {Permission.COHORT_MANAGE, Permission.COHORT_DECIDE, Permission.LEARNER_SEE, Permission.CONSOLE_SEE}
)
ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.COURSE_ADMIN: _COURSE,
    Role.TRANSLATOR: frozenset({Permission.TRANSLATE}),
    Role.REVIEWER: frozenset({Permission.TRANSLATE, Permission.REVIEW}),
}

ANY_SCOPE = "*"


@dataclass(frozen=True, slots=True)
class GrantedRole:
    """A role in a scope: a course id, a locale, or ANY_SCOPE (the site owner)."""

    role: Role
    scope: str


def is_allowed(grants: Iterable[GrantedRole], permission: Permission, scope: str | None = None) -> bool:
    """True when a grant holds `permission` in `scope`; `scope=None` asks for any scope at all."""
    return any(
        permission in ROLE_PERMISSIONS[g.role] and (scope is None or g.scope in (scope, ANY_SCOPE)) for g in grants
    )


def allowed_scopes(grants: Iterable[GrantedRole], permission: Permission) -> frozenset[str] | None:
    """The scopes in which `permission` is held; None means every scope."""
    scopes = {g.scope for g in grants if permission in ROLE_PERMISSIONS[g.role]}
    return None if ANY_SCOPE in scopes else frozenset(scopes)


@dataclass(frozen=True, slots=True)
class Viewer:
    """The signed-in person of one request, with the session that proves it. Satisfies Flask-Login's user protocol."""

    id: int
    session_id: int
    name: str
    email: str
    locale: str
    time_zone: str
    grants: tuple[GrantedRole, ...] = ()
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """Flask-Login's name for the id."""
        return str(self.id)

    def may(self, permission: Permission, scope: str | None = None) -> bool:
        """True when this person holds `permission` in `scope` (None: in any)."""
        return is_allowed(self.grants, permission, scope)

    @property
    def is_admin(self) -> bool:
        """True where the console is shown in the menu."""
        return self.may(Permission.CONSOLE_SEE)
