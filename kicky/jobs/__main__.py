"""`python -m kicky.jobs [LANE]`: a worker process."""

from .worker import main

if __name__ == "__main__":  # a process of the pool reads this file too, where it is not forked
    main()
