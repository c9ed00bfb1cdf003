"""Labelling: the queue, one clip with its keys, agreement of two labellers."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import streamlit as st

from ..errors import KickyError
from ..service import truth
from ..service.truth import Dispute, LabelView
from ..storage.views import JobView
from . import films
from .parts import abreast, in_words
from .stepper import Decision, stepper
from .words import plain

OUTCOMES = (("g", "Goal", "goal"), ("n", "No goal", "no_goal"), ("u", "Unsure", "unsure"))
HOWS = (
    ("1", "In the net", "in_net"), ("2", "Over", "over"), ("3", "Wide left", "wide_left"),
    ("4", "Wide right", "wide_right"), ("5", "Post or bar", "post"), ("6", "Saved", "saved"), ("7", "Short", "short"),
    ("8", "Cannot tell", "unclear"),
)  # fmt: skip
FEET = (("l", "Left", "left"), ("r", "Right", "right"), ("x", "Cannot tell", "unsure"))
SHOOTER_KEYS = "asdfhj"
WORDS = {value: title for _, title, value in (*OUTCOMES, *HOWS, *FEET)}
FIELDS = {
    "outcome": "Outcome", "how": "How", "shooter": "Shooter", "foot": "Foot", "contact_frame": "Contact",
    "goal_frame": "Goal line", "note": "Note",
}  # fmt: skip
STILL_PX = 480
AROUND = 12  # frames of the loop to either side of the contact


def queue() -> tuple[str, list[int]]:
    """-> who labels ("" until a name is given; it is in the address, so a reload keeps it), and the clips in order.

    The order stays while labels come in; "Sort again" makes it anew.
    """
    orders = list(truth.ORDERS)
    named, asked, again = st.columns([2, 3, 1.3], vertical_alignment="bottom")
    before = st.query_params.get("who", "")
    who = named.text_input("Who labels", before, key="label_who", max_chars=40, placeholder="Your name").strip()
    if who:
        st.query_params["who"] = who
    order = asked.selectbox("Queue", orders, format_func=truth.ORDERS.__getitem__, key="label_order")
    known = (who, order)
    renew = again.button("Sort again", icon=":material/sort:", width="stretch")
    if renew or st.session_state.get("label_queue_of") != known:
        st.session_state["label_queue"] = truth.ordered(truth.items(who), order)
        st.session_state["label_queue_of"] = known
        st.session_state["label_at"] = 0
        asked_for = st.query_params.get("clip", "")
        if asked_for.isdecimal() and int(asked_for) in st.session_state["label_queue"]:
            st.session_state["label_at"] = st.session_state["label_queue"].index(int(asked_for))
    numbers: list[int] = st.session_state["label_queue"]
    return who, numbers


def answering(who: str, numbers: Sequence[int]) -> None:
    """Labeller, queue -> the clip it stands at, drawn again by itself with each answer."""
    st.fragment(in_words(_answering))(who, list(numbers))


def _answering(who: str, numbers: list[int]) -> None:
    at = min(st.session_state.get("label_at", 0), len(numbers) - 1)
    view = truth.to_label(numbers[at], who)
    st.query_params["clip"] = str(view.id)
    done = sum(1 for answer in view.mine.values() if answer.value)
    st.markdown(f"**{plain(view.name)}** · clip {at + 1} of {len(numbers)} · {done} answer{'s' * (done != 1)} by you")
    if view.film is None:
        wait(view.id, view.work)
        return
    if odd := truth.contradiction(view):
        st.warning(plain(odd), icon=":material/help:")
    marks = [
        (int(view.mine[name].value), f"{FIELDS[name]}, you said")
        for name in ("contact_frame", "goal_frame")
        if name in view.mine and view.mine[name].value
    ]
    contact = next((frame for frame, title in marks if title.startswith("Contact")), view.contact)
    middle = view.frames // 2 if contact is None else contact
    stepper(
        "label", [films.reel(view.film)], view.id, lambda told: _decide(who, numbers, told), _groups(view),
        start=middle, contact=contact, arrival=view.arrival, marks=marks, ball=view.ball, size=view.size_wh_px,
        loop=(max(middle - AROUND, 0), min(middle + AROUND, view.frames - 1)),
    )  # fmt: skip
    _note(who, view)
    _who_and_when(view)


def wait(clip_id: int, work: JobView | None) -> None:
    """A clip whose copy for the browser is being made: how far it is, looked at again in a second."""
    if work is not None and not work.active:
        st.error(plain(work.message or "The film could not be made ready."), icon=":material/info:")
        return
    st.progress(work.progress if work else 0.0, text="Making the film ready to be stepped through")
    st.fragment(look_again, run_every=1.0)(clip_id)


def look_again(clip_id: int) -> None:
    """Clip -> the page runs again once its film can be stepped through."""
    if truth.film_of(clip_id)[0] is not None:
        st.rerun(scope="app")


def _groups(view: LabelView) -> list[dict[str, Any]]:
    """Clip -> the questions with their keys; what was answered is pressed."""
    players = list(view.players[: len(SHOOTER_KEYS)])
    shooters = [(SHOOTER_KEYS[k], name, name) for k, name in enumerate(players)]
    asked = [("outcome", OUTCOMES), ("foot", FEET), ("how", HOWS), ("shooter", tuple(shooters))]
    groups = [
        {"title": FIELDS[name], "keys": [_key(view, name, *each) for each in choices]}
        for name, choices in asked
        if choices
    ]  # fmt: skip
    frames = [
        {
            "key": key, "title": f"{title}: this frame", "does": name, "here": True, "pressed": _said(view, name),
            "seen": _seen(view, name),
        }
        for key, title, name in (("c", "Contact", "contact_frame"), ("k", "Goal line", "goal_frame"))
    ]  # fmt: skip
    ways = [
        {"key": "z", "title": "Undo", "does": "undo"},
        {"key": "Backspace", "title": "Clip before", "does": "before", "moves": True},
        {"key": "Enter", "title": "Next clip", "does": "after", "moves": True},
    ]
    return [*groups, {"title": "When", "keys": frames}, {"title": "", "keys": ways}]


def _key(view: LabelView, name: str, key: str, title: str, value: str) -> dict[str, Any]:
    now = view.mine.get(name)
    pressed = now is not None and now.value == value
    return {"key": key, "title": title, "does": name, "value": value, "pressed": pressed, "seen": _seen(view, name)}


def _said(view: LabelView, name: str) -> bool:
    return name in view.mine and bool(view.mine[name].value)


def _seen(view: LabelView, name: str) -> int:
    return view.mine[name].number if name in view.mine else 0


def turned(numbers: Sequence[int], clip_id: int, does: str) -> str:
    """The queue, the clip shown, after or before -> that one is shown next; a word where there is none after it."""
    at = numbers.index(clip_id) + (1 if does == "after" else -1)
    st.session_state["label_at"] = min(max(at, 0), len(numbers) - 1)
    return "That was the last clip of the queue." if at >= len(numbers) else ""


def _decide(who: str, numbers: Sequence[int], told: Decision) -> str:
    """One decision of the browser -> done; the word that is shown for it."""
    clip_id, does = int(told["on"]), str(told["does"])
    if does in ("after", "before"):
        return turned(numbers, clip_id, does)
    own: dict[tuple[int, str, str], int] = st.session_state.setdefault("label_own", {})
    if does == "undo":
        for key in [key for key in own if key[:2] == (clip_id, who)]:
            del own[key]
        gone = truth.undo(clip_id, who)
        return f"{FIELDS.get(gone, gone)} taken back." if gone else "There is nothing of yours to undo."
    value = str(told["frame"]) if does in ("contact_frame", "goal_frame") else str(told["value"])
    # What this window was shown last, or has said itself since: anything newer was said in another window.
    seen = max(int(told["seen"]), own.get((clip_id, who, does), 0))
    own[clip_id, who, does] = truth.answer(clip_id, does, value, who, seen)
    return f"Saved: {FIELDS[does].lower()} {WORDS.get(value, value).lower() if does != 'shooter' else value}."


def _note(who: str, view: LabelView) -> None:
    """A line for whatever else is to be said of the clip, and a shooter who has no key."""
    note, shooter = st.columns(2)
    for place, name in ((note, "note"), (shooter, "shooter")):
        now = view.mine.get(name)
        place.text_input(
            FIELDS[name], now.value if now else "", key=f"label_{name}_{view.id}_{_seen(view, name)}", max_chars=400,
            on_change=in_words(_typed), args=(view.id, name, who, f"label_{name}_{view.id}_{_seen(view, name)}"),
        )  # fmt: skip


def _typed(clip_id: int, name: str, who: str, key: str) -> None:
    truth.answer(clip_id, name, str(st.session_state[key]), who, int(key.rpartition("_")[2]))


def _who_and_when(view: LabelView) -> None:
    said = [
        f"{FIELDS[name]} at {answer.made_at.astimezone():%H:%M:%S}"
        for name, answer in view.mine.items()
        if answer.value and name in FIELDS
    ]
    if said:
        st.caption("You said: " + " · ".join(said) + ".")


def _see(clip_id: int) -> None:
    """Clip -> the page stands at it next."""
    st.session_state["label_mode"] = "Answers"
    st.session_state.pop("label_queue_of", None)
    st.query_params["clip"] = str(clip_id)


def agreement() -> None:
    """Two labellers -> how well they agree, and what they differ on, to be settled."""
    names = truth.labellers()
    if len(names) < 2:
        st.info(
            "Agreement needs two labellers. Let a second one answer under a name of their own: nobody sees what the "
            "other said.",
            icon=":material/group:",
        )
        return
    left, right = st.columns(2)
    one = left.selectbox("One labeller", names, key="agree_one")
    other = right.selectbox("The other", [name for name in names if name != one], key="agree_other")
    lines = [
        {
            "Question": FIELDS[line.field], "Clips both answered": line.clips, "Same answer": f"{line.alike:.0%}",
            "Cohen's kappa": "–" if line.kappa is None else f"{line.kappa:.2f}",
        }
        for line in truth.agreements(one, other)
    ]  # fmt: skip
    if not lines:
        st.info("They have no clip in common yet.", icon=":material/info:")
        return
    st.dataframe(lines, hide_index=True, key="agree_table")
    st.caption("Kappa is 1 where they always agree, 0 where no more than chance would. Frames one apart count as same.")
    _disputes()


def _disputes() -> None:
    """What labellers differ on: press the answer that counts."""
    open_ = truth.disputes()
    st.header(f"Disputes ({len(open_)})", anchor=False)
    if not open_:
        st.markdown("There are none: where both agree, that counts as the truth.")
    for dispute in open_[:20]:
        with st.container(border=True):
            _dispute(dispute)
    if len(open_) > 20:
        st.caption(f"And {len(open_) - 20} more.")


def _dispute(dispute: Dispute) -> None:
    """One dispute -> its answers side by side, each with who gives it, and with its own frame where it names one."""
    st.markdown(f"**{plain(dispute.clip)}** · {FIELDS[dispute.field]}")
    values = sorted(set(dispute.said.values()), key=lambda value: (value.zfill(9), value))
    framed = dispute.field in ("contact_frame", "goal_frame")
    if not framed and dispute.field != "note":
        _still(dispute, "", "What it is about")
    for place, value in zip(abreast(len(values), f"said-{dispute.clip_id}-{dispute.field}"), values, strict=True):
        with place:
            answer = f"Frame {value}" if framed else WORDS.get(value, value)
            if framed:
                _still(dispute, value, answer)
            who = ", ".join(name for name, said in dispute.said.items() if said == value)
            st.markdown(f"**{plain(answer)}**  \n{plain(who)}")
            st.button(
                "This counts", key=f"settle-{dispute.clip_id}-{dispute.field}-{value}",
                on_click=in_words(truth.settle), args=(dispute.clip_id, dispute.field, value),
                help="Your choice counts as the truth from now on.",
            )  # fmt: skip
    st.button(
        "See the clip", key=f"disputed-{dispute.clip_id}-{dispute.field}", icon=":material/visibility:",
        on_click=_see, args=(dispute.clip_id,),
    )  # fmt: skip


def _still(dispute: Dispute, value: str, alt: str) -> None:
    """Dispute, an answer to it -> its frame; nothing where the film is gone or has no such frame."""
    with suppress(KickyError):
        st.image(_jpeg(dispute.clip_id, dispute.field, value), width=STILL_PX, alt=alt)


@st.cache_data(max_entries=64, show_spinner=False)
def _jpeg(clip_id: int, name: str, value: str) -> bytes:
    return truth.disputed_still(clip_id, name, value)
