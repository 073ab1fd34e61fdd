"""volunteer serve: gunicorn on Linux, waitress elsewhere; starts only where all is well."""

from __future__ import annotations

import gc
import logging
import os
import signal
import socket
import sys
import threading
from typing import Any, NoReturn

import click
from flask import Flask

from ..app import create_app
from ..documents import typesetting
from ..settings import Settings
from ..web.headers import JsonFormatter
from .answers import Number
from .chinese import ChineseCommand, Unready
from .init import port_option
from .opening import keep_log, opened, settings_for, why_not_ready
from .worker import start_thread

THREADS = 4
LOOPBACK = ("127.0.0.1", "localhost", "::1")
#: Seconds that a letter under way is waited for when the server ends.
LAST_LETTER = 15
_LOG = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": JsonFormatter}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "json",
            "stream": "ext://sys.stderr",
        }
    },
    "root": {"level": "INFO", "handlers": ["stderr"]},
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": ["stderr"], "propagate": False},
        "alembic": {"level": "WARNING"},
    },
}


@click.command(cls=ChineseCommand)
@click.option("--host", default="127.0.0.1", metavar="地址", help="监听的地址，默认127.0.0.1。")
@port_option
@click.option(
    "--workers", type=Number(1, 32), default=2, metavar="个数", help="进程个数，默认2，每个4线程。"
)
@click.option(
    "--server",
    type=click.Choice(["gunicorn", "waitress"]),
    default="gunicorn" if sys.platform.startswith("linux") else "waitress",
    hidden=True,
)
def serve(host: str, port: int, workers: int, server: str) -> None:
    """运行网站，直到收到停止信号（Ctrl-C或SIGTERM）。

    停止时先办完正在办的请求。日志写到标准错误，每行一个JSON，不含个人信息。
    """
    run(settings_for(port), host=host, port=port, workers=workers, server=server)


def run(settings: Settings, *, host: str, port: int, workers: int, server: str) -> None:
    if host not in LOOPBACK and not settings.https:
        raise Unready(f"要在{host}上对外服务，请先把VOLUNTEER_URL设为https开头的网址。")
    _refuse_taken(host, port)
    keep_log(logging.INFO)
    with opened(settings) as app:
        if cause := why_not_ready(app):
            raise Unready(cause)
    click.echo(f"正在http://{host}:{port}运行，按Ctrl-C停止。")
    if server == "waitress":
        _run_waitress(app, host, port)
    _run_gunicorn(settings, host, port, workers)


def _refuse_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise Unready(
                f"{host}的{port}端口用不了（{error.strerror}），请用--port换一个。"
            ) from error


def _run_gunicorn(settings: Settings, host: str, port: int, workers: int) -> None:
    """Each worker makes its own application after the fork, with connections of its own."""
    from gunicorn.app.base import BaseApplication

    if typesetting.has_begun():
        raise RuntimeError("a document was set before the workers fork")
    work = _Work()
    options = {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": workers,
        "worker_class": "gthread",
        "threads": THREADS,
        "graceful_timeout": 30,
        "proc_name": "volunteer",
        "logconfig_dict": _LOG,
        "forwarded_allow_ips": "",  # VOLUNTEER_PROXIES alone says whom to believe
        "control_socket_disable": True,
        "worker_exit": lambda _server, _worker: work.end(),
    }

    class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
        def load_config(self) -> None:
            for name, value in options.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Flask:
            app = create_app(settings)
            work.begin(app)
            gc.freeze()  # what lives as long as the worker is not looked through again and again
            return app

    Server().run()


def _run_waitress(app: Flask, host: str, port: int) -> NoReturn:
    import waitress

    signal.signal(signal.SIGTERM, _leave)
    work = _Work()
    work.begin(app)
    try:
        waitress.serve(app, host=host, port=port, threads=2 * THREADS, ident=None)
    finally:
        work.end()
    sys.exit(0)


class _Work:
    """The thread of this process that delivers and runs what is due; each message, each job is
    done by one of all of them."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self, app: Flask) -> None:
        self._thread = start_thread(app, self._stop)

    def end(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(LAST_LETTER)


def _leave(_signal: int, _frame: Any) -> NoReturn:
    """Waitress finishes what it is doing when its loop is left this way."""
    raise SystemExit(os.EX_OK if hasattr(os, "EX_OK") else 0)
