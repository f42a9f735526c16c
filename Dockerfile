# Contact Hub in one image: the same for the web, the worker, the scheduler and the mailbox watcher.

FROM node:22-bookworm-slim AS assets
WORKDIR /srv/contact-hub/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci
COPY frontend ./
RUN node build.mjs

FROM python:3.13-slim-bookworm AS build
WORKDIR /srv/contact-hub
COPY setup/installers.lock setup/
RUN pip install --no-cache-dir --require-hashes -r setup/installers.lock && python -m venv .venv
COPY requirements.lock setup.cfg pyproject.toml README.md ./
# What setup.cfg asks for in production, in the versions and with the hashes of the lock; nothing for development.
RUN uv pip install --no-cache --python .venv/bin/python --verify-hashes --constraint requirements.lock --requirement setup.cfg
COPY . ./
COPY --from=assets /srv/contact-hub/contact_hub/web/static/built contact_hub/web/static/built
RUN uv pip install --no-cache --python .venv/bin/python --no-deps --build-constraint requirements.lock --editable . \
 && .venv/bin/pybabel compile --directory contact_hub/translations \
 && .venv/bin/python -m compileall -q contact_hub channels workers

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/contact-hub --create-home hub
WORKDIR /srv/contact-hub
COPY --from=build /srv/contact-hub ./
ENV PATH=/srv/contact-hub/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    CONTACT_HUB_VAR=/var/lib/contact-hub
USER hub
VOLUME /var/lib/contact-hub
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/health/live', timeout=4)"]
CMD ["contact-hub", "web", "--host", "0.0.0.0", "--port", "8080"]
