# One image for every Airflow service of docker-compose.yml: the locked dependencies, then the project.
# Nothing is downloaded when it runs. On an intranet, point BASE_IMAGE and PIP_INDEX_URL at the internal mirrors.
ARG BASE_IMAGE=python:3.11-slim-bookworm
FROM ${BASE_IMAGE}

# Build arguments stay in the image's history: an index that needs a password does not belong here.
ARG PIP_INDEX_URL=""
ARG PIP_TRUSTED_HOST=""
ARG DAIBIAO_UID=50000

ENV PYTHONUNBUFFERED=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ROOT_USER_ACTION=ignore \
    LANG=C.UTF-8 \
    TZ=Asia/Shanghai

WORKDIR /opt/daibiao

# pip byte-compiles what it installs; without that, importing Great Expectations takes twice as long in every task.
COPY requirements.lock ./
RUN python -m pip install --require-hashes -r requirements.lock

COPY pyproject.toml ./
COPY catalog ./catalog
COPY transforms ./transforms
COPY expectations ./expectations
COPY warehouse ./warehouse
COPY serving ./serving
COPY generator ./generator
COPY pipeline ./pipeline
COPY dags ./dags
# Editable, so that the catalog which docker-compose.yml mounts over /opt/daibiao/catalog is the one that is read.
RUN python -m pip install --no-deps --no-build-isolation -e . \
    && python -m compileall -q catalog transforms expectations warehouse serving pipeline

# Named volumes take over the owner of the folder they are first mounted on.
RUN useradd --uid "${DAIBIAO_UID}" --gid 0 --create-home daibiao \
    && mkdir -p /data/landing /opt/airflow/logs /opt/airflow/auth \
    && chown -R "${DAIBIAO_UID}:0" /data /opt/airflow

ENV AIRFLOW_HOME=/opt/airflow \
    DAIBIAO_HOME=/data
USER ${DAIBIAO_UID}:0
ENTRYPOINT ["airflow"]
CMD ["version"]
