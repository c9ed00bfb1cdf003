# KICKY in a container, as `make run` sets it up; README.md says how to build and start it.
# MediaPipe's wheel is made for this one processor.
FROM --platform=linux/amd64 debian:bookworm-slim

# What the player keeps, models too, is the volume; the program cannot be written by who runs it.
ENV KICKY_HOME=/home/kicky/things LANG=C.UTF-8 UV_COMPILE_BYTECODE=1
WORKDIR /opt/kicky
RUN useradd --create-home kicky && install -d -o kicky -g kicky "$KICKY_HOME"

RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates python3 && rm -rf /var/lib/apt/lists/*
COPY kicky/__init__.py kicky/machine.py kicky/
RUN python3 -m kicky.machine run && rm -rf /var/lib/apt/lists/*

# Before the rest of the program, so that a change to that does not fetch the packages again.
COPY Makefile requirements-run.lock ./
RUN make .venv/run.stamp && rm -rf .uv/cache

COPY . .
RUN python3 -m compileall -q kicky pages Home.py
USER kicky
# The pose model and the sample shots: a new volume begins with them.
RUN make ready

VOLUME /home/kicky/things
EXPOSE 8501
# Beyond this container the app opens only to who knows KICKY_PASSWORD; without one it stays shut.
CMD ["make", "--silent", "run", "ARGS=--server.address 0.0.0.0"]
