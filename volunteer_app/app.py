"""The factory: wire and return; reads top to bottom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from inspect import iscoroutinefunction
from pathlib import Path

from flask import Flask
from flask_alembic import Alembic
from flask_bootstrap import Bootstrap5
from flask_wtf.csrf import generate_csrf
from werkzeug.middleware.proxy_fix import ProxyFix

from .db import Base, configure_engine, db
from .settings import Settings, load_settings
from .web import account, areas, errors, filters, headers, limits, urls
from .web.clock import system_clock

PACKAGE = Path(__file__).parent
#: templates/ stands beside the package in a checkout and inside it in a wheel.
TEMPLATES = next(
    path for path in (PACKAGE / "templates", PACKAGE.parent / "templates") if path.is_dir()
)
LARGEST_BODY = 256 * 1024


def create_app(
    settings: Settings | None = None, *, clock: Callable[[], dt.datetime] = system_clock
) -> Flask:
    """The WSGI application. Raises SettingsError when settings are incomplete or unsafe."""
    settings = settings or load_settings()
    app = Flask(__name__, instance_path=str(settings.instance), template_folder=str(TEMPLATES))
    app.config.from_mapping(_config(settings))
    app.extensions |= {"settings": settings, "vault": settings.vault, "clock": clock}

    db.init_app(app)
    # No engine here is asynchronous; closing none would start an event loop at every request.
    app.teardown_appcontext_funcs[:] = [
        close for close in app.teardown_appcontext_funcs if not iscoroutinefunction(close)
    ]
    with app.app_context():
        configure_engine(db.engine)
        db.sessionmaker.configure(info={"vault": settings.vault})
    Alembic(app, metadatas=Base.metadata, command_name="", run_mkdir=False)
    Bootstrap5(app)

    urls.init_app(app)
    headers.init_app(app)
    errors.init_app(app)
    filters.init_app(app)
    limits.init_app(app)
    account.init_app(app)
    areas.init_app(app)
    app.jinja_env.globals["csrf_token"] = generate_csrf
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    return app


def _config(settings: Settings) -> dict[str, object]:
    https = settings.https
    return account.CONFIG | {
        "SECRET_KEY": settings.secret_key,
        "SECURITY_PASSWORD_SALT": settings.secret_key,
        "SQLALCHEMY_ENGINES": {"default": _engine(settings.database_url)},
        "ALEMBIC": {"script_location": str(PACKAGE / "migrations"), "file_template": "%%(slug)s"},
        "ALEMBIC_CONTEXT": {"render_as_batch": True, "compare_type": True},
        "BOOTSTRAP_SERVE_LOCAL": True,
        "SEND_FILE_MAX_AGE_DEFAULT": dt.timedelta(days=365),
        "MAX_CONTENT_LENGTH": LARGEST_BODY,
        "MAX_FORM_MEMORY_SIZE": LARGEST_BODY,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_I18N_ENABLED": False,
        "SESSION_COOKIE_NAME": "__Host-session" if https else "session",
        "SESSION_COOKIE_SECURE": https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
    }


def _engine(url: str) -> dict[str, object]:
    private: dict[str, object] = {"url": url, "hide_parameters": True}  # people's names and numbers
    if url.startswith("sqlite"):
        return private | {"pool_size": 8, "max_overflow": 8}
    return private | {"pool_size": 5, "max_overflow": 10, "pool_pre_ping": True}


__all__ = ["create_app"]
