"""Brief, pictures -> the advice, piece by piece. To add one: a file here and its line below; `rules` is the default.

What a coach says is shown only through `coaches.guard`.
"""

COACHES = {
    "rules": "kicky.coaches.rules:rules",
    "minicpm": "kicky.coaches.minicpm:minicpm",
    "server": "kicky.coaches.server:server",
}
