"""The addresses of the learner's pages."""

from flask import Blueprint

from elearn.learning.views import assessments, attempts, courses, lessons

GET_POST = ("GET", "POST")

blueprint = Blueprint("learning", __name__, url_prefix="/<locale:locale>/learn")
blueprint.add_url_rule("/", view_func=courses.my_courses)
blueprint.add_url_rule("/<slug:course>/", view_func=courses.course_map)
blueprint.add_url_rule("/<slug:course>/<slug:module>/<slug:lesson>", view_func=lessons.lesson, methods=GET_POST)
blueprint.add_url_rule("/<slug:course>/assessments/<slug:key>", view_func=assessments.assessment, methods=GET_POST)
blueprint.add_url_rule("/<slug:course>/attempts/<number:attempt>", view_func=attempts.attempt, methods=GET_POST)
