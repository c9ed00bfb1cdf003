"""`python -m kicky.jobs [LANE]`: a worker process."""

from .worker import main

main()
