FROM python:3.11-slim

RUN useradd --create-home --uid 10001 motcua \
    && install --directory --owner motcua --mode 0750 /var/lib/motcua
WORKDIR /opt/motcua
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes --requirement requirements.lock
COPY . .
RUN python -m compileall -q .
ENV PYTHONPATH=/opt/motcua PYTHONUNBUFFERED=1
USER motcua
VOLUME /var/lib/motcua
CMD ["python", "-m", "motcua", "--help"]
