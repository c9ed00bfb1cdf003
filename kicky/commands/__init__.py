"""The commands of the command line, a file each for those that belong together; telling: how work under way is shown.

What a command does is imported inside it: `python -m kicky --help` must not wait for the database, nor for NumPy.
"""
