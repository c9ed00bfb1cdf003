"""Widgets that pages share.

words: what to call things. parts: the page's head, choices, links. goal: the four corners. work: clips
and progress. together: what the shots of a session say as one. shot: one shot's cards. flight: one shot in
metres. card: the strike card. kick: moving the kick by hand. who: the shooter's name. tables: many shots.
"""

from .card import strike_card
from .flight import flight
from .goal import goal_editor
from .kick import kick_work, move_kick
from .parts import choose, in_words, own_first, page, refuse, session_link, shot_link
from .shot import films, fine_print, measure_cards, verdict_banner
from .tables import chart, filters, player_table, shot_table, tally
from .together import session_camera
from .who import who_shot
from .words import DEGREES, FEET, TITLES, percent, plain, session_name, shot_name
from .work import add_all, films_from_folder, progress_lines, rerun_when_done, sample_gallery, watch

__all__ = [
    "DEGREES",
    "FEET",
    "TITLES",
    "add_all",
    "chart",
    "choose",
    "films",
    "films_from_folder",
    "filters",
    "fine_print",
    "flight",
    "goal_editor",
    "in_words",
    "kick_work",
    "measure_cards",
    "move_kick",
    "own_first",
    "page",
    "percent",
    "plain",
    "player_table",
    "progress_lines",
    "refuse",
    "rerun_when_done",
    "sample_gallery",
    "session_camera",
    "session_link",
    "session_name",
    "shot_link",
    "shot_name",
    "shot_table",
    "strike_card",
    "tally",
    "verdict_banner",
    "watch",
    "who_shot",
]
