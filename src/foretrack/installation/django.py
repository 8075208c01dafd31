"""An installation as Django's settings: pure, so that a test can look at what production gets."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import foretrack.domains
from foretrack.foundation.errors import InputError
from foretrack.installation.reading import DATABASE_VARIABLE, Installation, SingleSignOn

LANGUAGES = (("en", "English"), ("zh-hans", "简体中文"))


def django_settings(installation: Installation) -> dict[str, Any]:
    """Every setting that Foretrack gives Django, by name."""
    production = installation.production
    found: dict[str, Any] = {
        "DEBUG": False,
        "SECRET_KEY": installation.secret_key,
        "ALLOWED_HOSTS": list(installation.hosts),
        "INSTALLED_APPS": _apps(installation),
        "MIDDLEWARE": [
            "django.middleware.security.SecurityMiddleware",
            "django.middleware.gzip.GZipMiddleware",
            "foretrack.site.middleware.HeadersMiddleware",
            "foretrack.web.data.DataMiddleware",
            "whitenoise.middleware.WhiteNoiseMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.locale.LocaleMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "foretrack.accounts.middleware.LanguageMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
            "allauth.account.middleware.AccountMiddleware",
            "foretrack.accounts.middleware.ActivityMiddleware",
            "django_htmx.middleware.HtmxMiddleware",
            "foretrack.site.middleware.FailureMiddleware",
            "foretrack.site.middleware.ActorMiddleware",
            "foretrack.api.middleware.ApiMiddleware",
        ],
        "ROOT_URLCONF": "foretrack.site.urls",
        "WSGI_APPLICATION": "foretrack.site.wsgi.application",
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": door_folders("templates"),
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                        "foretrack.site.navigation.frame",
                    ],
                    "builtins": ["foretrack.web.tags"],
                },
            }
        ],
        "DATABASES": {"default": database(installation)},
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "AUTH_USER_MODEL": "accounts.Account",
        "PASSWORD_HASHERS": [
            "django.contrib.auth.hashers.Argon2PasswordHasher",
            "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        ],
        "AUTH_PASSWORD_VALIDATORS": [
            {"NAME": f"django.contrib.auth.password_validation.{name}"}
            for name in (
                "UserAttributeSimilarityValidator",
                "MinimumLengthValidator",
                "CommonPasswordValidator",
                "NumericPasswordValidator",
            )
        ],
        "AUTHENTICATION_BACKENDS": ["allauth.account.auth_backends.AuthenticationBackend"],
        "LANGUAGE_CODE": {"en": "en", "zh": "zh-hans"}[installation.language],
        "LANGUAGES": LANGUAGES,
        "TIME_ZONE": installation.time_zone,
        "USE_TZ": True,
        "USE_I18N": True,
        "STATIC_URL": "/static/",
        "STATIC_ROOT": None,
        "STATICFILES_DIRS": door_folders("static"),
        # The style sheets ship inside the package, so nothing has to be collected before serving.
        "WHITENOISE_USE_FINDERS": True,
        "WHITENOISE_AUTOREFRESH": False,
        "WHITENOISE_MAX_AGE": 3600,
        "CACHES": {
            # In the database, so that attempts to log in are counted over all worker processes.
            "default": {
                "BACKEND": "django.core.cache.backends.db.DatabaseCache",
                "LOCATION": "accounts_cache",
                # A full cache forgets at random; nobody shall make it forget who guesses passwords by filling it.
                "OPTIONS": {"MAX_ENTRIES": 200_000},
            },
        },
        "TASKS": {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}},
        # Boxes of forms are drawn by templates that the site may put its own in the place of.
        "FORM_RENDERER": "django.forms.renderers.TemplatesSetting",
        "FORETRACK": installation,
        "FORETRACK_WEBHOOK_HOSTS": installation.webhook_hosts,
        "FORETRACK_HALL_TRUSTED": installation.trusted_roles,
        "FORETRACK_HALL_QUESTIONS": installation.questions_per_day,
        # One line per event on stderr, where systemd and containers take it; bugs with their traceback.
        "LOGGING": {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
            "loggers": {
                "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
                "django.request": {"level": "ERROR"},
                "foretrack": {"handlers": ["stderr"], "level": "INFO"},
            },
        },
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_FAILURE_VIEW": "foretrack.site.pages.drafts.csrf_failed",
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "SECURE_REFERRER_POLICY": "same-origin",
        "X_FRAME_OPTIONS": "DENY",
        "DATA_UPLOAD_MAX_MEMORY_SIZE": 20 * 1024 * 1024,
        "FILE_UPLOAD_MAX_MEMORY_SIZE": 5 * 1024 * 1024,
        **_mail(installation),
        **_accounts(installation),
    }
    if production:
        found |= {
            "SECURE_SSL_REDIRECT": True,
            "SECURE_REDIRECT_EXEMPT": [r"^healthz$"],  # asked on the machine itself, without a proxy
            "SECURE_HSTS_SECONDS": 365 * 24 * 3600,
            "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
            "SECURE_HSTS_PRELOAD": True,
            "SESSION_COOKIE_SECURE": True,
            "CSRF_COOKIE_SECURE": True,
            "CSRF_TRUSTED_ORIGINS": [installation.address] if installation.address else [],
        }
    if installation.proxy:
        found["SECURE_PROXY_SSL_HEADER"] = ("HTTP_X_FORWARDED_PROTO", "https")
    return found


def door_folders(name: str) -> list[str]:
    """Folders of that name beside the pages of the rooms and domains."""
    rooms = Path(foretrack.domains.__path__[0]).parent
    found = [*rooms.glob(f"*/doors/web/{name}"), *rooms.glob(f"domains/*/doors/web/{name}")]
    return [str(folder) for folder in sorted(found) if folder.is_dir()]


def _apps(installation: Installation) -> list[str]:
    apps = [
        "foretrack.site",  # first, so that its templates win over those of the packages
        "foretrack.web",
        "django_htmx",  # brings htmx
        "django.forms",
        "foretrack.accounts.apps.OperatorsConfig",  # Django's admin, to look only
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
        "django.contrib.humanize",  # allauth's page of sessions says how long ago
        "allauth",
        "allauth.account",
        "allauth.mfa",
        "allauth.usersessions",
        "django_tasks_db",
        "foretrack.registry",
        "foretrack.jobs",
        "foretrack.accounts",
        "foretrack.search",
        "foretrack.watch",
        "foretrack.lists",
        "foretrack.targets",
        "foretrack.matching",
        "foretrack.review",
        "foretrack.domains.exchange.hall",
        "foretrack.api",
    ]
    if installation.single_sign_on:
        apps += ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
    return apps


def database(installation: Installation) -> dict[str, Any]:
    """Django's description of the database.

    >>> from pathlib import Path
    >>> made = database(Installation(Path("w"), database="postgresql://ann:p%40ss@db:5433/registry"))
    >>> made["HOST"], made["PORT"], made["NAME"], made["PASSWORD"]
    ('db', '5433', 'registry', 'p@ss')
    """
    if not installation.database:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(installation.database_file),
            "OPTIONS": {
                # IMMEDIATE: a transaction waits for its turn to write at its beginning, instead of failing at its end.
                "transaction_mode": "IMMEDIATE",
                "timeout": 60,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536; "
                "PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY; "
                # What is erased or replaced is overwritten in the file at once (registry/actions/erasing.py).
                "PRAGMA secure_delete=ON;",
            },
        }
    wrong = InputError(
        f"the database {installation.database.split('@')[-1]!r} cannot be used",
        expected="postgresql://user:password@host:port/name",
        do=f"correct [registry] database in foretrack.toml, or {DATABASE_VARIABLE}",
    )
    try:
        parts = urlsplit(installation.database)
        port = parts.port
    except ValueError:
        raise wrong from None
    name = unquote(parts.path.lstrip("/"))
    if (
        parts.scheme not in ("postgresql", "postgres")
        or not name
        or "/" in name
        or parts.query
        or parts.fragment
    ):
        raise wrong
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _mail(installation: Installation) -> dict[str, Any]:
    mail = installation.mail
    backend = "smtp" if mail.host else "console"
    return {
        "EMAIL_BACKEND": f"django.core.mail.backends.{backend}.EmailBackend",
        "EMAIL_HOST": mail.host or "localhost",
        "EMAIL_PORT": mail.port,
        "EMAIL_HOST_USER": mail.user,
        "EMAIL_HOST_PASSWORD": mail.password,
        "EMAIL_USE_TLS": bool(mail.host) and mail.starttls,
        "EMAIL_TIMEOUT": 30,
        "DEFAULT_FROM_EMAIL": mail.sender,
        "SERVER_EMAIL": mail.sender,
    }


def _accounts(installation: Installation) -> dict[str, Any]:
    """How people log in: by e-mail address, with a second factor if they like; attempts are throttled by allauth."""
    found: dict[str, Any] = {
        "FORETRACK_ADDRESS": installation.address or "http://localhost:8000",
        "FORETRACK_OPEN_REGISTRATION": installation.open_registration,
        "LOGIN_URL": "account_login",
        "LOGIN_REDIRECT_URL": "/",
        "SESSION_COOKIE_AGE": 14 * 24 * 3600,
        "PASSWORD_RESET_TIMEOUT": 3 * 24 * 3600,
        "ACCOUNT_ADAPTER": "foretrack.accounts.adapter.AccountAdapter",
        "ACCOUNT_LOGIN_METHODS": {"email"},
        "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*", "password2*"],
        "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
        # Where no mail server is named, a verification would only be printed on the server's console.
        "ACCOUNT_EMAIL_VERIFICATION": "mandatory" if installation.mail.host else "optional",
        "ACCOUNT_DEFAULT_HTTP_PROTOCOL": "https" if installation.production else "http",
        "ACCOUNT_CHANGE_EMAIL": True,
        "ACCOUNT_PREVENT_ENUMERATION": True,
        "ACCOUNT_EMAIL_NOTIFICATIONS": True,
        "ACCOUNT_REAUTHENTICATION_REQUIRED": True,
        "ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE": False,
        "ACCOUNT_SESSION_REMEMBER": None,
        "ACCOUNT_RATE_LIMITS": {
            "login": "30/m/ip",
            # Failed attempts: of one address on the network, and on one account from wherever they come.
            "login_failed": "10/m/ip,100/h/ip,5/5m/key",
            "signup": "20/m/ip,60/h/ip",
            "reset_password": "20/m/ip,60/h/ip,3/5m/key",
            "reset_password_from_key": "20/m/ip",
            "change_password": "5/m/user",
            "manage_email": "10/m/user",
            "reauthenticate": "10/m/user",
            "confirm_email": "1/3m/key",
        },
        "MFA_SUPPORTED_TYPES": ["totp", "recovery_codes"],
        "MFA_TOTP_ISSUER": "Foretrack",
        "MFA_RECOVERY_CODES_SHOW_ONCE": True,
        "USERSESSIONS_TRACK_ACTIVITY": False,  # accounts/middleware.py does it, and writes less
        # X-Forwarded-For is believed from one web server of one's own, and from nobody else.
        "ALLAUTH_TRUSTED_PROXY_COUNT": 1 if installation.proxy else 0,
    }
    if installation.single_sign_on:
        found |= {
            "SOCIALACCOUNT_ADAPTER": "foretrack.accounts.sso.SingleSignOnAdapter",
            "SOCIALACCOUNT_PROVIDERS": {
                "openid_connect": {
                    "OAUTH_PKCE_ENABLED": True,
                    "APPS": list(map(_issuer, installation.single_sign_on)),
                }
            },
            # An account is entered, and linked, where the provider says that it has verified the address.
            "SOCIALACCOUNT_EMAIL_AUTHENTICATION": True,
            "SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT": True,
            "SOCIALACCOUNT_EMAIL_REQUIRED": True,
            "SOCIALACCOUNT_EMAIL_VERIFICATION": "mandatory",
            "SOCIALACCOUNT_STORE_TOKENS": False,
            "SOCIALACCOUNT_LOGIN_ON_GET": False,
            "SOCIALACCOUNT_REQUESTS_TIMEOUT": 10,
        }
    return found


def _issuer(given: SingleSignOn) -> dict[str, Any]:
    """A provider as allauth wants it; it is known by its issuer, so that links survive a change of its name or place."""
    return {
        "provider_id": issuer_id(given.issuer),
        "name": given.name,
        "client_id": given.client,
        "secret": given.secret,
        "settings": {"server_url": given.issuer.rstrip("/"), "oauth_pkce_enabled": True},
    }


def issuer_id(issuer: str) -> str:
    """The name of a provider in addresses: `/en/account/oidc/NAME/login/callback/`.

    >>> issuer_id("https://id.example.org/"), issuer_id("https://id.example.org")
    ('777514328c38', '777514328c38')
    """
    return hashlib.sha256(issuer.rstrip("/").encode()).hexdigest()[:12]
