// A film stepped through by keys. Everything here happens in the page; Python hears of decisions alone.
// Decisions wait in `waiting` until Python says that they are on the disk; after a server's death they are sent again.
const waiting = new Map();

const FAR_S = 15;

const SLOW = { half: 0.5, slow: 0.25 };
const ZOOMED = 4, ROOM = 1.7;  // times the picture for the ball; of a body's height that is shown about it
// name, what its button says, the key on it, all its keys, and of a stage the short word on it
const MOVES = [
  ["-1s", "−1 s", "↓", ["ArrowDown"]], ["-5", "−5", "<", ["<", "Shift+ArrowLeft"]],
  ["-1", "−1", ",", [",", "ArrowLeft"]], ["play", "Play", "Space", [" "]],
  ["+1", "+1", ".", [".", "ArrowRight"]], ["+5", "+5", ">", [">", "Shift+ArrowRight"]],
  ["+1s", "+1 s", "↑", ["ArrowUp"]], ["slow", "¼ speed", "v", ["v"], "¼"],
  ["loop", "Loop", "t", ["t"]], ["zoom", "Zoom on ball", "b", ["b"], "Ball"],
  ["contact", "To the contact", "e", ["e"]], ["arrival", "To the goal", "y", ["y"]],
];
// In the order of a thumb's needs: the row to step with, then how to look.
const STAGE_MOVES = [
  ["-1", "−1", ",", [",", "ArrowLeft"]], ["play", "Play", "Space", [" "]], ["+1", "+1", ".", [".", "ArrowRight"]],
  ["contact", "Kick", "e", ["e"]], ["arrival", "Goal line", "y", ["y"]],
  ["half", "½ speed", "h", ["h"], "½"], ["slow", "¼ speed", "v", ["v"], "¼"], ["loop", "Loop", "t", ["t"]],
  ["zoom", "Zoom on the ball", "b", ["b"], "Ball"], ["body", "Zoom on the body", "n", ["n"], "Body"],
  ["drawn", "What was seen", "d", ["d"], "Seen"], ["draw", "Draw on this frame", "w", ["w"], "Draw"],
];
const STAGE_KEYS = [["-5", ["<", "Shift+ArrowLeft"]], ["+5", [">", "Shift+ArrowRight"]], ["-1s", ["ArrowDown"]], ["+1s", ["ArrowUp"]]];
const STOP_MOVES = [["back", "Shot before", "p", ["p"]], ["next", "Next shot", "n", ["n"]]];

export default function ({ parentElement, data, setTriggerValue }) {
  const find = (what) => parentElement.querySelector(what);
  const [box, video, slider] = [".stepper", "video", "input"].map(find);
  const named = `${data.films[0].film}/${data.on}`;
  const fresh = parentElement.film !== named;
  const s = fresh ? (parentElement.s = start(parentElement, data, named)) : parentElement.s;
  // Frames here are the playing film's; the page tells and is told the clip's, of which that film may be a part.
  const reel = () => data.films[s.which] ?? data.films[0];
  const own = (frame) => frame - reel().first;
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
      const loop = s.loop && data.loop?.map(own);
      if (loop && frame >= loop[1]) video.currentTime = middle(loop[0]);
    } else if (frame !== s.target && s.tries > 3) {
      s.target = frame;  // the browser shows this one however often it is asked for the other
    }
    if (frame === s.target && s.since) {
      const since = s.since;
      s.since = 0;
      requestAnimationFrame(() => { box.dataset.ms = (performance.now() - since).toFixed(1); });
    }
    find(".held").hidden = true;
    show();
    pump();
  };
  video.onseeked = () => setTimeout(() => { if (s.busy) { s.busy = false; pump(); } }, 80);
  video.onpause = () => { if (!s.since) s.target = s.shown; show(); };
  video.onplay = () => { s.touched = true; show(); };
  video.onended = () => { video.pause(); };
  video.onerror = () => {
    if (!s.ready) { lost("This film cannot be shown: it may be damaged, or of a kind the browser does not know."); return; }
    s.broken = true;
    s.busy = false;
    s.since = 0;  // the target stays: another step goes on from there
    lost(`The film is damaged near frame ${s.target}. Step back, or on over it with ↑. Nothing is lost.`);
  };

  // ---- what is seen
  const lost = (why, waits = false) => {
    find(".lost").hidden = !why;
    find(".lost").textContent = why;
    find(".lost").classList.toggle("waits", waits);
  };
  const clock = (second) => `${String(Math.floor(second / 60)).padStart(2, "0")}:${(second % 60).toFixed(2).padStart(5, "0")}`;
  const show = () => {
    if (!s.ready) return;
    const frame = at(), stop = chosen();
    slider.max = last();
    slider.value = frame;
    box.dataset.shown = frame;
    box.dataset.target = s.target;
    const since = data.seconds ? clock(s.times[s.in] ?? 0) : `frame ${s.in}`;
    const about = stop ? ` · ${stop.title}` : s.in !== null ? ` · in at ${since}` : "";
    const now = data.seconds ? `${clock(s.times[frame])} of ${clock(s.times[last()])}`
      : `Frame ${frame} of ${s.times.length} · ${clock(s.times[frame])}`;
    find(".where").textContent = data.stage ? `Frame ${frame + reel().first}${sinceKick(frame)}`
      : `${now}${about}`;
    slider.setAttribute("aria-valuetext", find(".where").textContent);
    const mark = (data.marks ?? []).find(([where]) => own(where) === frame);
    find(".mark").hidden = !mark;
    find(".mark").textContent = mark ? mark[1] : "";
    const slow = { 0.5: "½ speed", 0.25: "¼ speed" }[video.playbackRate];
    const modes = [slow, s.loop && "loop", s.zoom && "zoom"].filter(Boolean);
    find(".mode").hidden = !modes.length;
    find(".mode").textContent = modes.join(" · ");
    find(".start").hidden = !data.stage || s.touched;
    press("play", !video.paused); press("half", slow === "½ speed"); press("slow", slow === "¼ speed");
    press("loop", s.loop); press("zoom", s.zoom === "ball"); press("body", s.zoom === "body"); press("drawn", s.which === 0);
    frameUp(frame);
    sketch(frame + reel().first);
    draws?.show(frame);
    told(frame + reel().first);
  };
  // The replay on the same page goes by this film's frames, and this film by its.
  const told = (frame) => {
    if (!data.stage || s.shown < 0) return;
    window.kickyFilm = { on: data.on, frame, video };
    window.dispatchEvent(new CustomEvent("kicky:frame", { detail: window.kickyFilm }));
  };
  const onGo = ({ detail }) => { if (data.stage && detail.on === data.on && s.ready) { s.touched = true; go(own(detail.frame)); } };
  if (parentElement.onGo) window.removeEventListener("kicky:go", parentElement.onGo);
  parentElement.onGo = onGo;
  window.addEventListener("kicky:go", onGo);
  const sketch = (frame) => {
    const mine = data.stage && data.drawings?.find((each) => each.frame === frame);
    const named = mine ? `${frame}-${mine.shapes.length}-${JSON.stringify(mine.shapes.at(-1))}` : "";
    if (s.sketched === named) return;
    s.sketched = named;
    sketched(find(".sketched"), mine ? mine.shapes : [], data.size);
  };
  const sinceKick = (frame) => {
    const kick = data.contact === null || data.contact === undefined ? null : own(data.contact);
    if (kick === null || !(kick in s.times)) return ` · ${clock(s.times[frame])}`;
    const since = s.times[frame] - s.times[kick];
    return frame === kick ? " · the kick" : ` · ${Math.abs(since).toFixed(2)} s ${since < 0 ? "before" : "after"} the kick`;
  };
  const press = (name, on) => find(`[data-move="${name}"]`)?.setAttribute("aria-pressed", on);
  const followed = (rows, frame) => {
    let low = 0, high = rows.length - 1;
    while (low < high) { const half = (low + high + 1) >> 1; if (rows[half][0] <= frame) low = half; else high = half - 1; }
    const [a, b] = [rows[low], rows[Math.min(low + 1, rows.length - 1)]];
    const share = b[0] > a[0] ? Math.min(Math.max((frame - a[0]) / (b[0] - a[0]), 0), 1) : 0;
    return [1, 2].map((k) => a[k] + share * (b[k] - a[k]));
  };
  const calm = (rows, frame) => {  // a shaking box would shake the picture
    const places = [-4, -2, 0, 2, 4].map((by) => followed(rows, frame + by));
    return [0, 1].map((k) => places.reduce((sum, place) => sum + place[k], 0) / places.length);
  };
  const shape = () => {
    const [x0, y0, x1, y1] = data.picture ?? [0, 0, 1, 1];
    const [wide, high] = data.size ?? [video.videoWidth || 16, video.videoHeight || 9];
    find(".stage").style.setProperty("--shape", (((x1 - x0) * wide) / ((y1 - y0) * high)).toFixed(4));
    box.classList.add("shaped");
    for (const each of [video, find(".held"), find(".sketched")]) Object.assign(each.style, { width: `${100 / (x1 - x0)}%`, height: `${100 / (y1 - y0)}%` });
  };
  const frameUp = (frame) => {
    const [x0, y0, x1, y1] = data.picture ?? [0, 0, 1, 1];
    const rows = s.zoom === "body" ? data.body : data.ball;
    let k = 1, [x, y] = [x0, y0];
    if (s.view) ({ k, x, y } = s.view);
    if (s.zoom && rows?.length) {
      const tall = s.zoom === "body" && rows.map((row) => row[3]).sort((a, b) => a - b)[rows.length >> 1];
      k = tall ? Math.min(Math.max((y1 - y0) / (tall * ROOM), 1.2), 8) : ZOOMED;
      const middle = (s.zoom === "body" ? calm : followed)(rows, frame + reel().first);
      const edge = (centre, low, high) => Math.min(Math.max(centre - (high - low) / k / 2, low), high - (high - low) / k);
      [x, y] = [edge(middle[0], x0, x1), edge(middle[1], y0, y1)];
    }
    video.style.transform = find(".held").style.transform = find(".sketched").style.transform = `translate(${-100 * x * k}%, ${-100 * y * k}%) scale(${k})`;
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
  const tell = (all) => {
    waiting.set(data.place, all);
    saved();
    send();
  };
  const decide = (key) => {
    if (!s.ready || s.moving || (key.here && s.broken)) return;
    if (key.here && (s.busy || s.target !== s.shown)) { setTimeout(() => decide(key), 15); return; }  // the frame is meant
    if (key.needs === "stop" && !chosen()) return;
    if (key.does === "leave") { s.stop = s.in = null; show(); return; }
    const far = chosen() && Math.abs(s.times[chosen().frame] - s.times[at()]) > FAR_S;
    if (far && (key.does === "in" || key.does === "out")) s.stop = null;  // another shot is meant
    const told = { id: numbered(), on: data.on, does: key.does,
      value: key.value ?? "", frame: at() + reel().first, time_s: s.times[at()], stop: chosen() ? s.stop : null, first: s.in, seen: key.seen ?? 0 };
    if (key.does === "in" || key.does === "out") {
      if (!chosen()) {
        if (key.does === "in") { s.in = at(); show(); return; }
        if (s.in === null) { find(".saved").textContent = "Mark the beginning first: press I."; return; }
        s.in = null;
      }
    }
    if (key.moves) { s.moving = true; setTimeout(() => { s.moving = false; }, 4000); }
    tell([...mine(), told]);
    if (key.advances) step("next");
  };
  const play = () => {
    if (!video.paused) { video.pause(); return; }
    if (s.ready && s.shown >= last()) video.currentTime = middle(Math.max(own(data.start ?? 0), 0));  // once more
    video.play().catch(() => {});
  };
  const swap = () => {  // the same moment, with the drawing or without it
    if (data.films.length < 2 || !s.ready) return;
    const [frame, playing, held] = [at() + reel().first, !video.paused, find(".held")];
    [held.width, held.height, held.hidden] = [video.videoWidth, video.videoHeight, false];
    held.getContext("2d").drawImage(video, 0, 0);
    s.which = 1 - s.which;
    s.target = own(frame);
    load(parentElement, s, reel(), video, lost, () => { go(s.target); show(); pump(); if (playing) video.play().catch(() => {}); });
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
    const zoom = (on) => { s.zoom = s.zoom === on ? "" : on; };
    const speed = (rate) => { video.playbackRate = video.playbackRate === rate ? 1 : rate; };
    s.touched = true;
    ({ "-1": () => go(s.target - 1), "+1": () => go(s.target + 1), "-5": () => go(s.target - 5),
      "+5": () => go(s.target + 5), "-1s": () => seconds(-1), "+1s": () => seconds(1),
      play,
      half: () => speed(SLOW.half), slow: () => speed(SLOW.slow),
      draw: () => decide({ does: "draw", here: true }),
      loop: () => { s.loop = !s.loop; if (s.loop && data.loop) { go(own(data.loop[0])); setTimeout(() => video.play().catch(() => {}), 60); } },
      zoom: () => zoom("ball"), body: () => zoom("body"), drawn: swap,
      contact: () => go(own(data.contact)), arrival: () => go(own(data.arrival)),
      next: () => other(stops.filter((stop) => stop.open && stop.frame > here)),
      back: () => other(stops.filter((stop) => stop.frame < here).reverse()) })[name]();
    show();
  };

  // ---- buttons and keys
  const button = (title, key, act, attributes = {}, short = "") => {
    const made = document.createElement("button");
    made.type = "button";
    made.append(short || title);
    if (short) made.setAttribute("aria-label", title);
    if (key) { const cap = document.createElement("kbd"); cap.textContent = key; made.append(cap); }
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.onclick = () => { act(); box.focus({ preventScroll: true }); };
    return made;
  };
  const keys = new Map();
  const known = (frame) => frame !== null && frame !== undefined;
  const offered = { loop: data.loop, zoom: data.ball?.length, body: data.body?.length, contact: known(data.contact),
    arrival: known(data.arrival), drawn: data.films.length > 1 };
  const moves = [...(data.stage ? STAGE_MOVES : MOVES), ...(stops.length ? STOP_MOVES : [])]
    .filter(([name]) => !(name in offered) || offered[name]);
  if (data.stage) STAGE_KEYS.forEach(([name, list]) => list.forEach((key) => keys.set(key, () => step(name))));
  find(".moves").replaceChildren(...moves.map(([name, title, cap, list, short]) => {
    list.forEach((key) => keys.set(key, () => step(name)));
    return button(title, cap, () => step(name), { "data-move": name }, data.stage ? short : "");
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
      || (target.tagName === "INPUT" && target !== slider)
      || target.closest?.("[role=listbox], [role=dialog], [data-testid=stDataFrame]");
    if (typing) return;
    const mine_ = event.composedPath().includes(box);
    // Several things on a page may go by keys: they go to the one used last, and to the others where that is not seen.
    const other = window.kickyKeys;
    if (!mine_ && other && other !== box && other.isConnected && other.getClientRects().length) return;
    if (!mine_ && event.key.length > 1 && (data.stage && /Up|Down/.test(event.key))) return;  // they scroll the page
    if (!mine_ && target.tagName === "BUTTON" && [" ", "Enter"].includes(event.key)) return;
    if (!mine_ && event.key.length > 1 && target.closest?.("[role=tab], [role=radio], [role=slider], summary")) return;
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

  const draws = data.drawing ? drawing({ parentElement, data, s, box, video, keys, button, at, go, step, mine, tell, lost, frameUp: () => frameUp(at()) }) : null;

  // ---- what Python says
  const acked = new Set(data.acked ?? []);
  waiting.set(data.place, mine().filter((told) => !acked.has(told.id)));
  draws?.hear();
  if (mine().length && parentElement.server !== data.server) send();  // the server that was told is gone
  parentElement.server = box.dataset.server = data.server;
  if (data.jump && s.jump !== data.jump.id) { s.jump = data.jump.id; s.stop = data.jump.stop ?? s.stop; go(data.jump.frame); }
  if (!mine().length) s.moving = false;
  saved();
  box.classList.toggle("large", Boolean(data.stage));
  shape();
  video.onloadedmetadata = shape;
  if (!draws) find(".stage").onclick = () => { play(); box.focus({ preventScroll: true }); };
  find(".ticks").replaceChildren(...(data.stage ? data.marks ?? [] : []).map(([frame, title]) => {
    const tick = document.createElement("span");
    tick.textContent = title;
    tick.dataset.frame = frame;
    return tick;
  }));
  const ticked = () => find(".ticks").querySelectorAll("span").forEach((tick) => {
    tick.style.setProperty("--at", (own(Number(tick.dataset.frame)) / Math.max(last(), 1)).toFixed(4));
  });
  box.onfocus = box.onpointerdown = () => { window.kickyKeys = box; };
  if (fresh) {
    window.kickyKeys = box;
    find(".held").hidden = true;
    video.playbackRate = 1;
    lost("The film is being opened. If it does not come, load the page again.", true);
    load(parentElement, s, reel(), video, lost, () => { go(s.target); ticked(); show(); pump(); });
  } else show();
  ticked();
  return () => {
    window.removeEventListener("keydown", onKey, true);
    window.removeEventListener("kicky:go", onGo);
  };
}

const numbered = () => `${Date.now()}-${Math.random().toString(36).slice(2, 8)}`;

function start(parent, data, named) {
  parent.film = named;
  delete parent.querySelector(".stepper").dataset.shown;
  const from = Math.max((data.start ?? 0) - data.films[0].first, 0);
  return { times: [0], ready: false, shown: 0, which: 0, touched: false, run: null, target: from, busy: false, broken: false, tries: 0, since: 0, offset: 0,
    loop: false, zoom: "", in: null, stop: null, moving: false, jump: data.jump?.id };
}

async function load(parent, s, reel, video, lost, then) {
  const run = s.run = {};  // another film, or the same one again: what is still on its way is not meant any more
  const current = () => parent.s === s && s.run === run;
  s.ready = s.busy = s.broken = false;
  s.shown = -1;
  const rate = video.playbackRate;
  try {
    const answer = await fetch(reel.times);
    if (!answer.ok) throw new Error(answer.status);
    const times = new Float64Array(await answer.arrayBuffer());
    if (!current()) return;
    s.times = times;
  } catch {
    if (current()) lost("The film cannot be reached: load the page again.");
    return;
  }
  const first = (_now, meta) => {
    if (!current()) return;
    s.offset = meta.mediaTime;  // some films begin later than at zero
    s.ready = true;
    s.shown = 0;
    lost("");
    const frame = (now, more) => { if (!current()) return; video.requestVideoFrameCallback(frame); s.onFrame(now, more); };
    video.requestVideoFrameCallback(frame);
    video.playbackRate = rate;
    then();
  };
  video.src = reel.film;
  video.requestVideoFrameCallback(first);
}
