# syntax=docker/dockerfile:1
# The whole system in one image: server, worker and consumer differ in their command alone.
ARG PYTHON=python:3.13.7-slim-trixie

# --- Packages and collected static files; tools for that stay here ------------------------------
FROM ${PYTHON} AS build
ENV PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /venv
COPY requirements.txt /tmp/requirements.txt
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/requirements.txt
WORKDIR /app
COPY . .
# Nothing of this configuration is kept: it only makes the files those of production.
RUN DEMO=0 DATA_DIR=/tmp/data STATIC_DIR=/app/collected ALLOWED_HOSTS=build \
    SECRET_KEY=only-for-collecting-files-0123456789-abcdefghijklmnop \
    /venv/bin/python manage.py collectstatic --noinput --verbosity 0 && \
    /venv/bin/python -m compileall -q /app /venv/lib

# --- What runs: nothing in it can be written by its user but /data and /tmp -----------------------
FROM ${PYTHON}
# pg_dump and pg_restore, for manage.py backup; its release must not be older than the server's.
# hadolint ignore=DL3008
RUN apt-get update && \
    apt-get install -y --no-install-recommends postgresql-client && \
    rm -rf /var/lib/apt/lists/* && \
    groupadd --gid 10001 factory && \
    useradd --uid 10001 --gid factory --home-dir /data --no-create-home --shell /usr/sbin/nologin factory && \
    install -d -o factory -g factory -m 0750 /data
COPY --from=build /venv /venv
COPY --from=build /app /app
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 PORT=8000 DATA_DIR=/data STATIC_DIR=/app/collected
WORKDIR /app
USER 10001:10001
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
# ALLOWED_HOSTS must name 127.0.0.1 for it.
HEALTHCHECK --interval=10s --timeout=6s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/readyz', timeout=5)"]
CMD ["python", "manage.py", "serve"]
