"""The coach on the shot's page and on his own: advice that comes and is kept, thumbs, the guard, the server."""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kicky import storage
from kicky.coaches import COACHES
from kicky.coaches.brief import shot_brief
from kicky.coaches.saturday import session_brief
from kicky.domain import Brief, Foot, How, Measure, Verdict
from kicky.errors import CoachFailed, KickyError
from kicky.home import media
from kicky.service import clips, coaching, players, sessions, shots
from kicky.shown import BODY, GROUPS
from kicky.video import open_clip

from . import talkers
from .filled import HIDDEN, OPEN, draw, report
from .test_pages import app, shot_page, texts, whole

COACH = "pages/7_Coach.py"


PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xdc\xccY\xe7\x00\x00\x00\x00IEND\xaeB`\x82"
)


@pytest.fixture
def taken(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """-> Ana's goal of one Saturday and her miss of the next; the strike cards are not drawn."""
    monkeypatch.setattr(shots, "card", lambda *_: PIXEL)
    numbers = []
    for day, verdict, how in ((7, Verdict.GOAL, How.IN_NET), (14, Verdict.NO_GOAL, How.OVER)):
        path = draw(own_home / f"clip_{day}.mp4", day % 5)
        clip = clips.add(sessions.new(dt.date(2026, 11, day)), path.name, path)
        film = open_clip(media() / storage.clip(clip.id).file)
        numbers.append(storage.save(report(film, verdict, how, Foot.RIGHT, 88.0, to=(2.4, 1.6)), clip.id, "motion"))
        players.name(numbers[-1], "Ana")
    return numbers


def talker(monkeypatch: pytest.MonkeyPatch, name: str, coach: str = "server") -> None:
    """Name of a class in talkers -> it speaks for that coach; the server is switched on."""
    monkeypatch.setitem(COACHES, coach, f"tests.pages.talkers:{name}")
    coaching.set_server("http://192.168.1.5:8080/v1", "llama")


def choose(test: AppTest, coach: str) -> AppTest:
    """Page, coach -> he is chosen."""
    return next(one for one in test.segmented_control if one.label == "Coach").set_value(coach).run()


def press(test: AppTest, label: str) -> AppTest:
    """Page, beginning of a button's label -> it is pressed."""
    return next(one for one in test.button if one.label.startswith(label)).click().run()


def test_the_rules_speak_at_once_and_are_kept(taken: list[int]) -> None:
    test = whole(shot_page(taken[0], "Coach"))
    (said,) = coaching.advice(taken[0])
    assert (said.coach, said.thumbs, [p.title for p in said.passages]) == (
        "rules", None, ["Verdict", "Fix 1", "Fix 2", "Drill"],
    )  # fmt: skip
    assert said.passages[0].text in texts(test).replace("\\", "")
    whole(test.run())
    assert len(coaching.advice(taken[0])) == 1  # what is there already is shown, not said again


def test_another_name_is_another_fact_and_the_rules_speak_again(taken: list[int]) -> None:
    whole(shot_page(taken[0], "Coach"))
    players.name(taken[0], "Bo")
    test = whole(shot_page(taken[0], "Coach"))
    newest, oldest = coaching.advice(taken[0])
    assert "Bo" in newest.passages[0].text
    assert coaching.holds(newest)
    assert not coaching.holds(oldest)
    assert "Said before (1)" in [fold.label for fold in test.expander]


def test_a_thumb_is_kept_and_taken_back(taken: list[int]) -> None:
    test = whole(shot_page(taken[0], "Coach"))
    for pressed, kept in ((1, True), (0, False), (None, None)):
        whole(test.feedback[0].set_value(pressed).run())
        assert coaching.advice(taken[0])[0].thumbs is kept


def test_a_thumb_that_cannot_be_kept_is_told(taken: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise KickyError("The disk is *full*.")

    monkeypatch.setattr(coaching, "thumb", refuse)
    test = shot_page(taken[0], "Coach")
    test.feedback[0].set_value(1).run()
    assert [error.value for error in test.error] == ["The disk is \\*full\\*\\."]


def test_a_server_is_asked_only_by_its_button_and_where_it_sends_is_told_before(
    taken: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    talker(monkeypatch, "Liar")
    test = whole(choose(whole(shot_page(taken[0], "Coach")), "server"))
    assert "three pictures of the strike leave this program for 192.168.1.5:8080" in test.warning[0].value.replace(
        "\\", ""
    )
    assert [view.coach for view in coaching.advice(taken[0])] == ["rules"]


def test_what_contradicts_the_measured_is_the_rules_coachs_and_marked(
    taken: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    talker(monkeypatch, "Liar")
    test = whole(press(choose(shot_page(taken[0], "Coach"), "server"), "Ask this coach"))
    newest = coaching.advice(taken[0])[0]
    assert newest.coach == "server"
    assert [passage.replaced for passage in newest.passages] == [True, False, False, False]
    shown = texts(test).replace("\\", "")
    assert f"the model {newest.passages[0].why}." in shown
    assert shown.count("This part is the rules coach's") == 1
    assert "300" not in shown
    assert talkers.SAID in shown
    whole(press(test.run(), "Ask again"))
    assert [view.coach for view in coaching.advice(taken[0])] == ["server", "server", "rules"]


def test_a_coach_that_fails_is_told_and_leaves_nothing(taken: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    talker(monkeypatch, "Silent")
    test = press(choose(shot_page(taken[0], "Coach"), "server"), "Ask this coach")
    assert not test.exception
    assert [error.value for error in test.error] == ["The server \\<b\\>there\\</b\\> does not answer\\."]
    assert [view.coach for view in coaching.advice(taken[0])] == ["rules"]


def test_who_leaves_in_the_middle_stops_the_coach_and_keeps_nothing(
    taken: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    talker(monkeypatch, "Endless")
    heard = []

    def leave(_piece: str) -> None:
        heard.append(1)
        if len(heard) == 5:
            raise KeyboardInterrupt

    talkers.CLOSED.clear()
    with pytest.raises(KeyboardInterrupt), closing(coaching.advise(taken[0], "server", leave)) as passages:
        list(passages)
    assert talkers.CLOSED == ["endless"]
    with closing(coaching.advise(taken[0], "server")) as passages:
        next(passages)
    assert talkers.CLOSED == ["endless", "endless"]
    assert coaching.advice(taken[0]) == []


def test_a_coach_that_is_not_ready_says_what_to_do(taken: list[int]) -> None:
    test = whole(choose(shot_page(taken[0], "Coach"), "server"))
    assert "No server is set: give its address first" in texts(test).replace("\\", "")
    assert not [button for button in test.button if button.label.startswith("Ask")]


def test_a_session_shows_its_tally_and_is_advised(taken: list[int]) -> None:
    second = shots.one(taken[1]).session_id
    test = whole(app(COACH, session=str(second)))
    assert {metric.label: metric.value for metric in test.metric}["Goals"] == "0 of 1"
    assert {metric.label: metric.value for metric in test.metric}["Goals before"] == "1 of 1"
    assert "No clear change" in texts(test)
    (said,) = coaching.session_advice(second, "Ana")
    assert [passage.title for passage in said.passages] == ["The day", "Still open", "Train next", "Drill"]
    assert said.passages[0].text in texts(test).replace("\\", "")


def test_what_cost_most_goals_leads_to_the_shots_that_show_it(taken: list[int]) -> None:
    second = shots.one(taken[1]).session_id
    test = whole(app(COACH, session=str(second)))
    assert "1 of 1 miss: it went over the bar" in texts(test).replace("\\", "")
    (link,) = [link for link in test.get("page_link") if link.proto.label == "Shot 1"]
    assert f"shot={taken[1]}" in link.proto.query_string
    (cost,) = coaching.session_costs(second, "Ana")
    assert [shot.id for shot in cost.shots] == [taken[1]]
    first = shots.one(taken[0]).session_id
    assert coaching.session_costs(first, "Ana") == []
    assert "What cost most goals" not in [head.value for head in whole(app(COACH, session=str(first))).header]


def test_people_without_a_name_are_not_compared(taken: list[int]) -> None:
    for number in taken:
        players.name(number, "")
    test = whole(app(COACH, session=str(shots.one(taken[1]).session_id)))
    shown = texts(test)
    assert "Shots without a name are not compared" in shown
    assert "no earlier session of this player" not in shown
    assert "Goals before" not in {metric.label for metric in test.metric}


def test_the_server_is_set_and_switched_off(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coaching, "server_models", lambda: ["llama", "gemma"])
    test = whole(app(COACH))
    box = {box.label: box for box in test.text_input}
    box["Address"].set_value("http://localhost:8080/v1")
    box["Key"].set_value("secret")
    whole(press(test, "Save"))
    assert coaching.server_settings() == coaching.ServerView("http://localhost:8080/v1", "", True)
    assert "offers 2 models" in texts(test)
    next(box for box in test.selectbox if box.label == "Model").set_value("gemma")
    whole(press(test, "Save"))
    assert coaching.server_settings() == coaching.ServerView("http://localhost:8080/v1", "gemma", True)
    assert "secret" not in texts(test)
    whole(press(test, "Switch off"))
    assert coaching.server_settings() == coaching.ServerView()
    assert "Nothing is sent before you press the button" in texts(test).replace("\\", "")


def test_an_address_that_is_none_and_a_server_that_is_silent_are_told(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    test = app(COACH)
    next(box for box in test.text_input if box.label == "Address").set_value("my computer")
    press(test, "Save")
    assert ["is no address" in error.value for error in test.error] == [True]
    assert coaching.server_settings() == coaching.ServerView()

    def silent() -> list[str]:
        raise CoachFailed("The server localhost:1 does not answer.")

    monkeypatch.setattr(coaching, "server_models", silent)
    next(box for box in test.text_input if box.label == "Address").set_value("http://localhost:1/v1")
    press(test, "Save")
    assert ["does not answer" in error.value for error in test.error] == [True]
    assert coaching.server_settings().address == "http://localhost:1/v1"


def test_each_card_says_where_it_lies_and_the_same_reason_is_told_once(taken: list[int]) -> None:
    shown = texts(whole(shot_page(taken[0], "Body"))).replace("\\", "")
    assert shown.count("-badge[") == 5
    assert ":green-badge[in range]" in shown  # the kicking knee: 152°, 131 to 167, against 146 to 166
    assert ":gray-badge[cannot be told]" in shown  # the standing knee: 139°, 120 to 157, against 128 to 143
    assert ":orange-badge[above]" in shown  # the thigh: 40°, 32 to 48, against 11 to 29
    assert f"**Not given:** Hip drive. {HIDDEN} Pelvis tilt. {OPEN}" in shown
    assert shown.count("Not given") == 1


def parts(test: AppTest) -> list[str]:
    """Page -> the parts of the body that its numbers stand under."""
    titles = (one.value.replace("\\", "") for one in test.subheader)
    return [title for title in titles if title in GROUPS]


def test_the_bodys_numbers_stand_in_its_order_and_rough_ones_are_marked(taken: list[int]) -> None:
    test = whole(shot_page(taken[0], "Body"))
    assert parts(test) == list(GROUPS)
    values = {one.label: one.value for one in test.metric}
    assert values["Kicking knee"] == "≈ 152°"
    assert values["Thigh out to the side"] == "40°"
    assert values["Last step"] == "≈ 124 cm"
    shown = texts(test).replace("\\", "")
    assert "rough: between 131° and 167°" in shown
    assert "between 4° and 24°, forward, over the ball" in shown
    assert "between 32° and 48°\n" in shown
    assert "≈ marks a rough number" in shown
    assert "film the next ones" not in shown.lower()


def test_where_every_number_is_sure_none_is_marked(taken: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    shot = shots.one(taken[0])
    sure = {name: m for name, m in shot.measures.items() if name in ("hip_abduction", "plant_aside", "speed")}
    monkeypatch.setattr(shots, "listed", lambda *_: [replace(shot, measures=sure)])
    shown = texts(whole(shot_page(taken[0], "Body"))).replace("\\", "")
    assert "≈" not in shown
    assert "rough" not in shown
    assert "Not given" not in shown


def test_a_sessions_numbers_stand_in_the_bodys_order_and_what_did_not_change_is_folded(
    taken: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def shot(degrees: float) -> Brief:
        wide, sure = Measure("approach", "deg", degrees, 10, 50), Measure("swing_plane", "deg", degrees, 24, 36)
        return shot_brief(Verdict.GOAL, How.IN_NET, Foot.RIGHT, [wide, sure])

    some = [shot(29 + number) for number in range(4)]
    monkeypatch.setattr(coaching, "session_brief", lambda *_: session_brief("Ana", some, some))
    test = whole(app(COACH))
    assert parts(test) == ["The legs", "Run-up and follow-through"]
    assert {one.label.replace("\\", ""): one.value for one in test.metric if "°" in one.value} == {
        "Swing plane": "30°", "Run-up angle": "≈ 30°"
    }  # fmt: skip
    shown = texts(test).replace("\\", "")
    assert "≈ marks a rough number" in shown
    assert [fold.label for fold in test.expander if "of the body" in fold.label] == ["Nor in 2 numbers of the body"]
    assert "The true share is 60 to 100 %, nine times in ten." in shown


def test_reasons_that_many_share_are_told_once(taken: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    shot = shots.one(taken[0])
    hidden = {
        name: replace(m, value=None, low=None, high=None, why_not="Filmed from behind.")
        for name, m in shot.measures.items()
        if m.unit in ("deg", "m") and name in BODY
    }
    told = replace(shot, measures={**shot.measures, **hidden})
    monkeypatch.setattr(shots, "listed", lambda *_: [told])
    shown = texts(whole(shot_page(taken[0], "Body"))).replace("\\", "")
    assert "**Not given:** Kicking knee, hip drive, thigh out to the side, standing knee, trunk lean, pelvis" in shown
    assert shown.count("Filmed from behind.") == 1


def test_the_rules_are_never_marked_as_replaced_by_themselves(
    taken: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(COACHES, "rules", "tests.pages.talkers:Liar")
    shown = texts(whole(shot_page(taken[0], "Coach")))
    assert coaching.advice(taken[0])[0].passages[0].replaced
    assert "This part is the rules" not in shown


def test_the_curves_are_folded_until_asked_for_and_say_why_there_are_none(taken: list[int]) -> None:
    test = shot_page(taken[0], "Body")
    assert "No curves" not in texts(test)
    test.session_state[f"swing_open_{taken[0]}"] = True
    assert "No curves: The body was not worked out." in texts(whole(test.run())).replace("\\", "")
