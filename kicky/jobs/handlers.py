"""Kind of job -> what does it: job, whom to tell -> the shot it made, if it made one. One line a kind."""

from ..storage.kinds import (
    AUTOLABEL,
    BESIDE,
    BUNDLE,
    COMPARE,
    COPY,
    EVALUATE,
    EXPORT,
    FILM_COPY,
    PROPOSE,
    PULL,
    REDRAW,
    REEL,
    RESTRIKE,
    SEND,
    TRAIN,
)

HANDLERS = {
    "analyze": "kicky.jobs.tasks:analyze",
    RESTRIKE: "kicky.jobs.tasks:resettle",
    BUNDLE: "kicky.jobs.tasks:bundle",
    REDRAW: "kicky.jobs.tasks:redraw",
    COPY: "kicky.jobs.tasks:copy",
    AUTOLABEL: "kicky.jobs.teaching:autolabel",
    TRAIN: "kicky.jobs.teaching:train",
    PROPOSE: "kicky.jobs.filming:propose",
    EXPORT: "kicky.jobs.filming:export",
    FILM_COPY: "kicky.jobs.filming:copy",
    EVALUATE: "kicky.jobs.evaluating:evaluate",
    BESIDE: "kicky.jobs.evaluating:beside",
    COMPARE: "kicky.jobs.comparing:compare",
    SEND: "kicky.jobs.sending:send",
    REEL: "kicky.jobs.sending:reel",
    PULL: "kicky.jobs.fetching:pull",
}
