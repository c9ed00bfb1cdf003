"""What the guard lets through, takes away and puts in its place; the sets of replies are in benchmarks/replies."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from benchmarks.guard import altered, let_through
from benchmarks.replies import Reply, adversarial, briefs, sound
from kicky.coaches.brief import shot_brief
from kicky.coaches.checks import fault
from kicky.coaches.guard import LONGEST_REPLY, MOST_PIECES, MOST_SILENT, Passage, guard
from kicky.coaches.prompt import SECTIONS
from kicky.coaches.rules import Rules, sections
from kicky.coaches.saturday import session_brief
from kicky.domain import Brief, Foot, How, Measure, Verdict
from kicky.errors import CoachFailed
from kicky.speeds import Unit

from .test_rules import shots

TITLES = ("Verdict", "Fix 1", "Fix 2", "Drill")
BRIEF = briefs()["goal_full"]
GOOD = (
    "Goal, Adam! 91 km/h with the right foot.",
    "Bring your standing foot closer; it was 45 cm away.",
    "Strike through the ball.",
    "10 shots from 11 m.",
)
REPLY = "\n\n".join(f"**{title}:** {text}" for title, text in zip(TITLES, GOOD, strict=True))


def shown(text: str) -> list[Passage]:
    return list(guard([text], BRIEF))


def texts(passages: list[Passage]) -> tuple[str, ...]:
    return tuple(passage.text for passage in passages)


def test_the_sets_are_as_large_as_they_should_be() -> None:
    assert len(adversarial()) >= 120
    assert len(sound()) >= 150
    assert {reply.batch for reply in sound()} == {reply.batch for reply in adversarial()}


@pytest.mark.parametrize("reply", adversarial(), ids=lambda reply: f"{reply.brief} {reply.sections[reply.bad]}"[:60])
def test_no_contradiction_is_shown(reply: Reply) -> None:
    assert not let_through(reply)


def test_hardly_a_sound_reply_is_altered() -> None:
    taken = [altered(reply) for reply in sound()]
    assert sum(map(bool, taken)) <= 0.02 * len(taken), [why for why in taken if why]


@pytest.mark.parametrize("name", briefs())
def test_the_rules_coach_passes_unaltered(name: str) -> None:
    brief = briefs()[name]
    passages = list(guard(Rules()(brief), brief))
    assert [passage.replaced for passage in passages] == [False] * 4
    assert texts(passages) == sections(brief)
    titles = SECTIONS[brief.kind]
    assert [fault(*pair, brief) for pair in zip(titles, sections(brief), strict=True)] == [""] * 4


def test_a_name_that_is_a_word_of_the_game_does_not_undo_the_rules() -> None:
    brief = replace(BRIEF, player="Unlucky Miss")
    assert not any(passage.replaced for passage in guard(Rules()(brief), brief))


@pytest.mark.parametrize("place", range(1, len(REPLY)))
def test_where_the_pieces_are_cut_makes_no_difference(place: int) -> None:
    assert texts(list(guard([REPLY[:place], REPLY[place:]], BRIEF))) == GOOD


@pytest.mark.parametrize("size", [1, 2, 3, 5, 11])
def test_a_contradiction_is_caught_however_it_is_cut(size: int) -> None:
    bad = REPLY.replace("91 km/h", "119 km/h")
    passages = list(guard((bad[at : at + size] for at in range(0, len(bad), size)), BRIEF))
    assert [passage.replaced for passage in passages] == [True, False, False, False]
    assert passages[0].text == sections(BRIEF)[0]
    assert passages[0].why == "gives a number that was not measured"


def test_a_passage_comes_before_the_next_is_written() -> None:
    def slowly() -> Iterator[str]:
        yield REPLY[: REPLY.index("**Fix 1") + 12]
        raise AssertionError("asked for more than it needed")

    assert next(guard(slowly(), BRIEF)).text == GOOD[0]


@pytest.mark.parametrize(
    "dressed",
    [
        REPLY.replace("**Fix 1:**", "### Fix 1:"),
        REPLY.replace("**", ""),
        REPLY.replace("**Fix 1:**", "**Fix:**").replace("**Fix 2:**", "**Fix:**"),
        REPLY.replace(":**", "**:"),
        "Sure! Here is your feedback:\n\n" + REPLY,
        "<think>He missed, I think. **Verdict:** no goal.</think>" + REPLY,
        REPLY.replace("**Verdict:**", "1. **Verdict:**").replace("**Fix 1:**", "2. **Fix one:**"),
        REPLY + "\n\n**Note:** You missed, sorry.",
        REPLY.replace("Strike through", "_Strike_ **through**"),
        REPLY + "\n\n" + REPLY.replace("Goal", "No goal"),
    ],
)
def test_dress_and_wrapping_are_taken_off(dressed: str) -> None:
    assert texts(shown(dressed)) == GOOD


@pytest.mark.parametrize(
    ("reply", "replaced"),
    [
        ("", [True] * 4),
        ("   \n", [True] * 4),
        ("What a goal, well done!", [True] * 4),
        (REPLY[: REPLY.index("**Drill")], [False, False, False, True]),
        (REPLY.replace("**Fix 1:** " + GOOD[1], ""), [False, True, False, False]),
        (REPLY[REPLY.index("**Drill") :] + "\n\n" + REPLY, [True, True, True, False]),
        (REPLY.replace(GOOD[2], "word " * 200), [False, False, True, False]),
        (REPLY.replace(GOOD[2], "Strike it well now. " * 40), [False, False, True, False]),
        (REPLY.replace(GOOD[2], "…"), [False, False, True, False]),
        (REPLY.replace(GOOD[2], "See https://example.com for more."), [False, False, True, False]),
        (REPLY.replace(GOOD[2], "Use ```print(1)``` to see it."), [False, False, True, False]),
        (REPLY.replace(GOOD[2], "<b>Strike</b> through it."), [False, False, True, False]),
        (REPLY.replace(GOOD[2], "As an AI, I cannot view pictures."), [False, False, True, False]),
        (REPLY.replace(GOOD[2], "Never contradict the verdict or a number."), [False, False, True, False]),
        (REPLY.replace(GOOD[2], "Stell den Fuß näher an den Ball und zieh durch."), [False, False, True, False]),
        (REPLY.replace(GOOD[2], "把支撑脚放得离球近一些。"), [False, False, True, False]),
        (REPLY.replace(GOOD[2], "Ставь опорную ногу ближе к мячу."), [False, False, True, False]),
        (REPLY.replace("Goal, Adam!", "G\u200boal? It didn\u2019t g\u200bo in."), [True, False, False, False]),
    ],
)  # fmt: skip
def test_what_leaves_the_form_gives_way(reply: str, replaced: list[bool]) -> None:
    passages = shown(reply)
    assert [passage.replaced for passage in passages] == replaced
    assert [passage.title for passage in passages] == list(TITLES)
    for passage, own in zip(passages, sections(BRIEF), strict=True):
        assert bool(passage.why) is passage.replaced
        assert not passage.replaced or passage.text == own


@pytest.mark.parametrize("piece", ["", "word ", "**Verdict:** Goal, Adam! ", "\n"])
def test_an_endless_reply_is_cut_off_and_its_coach_stopped(piece: str) -> None:
    taken, closed = 0, False

    def endless() -> Iterator[str]:
        nonlocal taken, closed
        try:
            while True:
                taken += 1
                yield piece
        finally:
            closed = True

    passages = list(guard(endless(), BRIEF))
    assert len(passages) == 4
    assert taken <= max(MOST_PIECES + 2, LONGEST_REPLY, MOST_SILENT + 2)
    assert closed


def test_the_sections_of_a_session_are_known_by_their_names() -> None:
    brief = session_brief("Adam", shots(5, 5, 80), shots(4, 6, 78))
    own = sections(brief)
    reply = "".join(f"**{title}:** {text}\n" for title, text in zip(SECTIONS["session"], own, strict=True))
    passages = list(guard(iter(reply.split(" ")[:1] + [f" {word}" for word in reply.split(" ")[1:]]), brief))
    assert [(passage.title, passage.replaced) for passage in passages] == [(t, False) for t in SECTIONS["session"]]


def test_leaving_early_stops_the_coach() -> None:
    closed = False

    def coach() -> Iterator[str]:
        nonlocal closed
        try:
            yield from (REPLY[at : at + 5] for at in range(0, len(REPLY), 5))
        finally:
            closed = True

    passages = guard(coach(), BRIEF)
    next(passages)
    passages.close()
    assert closed


def test_a_coach_that_breaks_off_is_completed_and_one_that_never_began_is_not() -> None:
    def breaks(text: str) -> Iterator[str]:
        yield text
        raise CoachFailed("The server went away: try again.")

    passages = list(guard(breaks(REPLY[: REPLY.index("**Fix 2") + 14]), BRIEF))
    assert [passage.replaced for passage in passages] == [False, False, True, True]
    assert passages[2].why == "broke off: The server went away: try again."
    with pytest.raises(CoachFailed, match="went away"):
        list(guard(breaks("**Verd"), BRIEF))


@pytest.mark.parametrize(
    ("brief", "title", "text", "fine"),
    [
        ("goal_full", "Verdict", "Goal! Not over the bar this time, but in.", True),
        ("goal_full", "Fix 1", "Leaning back can send the ball over the bar.", True),
        ("goal_full", "Fix 1", "You leaned back, so it went over the bar.", False),
        ("goal_full", "Fix 1", "Land your left foot beside the ball.", True),
        ("goal_full", "Fix 1", "Land your right foot beside the ball.", True),
        ("goal_full", "Drill", "10 shots with the left foot, your weaker one.", True),
        ("goal_full", "Verdict", "Goal! That is 57 mph.", True),
        ("goal_full", "Verdict", "Goal! That is 67 mph.", False),
        ("goal_full", "Verdict", "Goal! That is ninety-one km/h.", True),
        ("goal_full", "Verdict", "Goal! That is ninety-five km/h.", False),
        ("goal_full", "Verdict", "Goal! Some 25 m/s off the foot.", True),
        ("over_right", "Verdict", "Over the bar, no goal.", True),
        ("over_right", "Verdict", "Over the bar? No, goal!", False),
        ("unsure_full", "Verdict", "Nobody can tell whether it was a goal.", True),
        ("unsure_full", "Verdict", "Nobody can tell, but it was a goal.", False),
        ("post_unsure", "Drill", "10 shots with the left foot, 10 with the right.", True),
        ("post_unsure", "Fix 1", "Lock the ankle of your left foot as you shoot.", False),
    ],
)
def test_single_passages(brief: str, title: str, text: str, fine: bool) -> None:
    own = sections(briefs()[brief])
    reply = "\n".join(f"**{name}:** {text if name == title else part}" for name, part in zip(TITLES, own, strict=True))
    passage = list(guard([reply], briefs()[brief]))[TITLES.index(title)]
    assert passage.replaced is not fine, passage.why


def told(half: float, unit: Unit = Unit.KMH) -> Brief:
    measure = Measure("speed", "km/h", 101.0, 101.0 - half, 101.0 + half)
    return shot_brief(Verdict.GOAL, How.IN_NET, Foot.RIGHT, [measure], player="Adam", speeds_in=unit)


@pytest.mark.parametrize("words", ["The speed was excellent", "The pace was really slow", "A powerful speed it was"])
def test_a_wide_speed_is_neither_praised_nor_blamed(words: str) -> None:
    text = f"Goal, Adam! {words}."
    assert fault("Verdict", text, told(25)) == "judges a speed that is too uncertain"
    assert fault("Verdict", text, told(5)) == ""


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("half", [5, 25])
def test_a_speed_is_let_through_as_it_was_told_and_another_is_not(unit: Unit, half: float) -> None:
    brief = told(half, unit)
    assert [passage.replaced for passage in guard(Rules()(brief), brief)] == [False] * 4
    assert brief.facts[0].text in sections(brief)[0]
    assert fault("Verdict", f"Goal, Adam! It flew at 140 {unit}.", brief) == "gives a number that was not measured"


ADVICE = "**Verdict:** Goal! Left foot.\n\n**Fix 1:** Keep your head still.\n\n"


@pytest.mark.parametrize(
    "thought",
    [
        "<think>First, what do I see? **Verdict:** No goal, I think.\n</think>",
        "First, what do I see? It is no goal, I think.\n</think>",
        "**Verdict:** no goal",
    ],
    ids=["whole", "its beginning swallowed", "broken off"],
)
def test_a_thought_is_no_advice(thought: str) -> None:
    brief = briefs()["goal_bare"]
    broken = "</think>" not in thought
    pieces = [*(f"<think>{thought}" if broken else thought + ADVICE)]
    if broken:
        with pytest.raises(CoachFailed, match="only thought"):
            list(guard(iter(pieces), brief))
        return
    first, *_ = guard(iter(pieces), brief)
    assert "no goal" not in first.text.lower()
    assert "see" not in first.text


def test_a_long_thought_and_empty_pieces_take_nothing_from_the_advice() -> None:
    pieces = ["", "<think>", *["well now, let me see. "] * 900, "</think>", *[""] * 9000, *ADVICE]
    first, *_ = guard(iter(pieces), briefs()["goal_bare"])
    assert not first.replaced
