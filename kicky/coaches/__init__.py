"""Brief, pictures -> the advice, piece by piece. To add one: a file here and its line below; `rules` is the default.

An entry makes the coach: `load(COACHES, name)(**settings)`. What a coach says is shown only through `coaches.guard`.
"""

COACHES = {
    "rules": "kicky.coaches.rules:Rules",
    "minicpm": "kicky.coaches.minicpm:MiniCPM",
    "server": "kicky.coaches.server:Server",
}
