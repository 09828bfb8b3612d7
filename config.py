"""Default settings of an installation. Each is overridden by an environment variable with the prefix ELEARN_ (docs/configuration.md)."""

DATABASE_URL = ""  # empty: SQLite in the instance folder
QUEUE_URL = ""  # empty: huey's SQLite queue in the instance folder, or PostgreSQL when the database is
SECRET_KEY = ""  # required outside development, at least 32 characters
BASE_URL = "http://127.0.0.1:8000"
HOST = "127.0.0.1"
PORT = 8000
INSTANCE = "instance"
ENVIRONMENT = "production"  # production | development | demo | test
WORKERS = 0  # web processes; 0: one per core
SITE_NAME = "elearn"
ISSUER_NAME = "Example Learning Institute (fictional)"
SIGNATORY_NAME = "Lina Example (fictional)"
CONTACT_EMAIL = "courses@example.org"
MAIL_URL = (
    ""  # smtp://user:password@host:25, smtps://…, smtp+starttls://…; empty in development: files in the instance folder
)
MAIL_FROM = "elearn <no-reply@example.org>"
TRUSTED_PROXIES = 0  # reverse proxies in front whose X-Forwarded-For is believed
SESSION_HOURS = 12
REMEMBER_DAYS = 30
PASSWORD_MIN_LENGTH = 10
ARGON2_MEMORY_KIB = 19456
ARGON2_TIME_COST = 2
SQLITE_SYNCHRONOUS = "FULL"
LOG_LEVEL = "INFO"
DEMO_PASSWORD = ""
DEFAULT_TIME_ZONE = "Europe/Vienna"
PSEUDO_LOCALE = False  # English interface in pseudo-localised text, to find hard-coded strings
RATE_LIMITS = True
CHROMIUM = ""  # browser for the tests
