"""The words that rows are told apart by: kinds of jobs, states of cuts, who named a shooter."""

from __future__ import annotations

# Who gave a shooter's name: a person, or a look like somebody named by a person.
BY_HAND, BY_LOOK = "hand", "look"
RESTRIKE = "restrike"
# Kinds of job that belong to no line of a page: they come after all others, in this order.
UNLISTED = (BUNDLE, REDRAW, COPY) = ("bundle", "redraw", "copy")
TEACHING = (AUTOLABEL, TRAIN) = ("autolabel", "train")
# Work on a session's whole film.
FILMING = (PROPOSE, EXPORT, FILM_COPY) = ("propose", "export", "film_copy")
EVALUATING = (EVALUATE, BESIDE, COMPARE) = ("evaluate", "beside", "compare")
# Films made to be sent.
SENDING = (SEND, REEL) = ("send", "reel")
# Models fetched: the one work that goes online.
FETCHING = (PULL,) = ("pull",)
INSTALLING = "environment"  # the stage in which what a model runs on is installed
PROPOSED, KEPT, DISMISSED, EXPORTED = "proposed", "kept", "dismissed", "exported"
