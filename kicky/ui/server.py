"""The player's own server: its address, model and key; off until one is set. And the memory that models hold."""

from __future__ import annotations

import streamlit as st

from ..errors import KickyError
from ..service import coaching
from .parts import in_words
from .words import plain

ADDRESS, MODELS, SAID = "server_address", "server_models", "server_said"
OFF = (
    "Off. Give the address of a server that speaks OpenAI's chat protocol: llama.cpp, Ollama, vLLM or the like. "
    "When you ask it, the numbers, the player's name and, for a shot, three pictures of the strike leave this program "
    "for that machine. Nothing is sent before you press the button."
)


def server_settings() -> None:
    """-> a fold in which the server is set, its model chosen, or all of it switched off."""
    kept = coaching.server_settings()
    names = st.session_state.get(MODELS, [])
    options = list(dict.fromkeys(name for name in (kept.model, *names) if name))
    model_box, key_box = f"server_model_{len(names)}_{kept.model}", f"server_key_{kept.address}"
    server_offer()
    with st.expander("A server of your own", icon=":material/dns:"):
        st.markdown(f"On: {plain(kept.address)}" if kept.address else OFF)
        with st.form("server", border=False):
            st.text_input("Address", kept.address, placeholder="http://localhost:8080/v1", key=ADDRESS)
            st.selectbox(
                "Model", options, index=0 if options else None, key=model_box, accept_new_options=True,
                placeholder="Save the address to list its models, or type a name",
            )  # fmt: skip
            st.text_input(
                "Key", type="password", key=key_box, autocomplete="off",
                placeholder="A key is stored; type to replace it" if kept.has_key else "Only if the server needs one",
            )  # fmt: skip
            st.form_submit_button("Save", type="primary", on_click=_save, args=(model_box, key_box))
        if kept.address:
            st.button("Switch off", key="server_off", on_click=_switch_off)
        for kind, words in st.session_state.pop(SAID, []):
            (st.error if kind == "error" else st.success)(plain(words))


def server_offer() -> None:
    """A server that a backup names -> asked for; nothing is sent there before somebody says yes and asks it."""
    offer = coaching.offered_server()
    if not offer.address:
        return
    with st.container(border=True, key="server_offer"):
        st.markdown(f"The backup names a coach's server at **{plain(offer.address)}**. Use it?")
        st.caption("Say yes only if you know that machine. A key is never in a backup: give it on the Coach page.")
        with st.container(horizontal=True):
            answer = in_words(coaching.answer_offer)
            st.button("Use it", key="server_offer_yes", icon=":material/dns:", on_click=answer, args=(True,))
            st.button("Leave it out", key="server_offer_no", on_click=answer, args=(False,))


def _save(model_box: str, key_box: str) -> None:
    """What was typed -> kept, and the server asked for its models; what came of it is told below."""
    typed = st.session_state
    said = typed[SAID] = []
    typed[MODELS] = []
    try:
        coaching.set_server(typed[ADDRESS], typed[model_box] or "", typed[key_box] or None)
        if not typed[ADDRESS].strip():
            said.append(("success", "Switched off. The key is forgotten."))
            return
        names = typed[MODELS] = coaching.server_models()
        said.append(
            ("success", f"The server answers and offers {len(names)} model{'s' * (len(names) != 1)} to choose from.")
        )
    except KickyError as error:
        said.append(("error", str(error)))


def _switch_off() -> None:
    """-> no server any more, and its key forgotten."""
    st.session_state[ADDRESS], st.session_state[MODELS] = "", []
    try:
        coaching.set_server("")
        st.session_state[SAID] = [("success", "Switched off. The key is forgotten.")]
    except KickyError as error:
        st.session_state[SAID] = [("error", str(error))]


def models_memory() -> None:
    """-> a button that gives back what the model on this machine holds; nothing while there is no model."""
    if not any(coach.name == "minicpm" and coach.ready for coach in coaching.coaches()):
        return
    st.button(
        "Free the model's memory", icon=":material/memory:", key="free_models", on_click=in_words(coaching.free_models),
        help="The model stays on the disk and is loaded again when it is asked. Waits for an answer under way.",
    )  # fmt: skip
