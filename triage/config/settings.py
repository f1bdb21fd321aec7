"""Django settings: one file, read from the environment, closed by default.

DJANGO_SECRET_KEY  required to serve, to sign and to deliver, unless WHICH_NUMBER_DEMO is set. The
    key of web push is made of it
DATABASE_URL       default: an embedded SQLite file in the data folder
ALLOWED_HOSTS      comma-separated, default: this machine only
WHICH_NUMBER_DATA  the data folder, default: var/ beside manage.py
WHICH_NUMBER_DEMO  1: the demonstration. Pretend incidents, a ribbon, sign-in without second factor
WHICH_NUMBER_CACHE_MB  megabytes of ready pages a process may keep, default 64
WHICH_NUMBER_ORIGIN  the site's own address, default https:// and the first of ALLOWED_HOSTS
WHICH_NUMBER_PROXIES  comma-separated addresses of proxies on other machines, whose word is taken
    for who asks (triage/client_address.py); one on this machine is always believed
WHICH_NUMBER_CONTACT  an e-mail or https address to write to whoever runs it, default none
WHICH_NUMBER_STAFF_AT  where staff work, if not in this process: a port of the same host, or an
    address that begins http. Default none: this process serves them too
WHICH_NUMBER_SEEDS the seeds folder, default: seeds/ beside manage.py
CREDENTIALS_DIRECTORY  set by systemd: DJANGO_SECRET_KEY, DATABASE_URL and EMAIL_HOST_PASSWORD are
    read from files of these names there, where the environment does not say them
EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD, EMAIL_USE_TLS (1), EMAIL_FROM
    how operators are told (manage.py deliver sends what waits)
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from triage.config.patient_database import PatientConnection

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(os.environ.get("WHICH_NUMBER_DATA") or BASE_DIR / "var")
SEEDS_DIR = Path(os.environ.get("WHICH_NUMBER_SEEDS") or BASE_DIR / "seeds")
DATA_DIR.mkdir(parents=True, exist_ok=True)


def _secret(name: str) -> str:
    """A value that stands in no environment where systemd hands it over as a file."""
    file = Path(os.environ.get("CREDENTIALS_DIRECTORY", "/nowhere")) / name
    given = os.environ.get(name, "")
    return given or (file.read_text(encoding="utf-8").strip() if file.is_file() else "")


DEMO = os.environ.get("WHICH_NUMBER_DEMO") == "1"
TESTING = "pytest" in sys.modules
DEBUG = False

_DEMO_KEY = "demonstration-only-and-refused-in-production"
SECRET_KEY = _secret("DJANGO_SECRET_KEY") or (_DEMO_KEY if DEMO or TESTING else "")
# Commands that only read the data need none. What serves or signs does: wsgi.py refuses without it.
WITHOUT_KEY = (
    "DJANGO_SECRET_KEY is not set, or is no secret: give a random value of 32 characters or more, "
    "or WHICH_NUMBER_DEMO=1 for the demonstration (see deploy/README.md)"
)
if 0 < len(SECRET_KEY) < 32 or (SECRET_KEY == _DEMO_KEY and not (DEMO or TESTING)):
    raise ImproperlyConfigured(WITHOUT_KEY)

ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
# Pages name the site by this, whatever allowed name they are asked by. The demonstration has none:
# it is reached by any name of this machine.
ORIGIN = os.environ.get("WHICH_NUMBER_ORIGIN") or (
    "" if DEMO or TESTING else f"https://{ALLOWED_HOSTS[0].lstrip('.')}"
)
# Shown in the accessibility statement and in security.txt. None is made up where none is given.
CONTACT = os.environ.get("WHICH_NUMBER_CONTACT", "").removeprefix("mailto:")
if CONTACT and not re.fullmatch(r"[^\s@<>\"]+@[^\s@<>\"]+\.\w+|https://[^\s<>\"]+", CONTACT):
    raise ImproperlyConfigured(
        f'WHICH_NUMBER_CONTACT is "{CONTACT}": give an e-mail address or one that begins https://'
    )
CACHE_MEGABYTES = int(os.environ.get("WHICH_NUMBER_CACHE_MB") or 64)
# Whether any site may frame the widget's banner view; the others only registered hosts may.
OPEN_BANNER = os.environ.get("WHICH_NUMBER_OPEN_BANNER") == "1"
# How often one household may find, search or send feedback in a minute, each by itself
# (triage/web/ops/rate_limit.py). Search answers while one types, and a mobile network puts
# thousands behind one address: three hundred of them may each search ten times.
POSTS_A_MINUTE = int(os.environ.get("WHICH_NUMBER_POSTS_A_MINUTE") or (10**9 if TESTING else 3000))
PROXIES = [p for p in os.environ.get("WHICH_NUMBER_PROXIES", "").split(",") if p]
STAFF_AT = os.environ.get("WHICH_NUMBER_STAFF_AT", "")
CSRF_FAILURE_VIEW = "triage.web.pages.errors.untrusted"
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if o]

INSTALLED_APPS = [
    "triage",
    "outage",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

# Sessions and sign-in are used by /staff/ alone, and are lazy: a public view that does not touch
# them runs no query and sets no cookie (tests/test_crawl.py follows them without a database).
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "triage.web.ops.staff_elsewhere.lead_there",
    "triage.web.ops.rate_limit.limit_posts",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "outage.panel.middleware.gate",
]

ROOT_URLCONF = "triage.config.urls"
WSGI_APPLICATION = "triage.config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "outage.panel.access.shared",
            ],
        },
    },
]

DATABASES = {
    "default": dj_database_url.parse(
        _secret("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'db.sqlite3'}",
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # WAL lets the watcher read while an operator writes; IMMEDIATE makes two writers queue.
    DATABASES["default"]["OPTIONS"] = {
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
    }
elif not TESTING:
    # A pool for each process: connections cost more than the queries made on them. There is one for
    # each of its threads and one for its watcher, which must never wait for staff. A database that
    # is away is asked for anew at once when it comes back, not after the pool's own long pauses.
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    # One that hangs is given up (patient_database.py), a little after it would have given up a
    # statement itself.
    DATABASES["default"]["OPTIONS"] = {
        # Several servers, of which one takes writes, are named in the address's query.
        **DATABASES["default"].get("OPTIONS", {}),
        "pool": {
            "min_size": 1,
            "max_size": 10,
            "timeout": 2,
            "reconnect_timeout": 1,
            "connection_class": PatientConnection,
        },
        "connect_timeout": 2,
        "keepalives_idle": 10,
        "keepalives_interval": 3,
        "keepalives_count": 3,
        "options": "-c statement_timeout=2800 -c lock_timeout=2500",
    }

AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# Sign-in of operators: passkey, or password and a second factor. Only the demonstration, on this
# very machine, goes without one (outage/panel/middleware.py), and says so on every page.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "staff:board"
STAFF_SECOND_FACTOR = not (DEMO or TESTING)
ACCOUNT_ADAPTER = "outage.panel.sign_in.Accounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# A stranger who types an address learns nothing, and nobody gets a mail they did not ask for.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = False
# Five wrong passwords close one account, from where they came, for five minutes (the key is both:
# outage/panel/sign_in.py). Nobody elsewhere shuts it, short of a hundred tries in an hour, and no
# wrong password shuts a colleague's: an address may be a whole office. A passkey opens it all the
# while.
FAILED_SIGN_INS = {"here": (5, 300), "anywhere": (100, 3600)}  # so many, in so many seconds
ACCOUNT_RATE_LIMITS = {"login_failed": None, "login": "120/m/ip"}
MFA_ADAPTER = "outage.panel.sign_in.SecondFactor"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Which Number"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO or TESTING
# The counters of failed sign-ins, where every node sees them (the table of SignInCounter). They are
# over within the hour; so many are kept that nobody pushes out their own with other names.
CACHES = {
    "default": {
        "BACKEND": "outage.panel.sign_in_cache.SignInCache",
        "LOCATION": "sign_in_counter",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
# Signed out after half an hour without a request; the page warns before (static/staff/staff.js).
SESSION_COOKIE_AGE = 30 * 60

# Mail, webhooks and web push tell operators what waits for them; manage.py deliver sends them.
EMAIL_BACKEND = "django.core.mail.backends." + ("console" if DEMO else "smtp") + ".EmailBackend"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT") or 25)
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = _secret("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS") == "1"
EMAIL_TIMEOUT = 5
# Webhooks and web push call no address inside a network. Tests, whose receiver stands on loopback,
# opt out.
WEBHOOK_PRIVATE_ADDRESSES = False
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "which-number@localhost")

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Nothing of a third party, nothing inline. The public stylesheet stands in the page under its
# hash (triage/web/presenters/contact.py); the staff panel uses Django's own files.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/staff/"
# In the session: a cookie of their own would go to the public pages too.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
if not (DEMO or TESTING):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    # The site has its name, and whatever is under it, to itself.
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # Addresses can tell what happened to somebody: nothing here logs a public path.
    "handlers": {
        "console": {"class": "logging.StreamHandler"},
        "none": {"class": "logging.NullHandler"},
    },
    "loggers": {
        "which_number": {"handlers": ["console"], "level": "INFO"},
        "django.request": {"handlers": ["none"], "propagate": False},
        "django.server": {"handlers": ["none"], "propagate": False},
        "django.security": {"handlers": ["none"], "propagate": False},
    },
}
