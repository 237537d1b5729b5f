"""How gunicorn serves the suite: ``gunicorn -c python:s2b2c.gunicorn s2b2c.wsgi``. The environment sets numbers."""

import gc
import os

bind = os.environ.get("WEB_BIND", f"127.0.0.1:{os.environ.get('PORT', '8000')}")
workers = int(os.environ.get("WEB_WORKERS", "2"))
worker_class = os.environ.get("WEB_CLASS", "gthread")
threads = int(os.environ.get("WEB_THREADS", "4" if worker_class == "gthread" else "1"))
# One import for all workers: a quicker start, and memory that they share.
preload_app = True
timeout = int(os.environ.get("WEB_TIMEOUT", "30"))
graceful_timeout = int(os.environ.get("WEB_GRACEFUL_TIMEOUT", "10"))
keepalive = 5
# A slow leak ends with its worker; the jitter keeps workers from leaving together.
max_requests = int(os.environ.get("WEB_MAX_REQUESTS", "20000"))
max_requests_jitter = 2000
limit_request_line = 8190
limit_request_fields = 100
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - gunicorn's heartbeat files
control_socket_disable = True
accesslog = "-" if os.environ.get("WEB_ACCESS_LOG") == "1" else None
errorlog = "-"


def when_ready(server) -> None:
    """Import what the first request would, and keep the garbage collector off it: workers share it and end sooner."""
    from django.urls import get_resolver

    get_resolver().url_patterns  # noqa: B018 - asking loads every view
    if server.cfg.worker_class_str != "asgi":
        # The live server searches for nothing.
        from apps.catalog.api import load_dictionaries

        load_dictionaries()
    gc.collect()
    gc.freeze()


def child_exit(server, worker) -> None:
    """Fold the metrics of a worker that ended into those that stay."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)
