"""`python -m kicky.jobs`: the worker process."""

from . import main

main()
