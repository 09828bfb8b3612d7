"""A signed-in browser on a learner's pages."""

from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from elearn.learning.queries import AttemptSheet, attempt_sheet
from elearn.learning.service.study import Student
from elearn.web.platform import Platform
from tests.factories import make_cohort, make_person, make_student, sign_in
from tests.pages import Examined, examine

COURSE = "/en/learn/untoc"
FINAL = f"{COURSE}/assessments/final"


@dataclass
class Browser:
    """A client signed in as a student; forms carry the token of the page that they stand on."""

    client: FlaskClient
    student: Student
    platform: Platform
    token: str

    def page(self, path: str, status: int = 200) -> Examined:
        answer = self.client.get(path)
        assert answer.status_code == status, f"{path}: {answer.status_code}, expected {status}"
        return examine(answer.get_data(as_text=True), path)

    def post(self, path: str, values: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        return self.client.post(path, data={"csrf_token": self.token, **(values or {})}, **options)

    def begin(self) -> str:
        """Begin or resume the final assessment; the address of the attempt."""
        answer = self.post(FINAL)
        assert answer.status_code == 303
        assert answer.location is not None
        return answer.location

    def sheet(self, address: str) -> AttemptSheet:
        """What the database holds of an attempt."""
        number = int(address.rsplit("/", 1)[1])
        with self.platform.database.read_session() as session:
            return attempt_sheet(session, attempt_id=number, person_id=self.student.enrolled.person_id)


def open_browser(client: FlaskClient, **cohort: Any) -> Browser:
    """A browser of somebody enrolled in a cohort with these windows."""
    platform: Platform = client.application.extensions["elearn"]
    with platform.database.transaction() as session:
        student = make_student(session, make_person(session), make_cohort(session, **cohort))
    sign_in(client, student.enrolled.person_id)
    found = examine(client.get("/en/learn/").get_data(as_text=True), "/en/learn/")
    return Browser(client, student, platform, found.value("csrf_token"))
