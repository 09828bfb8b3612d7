"""The lint of a course: every fault at once, each with its file, line and mend."""

from pathlib import Path

from elearn.content.course import read_course
from elearn.content.faults import Fault


def check_course(path: Path) -> tuple[Fault, ...]:
    """Every fault of the course in the folder `path`, warnings too, in the order of files and lines."""
    _course, faults = read_course(path)
    return faults
