"""Before the first request: schema, catalogues from the files, static files."""

from elearn import schema
from elearn.catalogues import service as catalogues
from elearn.courses.library import Library
from elearn.db import Database
from elearn.jobs.engine import create_queue
from elearn.settings import Settings
from elearn.web import static


def prepare(settings: Settings) -> list[catalogues.Published]:
    """Before the first request: schema, queue, static files, catalogues from the files; what became of those."""
    settings.instance.mkdir(parents=True, exist_ok=True)
    schema.upgrade(settings.database_url)
    create_queue(settings.queue_url)
    static.build(settings)
    return publish(settings)


def publish(settings: Settings) -> list[catalogues.Published]:
    """Make the catalogue files on disk live in every process."""
    domains = (catalogues.INTERFACE, *Library(settings.modules).ids())
    database = Database(settings.database_url)
    try:
        with database.transaction() as session:
            return catalogues.publish_files(session, translations=settings.translations, domains=domains)
    finally:
        database.close()
