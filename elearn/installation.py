"""Before the first request: schema, catalogues from the files, static files."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from elearn import schema
from elearn.catalogues import service as catalogues
from elearn.courses.library import Library
from elearn.db import Database
from elearn.jobs.engine import create_queue
from elearn.settings import Settings
from elearn.web import static


@contextmanager
def private_instance(settings: Settings) -> Iterator[None]:
    """The instance folder is there; it, and what is made in it meanwhile, is for the account that runs elearn alone."""
    before = os.umask(0o077)
    try:
        settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield
    finally:
        os.umask(before)


def prepare(settings: Settings, *, only_new: bool = True) -> list[catalogues.Published]:
    """Before the first request: schema, queue, static files, catalogues from the files; what became of those.

    `only_new` leaves alone what was published before: a catalogue that was rolled back stays so.
    """
    with private_instance(settings):
        schema.upgrade(settings.database_url)
        create_queue(settings.queue_url)
        static.build(settings)
        return publish(settings, only_new=only_new)


def publish(settings: Settings, *, only_new: bool = False) -> list[catalogues.Published]:
    """Make the catalogue files on disk live in every process."""
    domains = (catalogues.INTERFACE, *Library(settings.modules).ids())
    database = Database(settings.database_url)
    try:
        return catalogues.publish_files(
            database, translations=settings.translations, domains=domains, only_new=only_new
        )
    finally:
        database.close()
