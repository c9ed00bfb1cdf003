// A film stepped through by keys. Everything here happens in the page; Python hears of decisions alone.
// Decisions wait in `waiting` until Python says that they are on the disk; after a server's death they are sent again.
const waiting = new Map();

const FAR_S = 15;

const MOVES = [
  ["-1s", "−1 s", "↓", ["ArrowDown"]], ["-5", "−5", "<", ["<", "Shift+ArrowLeft"]],
  ["-1", "−1", ",", [",", "ArrowLeft"]], ["play", "Play", "Space", [" "]],
  ["+1", "+1", ".", [".", "ArrowRight"]], ["+5", "+5", ">", [">", "Shift+ArrowRight"]],
  ["+1s", "+1 s", "↑", ["ArrowUp"]], ["slow", "¼ speed", "v", ["v"]],
];
const CLIP_MOVES = [
  ["loop", "Loop", "t", ["t"]], ["zoom", "Zoom on ball", "b", ["b"]],
  ["contact", "To the contact", "e", ["e"]], ["arrival", "To the goal", "y", ["y"]],
];
const STOP_MOVES = [["back", "Shot before", "p", ["p"]], ["next", "Next shot", "n", ["n"]]];

export default function ({ parentElement, data, setTriggerValue }) {
  const find = (what) => parentElement.querySelector(what);
  const [box, video, slider] = [".stepper", "video", "input"].map(find);
  const fresh = parentElement.film !== `${data.film}/${data.on}`;
  const s = fresh ? (parentElement.s = start(parentElement, data, video)) : parentElement.s;
  const at = () => s.shown;
  const stops = data.stops ?? [];
  const chosen = () => stops.find((stop) => stop.id === s.stop);

  // ---- which frame is shown
  const last = () => s.times.length - 1;
  const middle = (frame) => s.offset + (frame < last() ? (s.times[frame] + s.times[frame + 1]) / 2
    : s.times[frame] + Math.max((s.times[frame] - (s.times[frame - 1] ?? 0)) / 4, 0.001));
  const nearest = (second) => {
    let low = 0, high = last();
    while (low < high) {
      const half = (low + high + 1) >> 1;
      if (s.times[half] <= second + 1e-4) low = half; else high = half - 1;
    }
    return low < last() && s.times[low + 1] - second < second - s.times[low] ? low + 1 : low;
  };
  const pump = () => {
    if (!s.ready || s.busy || !video.paused || s.target === s.shown) return;
    s.busy = true;
    s.tries += 1;
    video.currentTime = middle(s.target);
  };
  const go = (frame) => {
    if (!s.ready) { s.target = frame; return; }
    const target = Math.min(Math.max(frame, 0), last());
    if (s.broken) {
      s.broken = false;
      lost("");
      video.load();
    }
    if (!video.paused) video.pause();
    if (target !== s.target) { s.target = target; s.tries = 0; s.since = performance.now(); }
    box.dataset.target = s.target;
    pump();
  };
  s.onFrame = (_now, meta) => {
    const frame = s.ready ? nearest(meta.mediaTime - s.offset) : 0;
    if (!s.ready) return;
    s.shown = frame;
    s.busy = false;
    if (!video.paused) {
      s.target = frame;
      const loop = s.loop && data.loop;
      if (loop && frame >= loop[1]) video.currentTime = middle(loop[0]);
    } else if (frame !== s.target && s.tries > 3) {
      s.target = frame;  // the browser shows this one however often it is asked for the other
    }
    if (frame === s.target && s.since) {
      const since = s.since;
      s.since = 0;
      requestAnimationFrame(() => { box.dataset.ms = (performance.now() - since).toFixed(1); });
    }
    show();
    pump();
  };
  video.onseeked = () => setTimeout(() => { if (s.busy) { s.busy = false; pump(); } }, 80);
  video.onpause = () => { if (!s.since) s.target = s.shown; show(); };
  video.onplay = () => show();
  video.onended = () => { video.pause(); };
  video.onerror = () => {
    if (!s.ready) { lost("This film cannot be shown: it may be damaged, or of a kind the browser does not know."); return; }
    s.broken = true;
    s.busy = false;
    s.since = 0;  // the target stays: another step goes on from there
    lost(`The film is damaged near frame ${s.target}. Step back, or on over it with ↑. Nothing is lost.`);
  };

  // ---- what is seen
  const lost = (why) => { find(".lost").hidden = !why; find(".lost").textContent = why; };
  const clock = (second) => `${String(Math.floor(second / 60)).padStart(2, "0")}:${(second % 60).toFixed(2).padStart(5, "0")}`;
  const show = () => {
    if (!s.ready) return;
    const frame = at(), stop = chosen();
    slider.max = last();
    slider.value = frame;
    box.dataset.shown = frame;
    box.dataset.target = s.target;
    const about = stop ? ` · ${stop.title}` : s.in !== null ? ` · in at frame ${s.in}` : "";
    find(".where").textContent = `Frame ${frame} of ${s.times.length} · ${clock(s.times[frame])}${about}`;
    slider.setAttribute("aria-valuetext", find(".where").textContent);
    const mark = (data.marks ?? []).find(([where]) => where === frame);
    find(".mark").hidden = !mark;
    find(".mark").textContent = mark ? mark[1] : "";
    const modes = [video.playbackRate < 1 && "¼ speed", s.loop && "loop", s.zoom && "zoom"].filter(Boolean);
    find(".mode").hidden = !modes.length;
    find(".mode").textContent = modes.join(" · ");
    press("play", !video.paused); press("slow", video.playbackRate < 1); press("loop", s.loop); press("zoom", s.zoom);
    zoom(frame);
  };
  const press = (name, on) => find(`[data-move="${name}"]`)?.setAttribute("aria-pressed", on);
  const zoom = (frame) => {
    let x = 0.5, y = 0.5;
    const ball = data.ball ?? [];
    if (s.zoom && ball.length) {
      const near = ball.reduce((a, b) => (Math.abs(b[0] - frame) < Math.abs(a[0] - frame) ? b : a));
      [, x, y] = near;
    }
    video.style.transformOrigin = `${x * 100}% ${y * 100}%`;
    video.style.transform = s.zoom ? "scale(4)" : "none";
  };

  // ---- decisions
  const mine = () => waiting.get(data.place) ?? [];
  const send = () => { if (mine().length) setTriggerValue("decided", mine()); };
  const saved = () => {
    const left = mine().length, line = find(".saved");
    line.className = left ? "saved waits" : "saved";
    line.textContent = left ? `Saving ${left} …` : data.notice ?? "";
    box.dataset.waits = left;
  };
  const decide = (key) => {
    if (!s.ready || s.moving || (key.here && s.broken)) return;
    if (key.here && (s.busy || s.target !== s.shown)) { setTimeout(() => decide(key), 15); return; }  // the frame is meant
    if (key.needs === "stop" && !chosen()) return;
    if (key.does === "leave") { s.stop = s.in = null; show(); return; }
    const far = chosen() && Math.abs(s.times[chosen().frame] - s.times[at()]) > FAR_S;
    if (far && (key.does === "in" || key.does === "out")) s.stop = null;  // another shot is meant
    const told = { id: `${Date.now()}-${Math.random().toString(36).slice(2, 8)}`, on: data.on, does: key.does,
      value: key.value ?? "", frame: at(), time_s: s.times[at()], stop: chosen() ? s.stop : null, first: s.in, seen: key.seen ?? 0 };
    if (key.does === "in" || key.does === "out") {
      if (!chosen()) {
        if (key.does === "in") { s.in = at(); show(); return; }
        if (s.in === null) { find(".saved").textContent = "Mark the beginning first: press I."; return; }
        s.in = null;
      }
    }
    waiting.set(data.place, [...mine(), told]);
    if (key.moves) { s.moving = true; setTimeout(() => { s.moving = false; }, 4000); }
    saved();
    send();
    if (key.advances) step("next");
  };
  const step = (name) => {
    const seconds = (by) => go(nearest(s.times[s.target] + by));
    const other = (list) => {
      if (!list.length) return;
      s.stop = list[0].id;
      go(list[0].frame);
      show();
    };
    const here = chosen()?.frame ?? at();
    ({ "-1": () => go(s.target - 1), "+1": () => go(s.target + 1), "-5": () => go(s.target - 5),
      "+5": () => go(s.target + 5), "-1s": () => seconds(-1), "+1s": () => seconds(1),
      play: () => (video.paused ? video.play().catch(() => {}) : video.pause()),
      slow: () => { video.playbackRate = video.playbackRate < 1 ? 1 : 0.25; },
      loop: () => { s.loop = !s.loop; if (s.loop && data.loop) { go(data.loop[0]); setTimeout(() => video.play().catch(() => {}), 60); } },
      zoom: () => { s.zoom = !s.zoom; },
      contact: () => go(data.contact), arrival: () => go(data.arrival),
      next: () => other(stops.filter((stop) => stop.open && stop.frame > here)),
      back: () => other(stops.filter((stop) => stop.frame < here).reverse()) })[name]();
    show();
  };

  // ---- buttons and keys
  const button = (title, key, act, attributes = {}) => {
    const made = document.createElement("button");
    made.type = "button";
    made.append(title);
    if (key) { const cap = document.createElement("kbd"); cap.textContent = key; made.append(cap); }
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.onclick = () => { act(); box.focus({ preventScroll: true }); };
    return made;
  };
  const keys = new Map();
  const moves = [...MOVES, ...CLIP_MOVES.filter(([name]) => ({ loop: data.loop, zoom: data.ball?.length,
    contact: data.contact !== null && data.contact !== undefined,
    arrival: data.arrival !== null && data.arrival !== undefined })[name]), ...(stops.length ? STOP_MOVES : [])];
  find(".moves").replaceChildren(...moves.map(([name, title, cap, list]) => {
    list.forEach((key) => keys.set(key, () => step(name)));
    return button(title, cap, () => step(name), { "data-move": name });
  }));
  find(".groups").replaceChildren(...(data.groups ?? []).map((group) => {
    const line = document.createElement("div"), title = document.createElement("b");
    line.className = "group";
    title.textContent = group.title;
    line.append(title, ...group.keys.map((key) => {
      keys.set(key.key, () => decide(key));
      const pressed = "pressed" in key ? { "aria-pressed": key.pressed } : {};
      return button(key.title, key.cap ?? (key.key.length > 1 ? key.key : key.key.toUpperCase()), () => decide(key), pressed);
    }));
    return line;
  }));
  const onKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !box.getClientRects().length) return;
    const target = event.composedPath()[0];
    const typing = /^(TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable
      || (target.tagName === "INPUT" && target !== slider) || target.closest?.("[role=listbox], [role=dialog]");
    if (typing) return;
    const mine_ = event.composedPath().includes(box);
    if (!mine_ && target.tagName === "BUTTON" && [" ", "Enter"].includes(event.key)) return;
    if (mine_ && target.tagName === "BUTTON" && event.key === " ") target.blur();
    const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const act = keys.get(event.shiftKey && event.key.length > 1 ? `Shift+${name}` : name);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();  // Streamlit has keys of its own: R runs the page again
    act();
  };
  if (parentElement.onKey) window.removeEventListener("keydown", parentElement.onKey, true);
  parentElement.onKey = onKey;
  window.addEventListener("keydown", onKey, true);
  slider.oninput = () => go(Number(slider.value));

  // ---- what Python says
  const acked = new Set(data.acked ?? []);
  waiting.set(data.place, mine().filter((told) => !acked.has(told.id)));
  if (mine().length && parentElement.server !== data.server) send();  // the server that was told is gone
  parentElement.server = box.dataset.server = data.server;
  if (data.jump && s.jump !== data.jump.id) { s.jump = data.jump.id; s.stop = data.jump.stop ?? s.stop; go(data.jump.frame); }
  if (!mine().length) s.moving = false;
  saved();
  if (fresh) load(parentElement, s, data, video, lost, () => { show(); pump(); });
  else show();
  return () => window.removeEventListener("keydown", onKey, true);
}

function start(parent, data) {
  parent.film = `${data.film}/${data.on}`;
  delete parent.querySelector(".stepper").dataset.shown;
  return { times: [0], ready: false, shown: 0, target: data.start ?? 0, busy: false, broken: false, tries: 0, since: 0, offset: 0,
    loop: false, zoom: false, in: null, stop: null, moving: false, jump: data.jump?.id };
}

async function load(parent, s, data, video, lost, then) {
  const base = `${location.protocol}//${location.hostname}:${data.port}/${data.film}`;
  lost("");
  try {
    const answer = await fetch(`${base}/times`, {credentials: "include"});
    if (!answer.ok) throw new Error(answer.status);
    s.times = new Float64Array(await answer.arrayBuffer());
  } catch {
    if (parent.s === s) lost("The film cannot be reached: load the page again.");
    return;
  }
  if (parent.s !== s) return;
  const first = (_now, meta) => {
    if (parent.s !== s) return;
    s.offset = meta.mediaTime;  // some films begin later than at zero
    s.ready = true;
    const frame = (now, more) => { if (parent.s !== s) return; video.requestVideoFrameCallback(frame); s.onFrame(now, more); };
    video.requestVideoFrameCallback(frame);
    then();
  };
  video.requestVideoFrameCallback(first);
  video.style.transform = "none";
  video.playbackRate = 1;
  video.src = `${base}/film`;
}
