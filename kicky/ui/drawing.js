// Boxes and masks drawn over the film. All of it happens in the page; Python hears what a frame holds now, and says
// under which number that is on the disk. What is dashed is told in guessing.js, what is seen and touched in overlay.js.
const STRAY = 0.98;  // boxes that overlap so far are the same one

function drawing(film) {
  const { parentElement, data, s, keys, button, at, go, mine, tell, lost } = film;
  const find = (what) => parentElement.querySelector(what);
  const [wide, tall] = data.drawing.size;
  const fresh = !s.drawn;
  const d = (s.drawn ??= { ready: false, things: new Map(), numbers: new Map(), seen: { seen: {}, moving: {} }, refused: new Map(),
    heard: new Set(data.drawing.told.map((told) => told.id)), done: [], undone: [], frame: -1, shown: [], chosen: null, point: null,
    live: null, corners: null, touching: new Map(), word: "" });
  s.view ??= { k: 1, x: 0, y: 0 };
  parentElement.tool ??= "ball";
  const own = (frame) => d.things.get(frame) ?? [];
  const say = (word) => { d.word = word; tellAll(); };

  // ---- what a frame holds
  const kept = `kicky:${data.place}`;  // what waits outlives the page
  if (fresh && !mine().length) waiting.set(data.place, JSON.parse(sessionStorage.getItem(kept) ?? "[]"));
  const remember = () => sessionStorage.setItem(kept, JSON.stringify(mine()));
  const pending = (frame) => mine().find((told) => told.does === "boxes" && told.on === data.on && told.frame === frame);
  const thing = ([label, box, outline]) => ({ label, box, outline });
  const inside = (values) => values.map((value, k) => Math.round(Math.min(Math.max(value, 0), k % 2 ? tall : wide) * 100) / 100);
  const bare = ({ label, box: [x0, y0, x1, y1], outline }) => {
    const parts = outline.map(inside);
    const corners = parts.length ? hullOf(parts) : [Math.min(x0, x1), Math.min(y0, y1), Math.max(x0, x1), Math.max(y0, y1)];
    return { label, box: inside(corners), outline: parts };
  };
  const write = (frame, things) => {
    if (things) d.things.set(frame, things); else d.things.delete(frame);
    const before = pending(frame);  // one of a frame is enough: each says all that is in it
    const told = { id: numbered(), on: data.on, does: "boxes", frame, film: data.drawing.film, seen: d.numbers.get(frame) ?? 0,
      value: things && things.map((each) => [each.label, each.box, each.outline]), earlier: before ? [...before.earlier, before.value] : [] };
    tell([...mine().filter((each) => each !== before), told]);
    remember();
  };
  const put = (frame, things) => {
    const after = things && things.map(bare);
    d.done.push({ frame, before: d.things.get(frame) ?? null, after });
    d.undone = [];
    d.refused.delete(frame);
    d.word = "";
    write(frame, after);
    return after;
  };
  const turn = (from, to, which) => {
    const last = from.pop();
    if (!last) return say(which === "before" ? "There is nothing to undo." : "There is nothing to do again.");
    to.push(last);
    d.chosen = d.point = null;
    write(last.frame, last[which]);
    if (last.frame === at()) refresh(); else go(last.frame);
  };
  // A frame's own things with one changed. Where a class is drawn by hand, all of it is: the others of it, too.
  const swapped = (old, now) => {
    const { label } = now ?? old;
    const own_ = d.shown.filter((each) => each === old || !each.from || (each.from === "between" && each.label === label));
    const all = old ? own_.map((each) => (each === old ? now : each)).filter(Boolean) : [...own_, now];
    return label === "ball" ? all.filter((each) => each === now || each.label !== "ball") : all;
  };
  const change = (old, now) => {
    if (!now && old.from && old.from !== "between") return say("A dashed box is only a suggestion: leave it, or accept it with A.");
    if (now?.outline.some(crossesItself)) return say("The mask's edges would cross, so nothing was changed: put the point elsewhere.");
    const [x0, y0, x1, y1] = now ? bare(now).box : [0, 0, 9, 9];
    if (x1 - x0 < 1 || y1 - y0 < 1) return say("That is smaller than a pixel, or outside the picture: draw it again.");
    const all = swapped(old, now), after = put(at(), all);
    d.chosen = now ? after[all.indexOf(now)] : null;
    if (!now) d.point = null;
    refresh();
  };
  const ball = (place) => {
    const frame = at(), ahead = ballAhead(d.things, frame, s.times) ?? own(frame).find((each) => each.label === "ball")?.box;
    change(null, { label: "ball", box: ballAt(place, ahead, frame, d.seen), outline: [] });
  };

  // ---- a mask, corner by corner
  const corner = (place, reach) => {
    d.corners ??= [];
    const [x, y] = d.corners;
    if (d.corners.length >= 6 && Math.hypot(place[0] - x, place[1] - y) <= reach) return close();
    d.corners.push(...place);
    say(d.corners.length < 6 ? "Click the mask's corners one after the other." : "Close it with a click on its first corner, or Enter.");
    refresh();
  };
  const close = () => {
    if ((d.corners?.length ?? 0) < 6) return say("A mask has three corners or more.");
    if (crossesItself(d.corners)) return say("The mask's edges cross: take corners back with Delete until they do not.");
    const outline = [d.corners], box = hullOf(outline);
    const near = d.shown.filter((each) => each.label === masked()).sort((a, b) => overlap(b.box, box) - overlap(a.box, box))[0];
    const of = d.chosen ?? (near && overlap(near.box, box) > 0.3 ? near : null);  // mask and box of one thing are one
    d.corners = null;
    change(of, { label: of?.label ?? masked(), box, outline });
  };
  const masked = () => d.chosen?.label ?? parentElement.kind ?? "player";

  // ---- what keys do
  const pick = (tool) => {
    if (tool === "player" || tool === "goal") parentElement.kind = tool;
    if (tool !== "mask") d.chosen = null;
    parentElement.tool = tool;
    d.corners = d.point = null;
    say("");
    refresh();
  };
  const accept = () => {
    const there = new Set(own(at()).map((each) => each.label)), offered = d.shown.filter((each) => each.from && !(each.label === "ball" && there.has("ball")));
    const sure = offered.filter((each) => each.from !== "between"), taken = sure.length ? sure : offered;
    if (!taken.length) return say("Nothing is dashed here: draw, or go on.");
    put(at(), [...own(at()), ...taken]);
    go(at() + 1);
  };
  const copy = () => {
    const [mine_, next] = [own(at()), at() + 1], labels = new Set(mine_.map((each) => each.label));
    if (!mine_.length || next >= s.times.length) return say("Nothing is drawn here that could be copied.");
    put(next, [...own(next).filter((each) => !labels.has(each.label)), ...mine_]);
    go(next);
  };
  const none = () => { put(at(), own(at()).filter((each) => each.label !== "ball")); go(at() + 1); };
  const remove = () => {
    if (d.corners?.length) { d.corners.splice(-2); if (!d.corners.length) d.corners = null; return refresh(); }
    if (!d.chosen) return say("Choose a box first: click it, or its name below.");
    const part = d.point && d.chosen.outline[d.point[0]];
    if (!part || part.length <= 6) return change(d.chosen, null);
    const outline = d.chosen.outline.map((each) => (each === part ? part.filter((_, k) => k >> 1 !== d.point[1]) : each));
    d.point = null;
    change(d.chosen, { ...d.chosen, outline });
  };
  const nudge = (dx, dy) => {
    const { chosen, point } = d, moved = (values) => values.map((value, k) => value + (k % 2 ? dy : dx));
    const outline = chosen.outline.map((part, p) => (point ? part.map((v, k) => (point[0] === p && point[1] === k >> 1 ? v + (k % 2 ? dy : dx) : v)) : moved(part)));
    change(chosen, { ...chosen, box: moved(chosen.box), outline });
  };
  const grow = (dx, dy) => {
    if (!d.chosen || d.chosen.outline.length) return;
    const [x0, y0, x1, y1] = d.chosen.box;
    change(d.chosen, { ...d.chosen, box: [x0 - dx, y0 - dy, x1 + dx, y1 + dy] });
  };
  const place = () => {  // without a mouse: where it is thought to be, else the middle of what is seen; then the arrows
    if (parentElement.tool === "mask") return close();
    const label = { player: "player", goal: "goal" }[parentElement.tool] ?? "ball", { k, x, y } = s.view;
    const centre = [(x + 0.5 / k) * wide, (y + 0.5 / k) * tall], offered = d.shown.find((each) => each.from && each.label === label);
    if (label === "ball" && !offered) return ball(centre);
    change(offered ?? null, offered ?? { label, box: around(centre, wide / k / 8, tall / k / 4), outline: [] });
  };
  const other = () => {
    if (!d.chosen) return say("Choose a box first: click it, or its name below.");
    const labels = ["ball", "player", "goal"];
    change(d.chosen, { ...d.chosen, label: labels[(labels.indexOf(d.chosen.label) + 1) % 3] });
  };
  const leave = () => { d.chosen = d.point = d.corners = null; refresh(); };

  const steady = (act) => () => {  // the frame that was asked for is meant
    if (d.ready && s.ready && !s.busy && s.target === s.shown) act(); else if (!s.broken) setTimeout(steady(act), 10);
  };
  const line = (title, ...made) => {
    const row = document.createElement("div"), name = document.createElement("b");
    row.className = "group";
    name.textContent = title;
    row.append(name, ...made);
    return row;
  };
  const act = (title, cap, does, attributes = {}, more = []) => {
    for (const key of [cap, ...more].filter(Boolean)) keys.set(key.length === 1 ? key.toLowerCase() : key, steady(does));
    return button(title, { Delete: "Del" }[cap] ?? cap, steady(does), attributes);
  };
  const tool = (title, cap, name) => act(title, cap, () => pick(name), { "data-tool": name });
  const eye = overlay(film, { d, corner, change, ball, refresh: () => refresh() });
  const tools = find(".tools") ?? document.createElement("div");
  tools.className = "tools";
  find(".moves").before(tools);
  const [things, word] = [find(".things"), find(".word")].map((known) => known ?? document.createElement("div"));
  things.className = "things group";
  word.className = "word";
  word.setAttribute("aria-live", "polite");
  tools.replaceChildren(
    things, word,
    line("Draw", tool("Ball", "1", "ball"), tool("Player", "2", "player"), tool("Goal", "3", "goal"), tool("Mask", "4", "mask"), tool("Choose", "5", "choose")),
    line("Frame", act("Accept", "A", accept), act("No ball here", "O", none), act("Copy to next", "N", copy),
      act("Undo", "Z", () => turn(d.done, d.undone, "before")), act("Do again", "R", () => turn(d.undone, d.done, "after")),
      act("Clear", "", () => { put(at(), null); refresh(); })),
    line("Box", act("Other class", "C", other), act("Delete", "Delete", remove, {}, ["Backspace"]), act("Place", "Enter", place),
      act("Closer", "+", () => eye.zoom(1.5), {}, ["="]), act("Wider", "-", () => eye.zoom(1 / 1.5)), act("Fit", "0", () => eye.zoom(0))),
  );
  for (const [key, dx, dy] of [["ArrowLeft", -1, 0], ["ArrowRight", 1, 0], ["ArrowUp", 0, -1], ["ArrowDown", 0, 1]]) {
    const steps = [keys.get(key), keys.get(`Shift+${key}`)];
    keys.set(key, () => (d.chosen ? nudge(dx, dy) : steps[0]?.()));
    keys.set(`Shift+${key}`, () => (d.chosen ? nudge(10 * dx, 10 * dy) : steps[1]?.()));
  }
  for (const [key, dx, dy] of [["]", 1, 0], ["[", -1, 0], ["}", 0, 1], ["{", 0, -1]]) keys.set(key, () => grow(dx, dy));
  keys.set("Escape", leave);

  // ---- what is seen, and what Python says
  const named = (each, k) => {
    const made = button(`${each.label[0].toUpperCase()}${each.label.slice(1)}${each.outline.length ? ", mask" : ""}${each.from ? " (dashed)" : ""}`, "",
      () => { d.chosen = d.shown[k]; d.point = null; refresh(); }, { "aria-pressed": each === d.chosen, class: each.from ? "dashed" : "" });
    made.title = each.box.map(Math.round).join(", ");
    return made;
  };
  const tellAll = () => {
    things.replaceChildren(...(d.shown.length ? d.shown.map(named) : [d.ready ? "Nothing is drawn here." : ""]));
    const looked = d.things.has(d.frame) ? "" : " · not looked at yet";
    word.textContent = d.word || `${d.things.size} of ${s.times.length} frames drawn${looked}`;
    for (const each of tools.querySelectorAll("[data-tool]")) each.setAttribute("aria-pressed", each.dataset.tool === parentElement.tool);
    film.box.dataset.drawn = d.things.size;
  };
  const refresh = () => {
    d.shown = d.ready ? [...own(d.frame), ...likely(d.things, d.frame, s.times, d.seen), ...(d.refused.get(d.frame) ?? [])] : [];
    if (d.chosen?.from) d.chosen = d.shown.find((each) => each.from === d.chosen.from && overlap(each.box, d.chosen.box) > STRAY) ?? null;
    eye.paint();
    if (film.video.paused) tellAll();
  };
  const show = (frame) => {
    if (frame !== d.frame) Object.assign(d, { frame, chosen: null, point: null, corners: null, live: null, drag: null });
    refresh();
  };
  const hear = () => {
    for (const told of data.drawing.told.filter((each) => !d.heard.has(each.id))) {
      d.heard.add(told.id);
      if (told.on !== data.on) continue;
      d.numbers.set(told.frame, told.number);
      if (!("things" in told) || pending(told.frame)) continue;
      const now = told.things && told.things.map(thing);  // it was refused: what is stored counts, and ours is offered beside it
      const lost_ = own(told.frame).filter((each) => !now?.some((kept_) => kept_.label === each.label && overlap(kept_.box, each.box) > STRAY));
      if (now) d.things.set(told.frame, now); else d.things.delete(told.frame);
      d.refused.set(told.frame, lost_.map((each) => ({ ...each, from: "yours" })));
      [d.done, d.undone] = [d.done, d.undone].map((list) => list.filter((each) => each.frame !== told.frame));
      d.word = `Frame ${told.frame} was not saved. ${lost_.length ? "What you drew is dashed: A adds it." : ""}`;
    }
    remember();
  };
  const fetched = async () => {
    try {
      const answer = await fetch(data.drawing.all);
      if (!answer.ok) throw new Error(answer.status);
      const all = await answer.json();
      for (const [frame, [number, rows]] of Object.entries(all.drawn).map(([key, value]) => [Number(key), value])) {
        if (d.numbers.has(frame)) continue;  // said meanwhile
        d.numbers.set(frame, number);
        if (rows) d.things.set(frame, rows.map(thing));
      }
      for (const frame in all.seen) all.seen[frame] = all.seen[frame].map(thing);
      d.seen = { seen: all.seen, moving: all.moving };
    } catch {
      return lost("What is drawn cannot be reached: load the page again.");
    }
    for (const told of mine().filter((each) => each.on === data.on && each.does === "boxes")) {
      if (told.value) d.things.set(told.frame, told.value.map(thing)); else d.things.delete(told.frame);
    }
    d.ready = true;
    film.box.dataset.ready = data.on;
    if (s.ready) show(at());
  };
  if (fresh) { delete film.box.dataset.ready; fetched(); }
  return { show, hear };
}
