# One image for web, worker, beat and the preparing step: docker-compose.yml says which command each runs.
FROM python:3.13-slim

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_NO_CACHE=1 \
    UV_PYTHON_DOWNLOADS=never

WORKDIR /app
RUN pip install --no-cache-dir uv

# The packages first: they change less often than the code, and then come from Docker's cache.
COPY pyproject.toml uv.lock .python-version ./
RUN uv sync --frozen --no-dev
ENV PATH=/app/.venv/bin:$PATH

COPY . .

# Code belongs to root and cannot be changed by the app; what it writes goes to /data, a volume.
RUN useradd --system --uid 10001 --home-dir /data --no-create-home allyship \
    && install --directory --owner allyship --mode 700 /data /backups
USER allyship
ENV ALLYSHIP_HOME=/data
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "--config", "python:allyship.gunicorn", "allyship.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4"]
