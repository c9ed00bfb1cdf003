"""Everything raised on purpose, in the player's words.

The message is one sentence and says what to do; a page shows `str(error)` and nothing else, the
command line prints it and exits with 1. A bug is not a KickyError and keeps its traceback in the log.

    KickyError
    ├── UnreadableClip   the file is no film, or not a whole one
    ├── UnfitClip        a film, but not one a shot can be judged from (the camera moves, one frame)
    ├── BadScene         the four corners make no goal
    ├── UnknownPart      no detector, measure or coach of that name
    ├── CoachFailed      a coach could not be asked, or broke off
    ├── MissingWeights   a model's file is not there, or not the right one
    ├── MissingPackages  what teaches and coaches was not fetched yet, or could not be
    ├── Untrusted        a model's file could run code of its own, and the player has not said he trusts it
    ├── NoScheduler      the cluster that was named does not answer
    ├── TooSlow          without a graphics card this would take too long; it says how long
    ├── OutOfMemory      the graphics card, or the machine, has no room left
    ├── TeacherFailed    a large model broke down over one clip
    ├── BadDataset       labelled pictures that nothing can be learned from
    ├── Outdated         somebody else has answered meanwhile
    ├── BadDrawing       a drawing that is empty, too long, or of no frame of the film
    ├── BadLabel         an answer that is none, or labels that do not fit the clips
    ├── NotFound         no such session, clip, shot or job
    ├── BadSetting       an environment variable that holds what it cannot
    ├── StorageFailed    the disk is full, the folder read-only, the database newer than the program
    └── Cancelled        the player said stop
"""

from collections.abc import Iterator
from contextlib import contextmanager


class KickyError(Exception):
    """Root of everything the player is told in words."""


class UnreadableClip(KickyError):
    """The file is no film, or not a whole one."""


class UnfitClip(KickyError):
    """A film, but not one a shot can be judged from."""


class BadScene(KickyError):
    """The four corners, or the size given, make no goal."""


class UnknownPart(KickyError):
    """No detector, measure or coach is registered under that name."""


class CoachFailed(KickyError):
    """A coach could not be asked, or broke off in the middle."""


class MissingWeights(KickyError):
    """A model's file is not there, or is not the one the register names."""


class MissingPackages(KickyError):
    """Packages that only some of the program needs are not here, or could not be fetched."""


class Untrusted(KickyError):
    """A model's file could run code of its own, and nobody has said that he trusts it."""


class NoScheduler(KickyError):
    """The cluster that is to do the work does not answer."""


class TooSlow(KickyError):
    """Without a graphics card this would take too long."""


class OutOfMemory(KickyError):
    """The graphics card, or the machine, has no room left for the smallest piece of work."""


class TeacherFailed(KickyError):
    """A large model broke down over a clip; the next one may be labelled all the same."""


class BadDataset(KickyError):
    """Labelled pictures that nothing can be learned from, or that are not as they say."""


class BadLabel(KickyError):
    """An answer that makes no sense, or labels from a file that do not fit the clips here."""


class BadDrawing(KickyError):
    """A drawing on a still that is empty, cannot be drawn, or is of a frame the film does not have."""


class Outdated(KickyError):
    """What was seen has been changed meanwhile in another window."""


class NotFound(KickyError):
    """No such session, clip, shot, player or job."""


class BadSetting(KickyError):
    """An environment variable that holds what it cannot."""


class StorageFailed(KickyError):
    """The disk is full or read-only, or the database is of a newer version."""


class Cancelled(KickyError):
    """The player said stop."""


@contextmanager
def called(file: str, name: str) -> Iterator[None]:
    """A file of ours, the film's name -> a block whose errors speak of the film by the name the player knows."""
    try:
        yield
    except KickyError as error:
        raise type(error)(str(error).replace(file, name)) from error
