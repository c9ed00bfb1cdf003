"""Widgets that pages share.

words: what to call things. parts: the page's head, choices, links. goal: the four corners. work: clips and progress.
together: what the shots of a session say as one. shot: one shot's cards. stage: its
film. sketch: drawing on a still of it. answers: its answers at a glance. strip: the session's shots. saturday: all of
a day's, to look through. menu: the way between the pages. able: which detector, and whether it can run.
adding: films dropped. flight: one shot in metres. body: its
shooter in 3-D. swing: its angles through the kick. card: the strike card. kick: moving the kick by hand. pointing:
showing the ball by hand. who: the shooter's name. correct: putting a shot right. coach: advice. server: the player's
own server for it. progress: a session against those before. tables: many shots. history: many Saturdays. games:
players against each other. phone: the app on the phone. lessons:
teaching. labels: labelled pictures. stepper: a film by keys. films: films streamed to it. clips: a session's film
cut. rating: stars. truth: labelling. boxes: boxes frame by frame. exchange: labels in and out. evaluate: detectors
held against labels. answered: their
first look. versus: two runs side by side. divide: splits and tags. keeping: backups, names, deleting. share:
a session as one page, measures as files. replay: a shot in three dimensions. praise: highlights, confetti. compare: a
shot beside another.
"""

from .able import can_run, pick_detector, teaching_offer
from .adding import begin, drop_films, other_ways, pick_session
from .answered import first_look
from .answers import TAB, TABS, answers
from .body import body
from .boxes import draw_boxes
from .card import strike_card
from .clips import cutting
from .coach import session_coach, shot_coach
from .compare import compare
from .correct import put_right
from .day import session_day
from .divide import splits_and_tags
from .evaluate import choose_labels, choose_part, evaluation_work, labels_now, report, run_form, run_table, worth
from .exchange import in_and_out
from .flight import flight
from .games import against_each_other
from .goal import goal_editor
from .history import changes, players, views
from .keeping import your_things
from .kick import kick_work, move_kick
from .labels import look_through
from .lessons import choose_set, label_clips, teaching_work, train_form
from .lessons import results as training_results
from .lessons import summary as set_summary
from .parts import choose, in_words, label_link, own_first, page, refuse, saturday_link, session_link, shot_link
from .phone import on_your_phone
from .pointing import show_ball, which_ball
from .praise import confetti, records, session_highlights
from .progress import pick_player, session_facts
from .provenance import origins
from .rating import rating
from .replay import replay
from .saturday import in_order, saturday_head, saturday_shots, saturday_sums, saturdays
from .server import models_memory, server_settings
from .share import all_measures, send, send_shot
from .shot import fine_print, measure_cards, verdict_banner
from .sketch import drawn
from .slow import slow_motion
from .stage import film, on_stage
from .strip import strip
from .students import students_compared
from .swing import swing
from .tables import chart, filters, player_table, tally
from .together import session_camera
from .truth import agreement, answering
from .truth import queue as label_queue
from .upload import open_film
from .versus import versus
from .who import who_shot
from .words import BODY, FEET, TITLES, percent, plain, session_name, shot_name, unit_of
from .work import progress_lines, rerun_when_done, sample_gallery, watch

__all__ = [
    "BODY",
    "FEET",
    "TAB",
    "TABS",
    "TITLES",
    "against_each_other",
    "agreement",
    "all_measures",
    "answering",
    "answers",
    "begin",
    "body",
    "can_run",
    "changes",
    "chart",
    "choose",
    "choose_labels",
    "choose_part",
    "choose_set",
    "compare",
    "confetti",
    "cutting",
    "draw_boxes",
    "drawn",
    "drop_films",
    "evaluation_work",
    "film",
    "filters",
    "fine_print",
    "first_look",
    "flight",
    "goal_editor",
    "in_and_out",
    "in_order",
    "in_words",
    "kick_work",
    "label_clips",
    "label_link",
    "label_queue",
    "labels_now",
    "look_through",
    "measure_cards",
    "models_memory",
    "move_kick",
    "on_stage",
    "on_your_phone",
    "open_film",
    "origins",
    "other_ways",
    "own_first",
    "page",
    "percent",
    "pick_detector",
    "pick_player",
    "pick_session",
    "plain",
    "player_table",
    "players",
    "progress_lines",
    "put_right",
    "rating",
    "records",
    "refuse",
    "replay",
    "report",
    "rerun_when_done",
    "run_form",
    "run_table",
    "sample_gallery",
    "saturday_head",
    "saturday_link",
    "saturday_shots",
    "saturday_sums",
    "saturdays",
    "send",
    "send_shot",
    "server_settings",
    "session_camera",
    "session_coach",
    "session_day",
    "session_facts",
    "session_highlights",
    "session_link",
    "session_name",
    "set_summary",
    "shot_coach",
    "shot_link",
    "shot_name",
    "show_ball",
    "slow_motion",
    "splits_and_tags",
    "strike_card",
    "strip",
    "students_compared",
    "swing",
    "tally",
    "teaching_offer",
    "teaching_work",
    "train_form",
    "training_results",
    "unit_of",
    "verdict_banner",
    "versus",
    "views",
    "watch",
    "which_ball",
    "who_shot",
    "worth",
    "your_things",
]
