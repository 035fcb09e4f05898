# One image for web, worker, beat and the commands. Built in two stages: what builds does not run in production.
FROM python:3.13.12-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.txt requirements/onnx.txt /tmp/
# docker compose build --build-arg ONNX=1 adds what learned models need (docs/embedders.md).
ARG ONNX=
RUN /opt/venv/bin/pip install --require-hashes -r /tmp/requirements.txt ${ONNX:+-r /tmp/onnx.txt} \
    && /opt/venv/bin/pip uninstall --yes pip

FROM python:3.13.12-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 DOPPEL_ENV=production
RUN groupadd --gid 10001 doppel \
    && useradd --uid 10001 --gid doppel --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin doppel
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY manage.py ./
COPY board board
COPY dedupe dedupe
COPY templates templates
COPY static static
COPY deploy/answers.py deploy/answers.py
# The static files get their hashed names by the storage that production uses; no secret is kept in the image.
RUN python -m compileall -q board dedupe \
    && env DOPPEL_SECRET_KEY="only while building, 0123456789abcdefghijklmnopqrstuvwxyz" \
           DOPPEL_ALLOWED_HOSTS=localhost DATABASE_URL=postgres://localhost/none REDIS_URL=redis://localhost/0 \
           DOPPEL_STORAGE=filesystem python manage.py collectstatic --noinput --verbosity 0
USER doppel
EXPOSE 8000
# The web process of this container; the other services of docker-compose.yml bring their own check.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["python", "deploy/answers.py"]
# WEB_CONCURRENCY sets the number of processes, each with eight threads.
ENV WEB_CONCURRENCY=2
CMD ["gunicorn", "board.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--threads", "8", "--worker-tmp-dir", "/dev/shm", "--graceful-timeout", "25", \
     "--config", "python:board.gunicorn"]
