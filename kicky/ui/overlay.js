// What is drawn over the film, and the pointer on it: draw, move, resize, a mask's points, zoom and pan.
const REACH = { mouse: 7, touch: 18 }, CLICK = 4;  // on the screen
const MOST = 12;  // times the picture
const GRIPS = [[0, 0], [0.5, 0], [1, 0], [1, 0.5], [1, 1], [0.5, 1], [0, 1], [0, 0.5]];

function overlay(film, { d, corner, change, ball, refresh }) {
  const { parentElement, data, s, box, video, go, at, frameUp } = film;
  const [wide, tall] = data.drawing.size;
  const stage = parentElement.querySelector(".stage");
  const made = (name, about) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(about)) node.setAttribute(key, value);
    return node;
  };
  const svg = stage.querySelector("svg.over") ?? stage.appendChild(made("svg", { class: "over", "aria-hidden": "true", preserveAspectRatio: "none" }));
  const unit = () => wide / s.view.k / (svg.clientWidth || 1);  // the film's pixels in one of the screen's
  const tool = () => parentElement.tool;

  // ---- what is seen
  const grips = ({ box: [x0, y0, x1, y1] }) => GRIPS.map(([x, y]) => [x0 + x * (x1 - x0), y0 + y * (y1 - y0)]);
  const points = (part) => part.flatMap((x, k) => (k % 2 ? [] : [[x, part[k + 1]]]));
  const halves = (part) => points(part).map(([x, y], k, all) => [(x + all[(k + 1) % all.length][0]) / 2, (y + all[(k + 1) % all.length][1]) / 2]);
  const drawn = (each) => {
    const [x0, y0, x1, y1] = each.box, look = `${each.label}${each.from ? " dashed" : ""}${each === d.chosen || each === d.live ? " chosen" : ""}`;
    const name = made("text", { x: x0, y: y0 - 4 * unit(), "font-size": 12 * unit(), "stroke-width": 3 * unit(), class: look });
    name.textContent = each.label;
    const rim = made("rect", { x: x0, y: y0, width: x1 - x0, height: y1 - y0, class: `${look}${each.outline.length ? " hull" : ""}` });
    return [rim, ...each.outline.map((part) => made("polygon", { points: part.join(" "), class: look })), name];
  };
  const handles = (each) => {
    const dot = (kind, radius, [x, y]) => made("circle", { cx: x, cy: y, r: radius * unit(), class: kind });
    if (!each.outline.length) return grips(each).map((grip) => dot("grip", 4, grip));
    return each.outline.flatMap((part, p) => [...halves(part).map((half) => dot("half", 2.5, half)),
      ...points(part).map((point, k) => dot(d.point?.[0] === p && d.point[1] === k ? "grip on" : "grip", 4, point))]);
  };
  const paint = () => {
    const { k, x, y } = s.view;
    svg.setAttribute("viewBox", `${x * wide} ${y * tall} ${wide / k} ${tall / k}`);
    svg.dataset.tool = tool();
    const moving = d.live && d.drag?.old, all = d.shown.filter((each) => each !== moving);
    const nodes = all.flatMap(drawn);
    if (d.live) nodes.push(...drawn(d.live));
    if (d.chosen && !d.live) nodes.push(...handles(d.chosen));
    if (d.corners) {
      const line = [...d.corners, ...(d.cursor ?? [])];
      nodes.push(made("polyline", { points: line.join(" "), class: "chosen player" }), ...points(d.corners).map(([cx, cy]) => made("circle", { cx, cy, r: 4 * unit(), class: "grip" })));
    }
    svg.replaceChildren(...nodes);
  };

  // ---- zoom and pan
  const look = (k, x, y) => {
    const edge = (value) => Math.min(Math.max(value, 0), 1 - 1 / k);
    s.view = { k, x: edge(x), y: edge(y) };
    frameUp();
    paint();
  };
  const zoom = (by, [cx, cy] = [0.5, 0.5]) => {  // about a place of the screen, as shares of it
    if (!by) return look(1, 0, 0);
    const { k, x, y } = s.view, now = Math.min(Math.max(k * by, 1), MOST);
    look(now, x + cx / k - cx / now, y + cy / k - cy / now);
  };
  const share = ({ clientX, clientY }) => {
    const edge = svg.getBoundingClientRect();
    return [(clientX - edge.left) / edge.width, (clientY - edge.top) / edge.height];
  };
  const where = (event) => {
    const [x, y] = share(event);
    return [(s.view.x + x / s.view.k) * wide, (s.view.y + y / s.view.k) * tall];
  };
  svg.onwheel = (event) => {
    event.preventDefault();
    const { k, x, y } = s.view;
    if (event.shiftKey || event.deltaX) return look(k, x + (event.deltaX || event.deltaY) / svg.clientWidth / k, y + (event.shiftKey ? 0 : event.deltaY) / svg.clientHeight / k);
    zoom(Math.exp(-event.deltaY / 400), share(event));
  };

  // ---- what is under the pointer
  const near = (one, other, reach) => Math.hypot(one[0] - other[0], one[1] - other[1]) <= reach;
  const size = ({ box: [x0, y0, x1, y1] }) => (x1 - x0) * (y1 - y0);
  const within = ([x, y], { box: [x0, y0, x1, y1] }, by = 0) => x >= x0 - by && x <= x1 + by && y >= y0 - by && y <= y1 + by;
  const under = (place, by = 0) => d.shown.filter((each) => within(place, each, by)).sort((a, b) => size(a) - size(b))[0] ?? null;
  const grip = (place, reach) => {
    const old = d.chosen;
    if (old?.outline.length) {
      for (const [p, part] of old.outline.entries()) {
        const k = points(part).findIndex((point) => near(point, place, reach));
        if (k >= 0) return { kind: "point", old, p, k };
        const half = halves(part).findIndex((point) => near(point, place, reach));
        if (half >= 0) return { kind: "half", old, p, k: half + 1 };
      }
    } else if (old) {
      const g = grips(old).findIndex((point) => near(point, place, reach));
      if (g >= 0) return { kind: "size", old, by: GRIPS[g] };
    }
    if (tool() === "ball" || tool() === "mask") return null;
    if (tool() === "choose" && old && within(place, old)) return { kind: "move", old };
    const edge = d.shown.find((each) => within(place, each, reach / 2) && !within(place, each, -reach / 2));
    const taken = edge ?? (tool() === "choose" ? under(place, reach) : null);
    return taken && { kind: "move", old: taken };
  };
  const living = ({ kind, old, start, by, p, k }, [x, y]) => {
    const [dx, dy] = [x - start[0], y - start[1]], moved = (values) => values.map((value, n) => value + (n % 2 ? dy : dx));
    if (kind === "draw") return { label: tool(), box: [Math.min(x, start[0]), Math.min(y, start[1]), Math.max(x, start[0]), Math.max(y, start[1])], outline: [] };
    if (kind === "move") return { ...old, from: undefined, box: moved(old.box), outline: old.outline.map(moved) };
    if (kind === "size") {
      const [x0, y0, x1, y1] = old.box, [left, right] = [by[0] === 0 ? x : x0, by[0] === 1 ? x : x1], [top, low] = [by[1] === 0 ? y : y0, by[1] === 1 ? y : y1];
      return { ...old, from: undefined, box: [Math.min(left, right), Math.min(top, low), Math.max(left, right), Math.max(top, low)] };
    }
    const outline = old.outline.map((part, n) => (n !== p ? part : [...part.slice(0, 2 * k), x, y, ...part.slice(2 * k + (kind === "point" ? 2 : 0))]));
    return { ...old, from: undefined, outline, box: hullOf(outline) };
  };

  // ---- the pointer
  const two = () => {
    const [one, other] = [...d.touching.values()];
    return { mid: [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2], apart: Math.max(Math.hypot(one[0] - other[0], one[1] - other[1]), 0.02) };
  };
  svg.onpointerdown = (event) => {
    event.preventDefault();
    box.focus({ preventScroll: true });
    if (!d.ready || !s.ready) return;
    if (!video.paused) video.pause();
    svg.setPointerCapture(event.pointerId);
    d.touching.set(event.pointerId, share(event));
    d.live = null;
    if (d.touching.size === 2) d.drag = { kind: "pinch", ...two(), view: s.view };
    if (d.touching.size > 1) return;
    const start = where(event), reach = REACH[event.pointerType === "touch" ? "touch" : "mouse"] * unit();
    const held = event.button ? { kind: "pan" } : grip(start, reach) ?? { kind: { mask: "corner", choose: "choose" }[tool()] ?? "draw" };
    d.drag = { ...held, start, at: [event.clientX, event.clientY], reach, view: s.view, from: share(event) };
    if (held.old) d.chosen = held.old;
    refresh();
  };
  svg.onpointermove = (event) => {
    const drag = d.drag;
    if (d.touching.has(event.pointerId)) d.touching.set(event.pointerId, share(event));
    d.cursor = where(event);
    if (!drag) { if (d.corners) paint(); return; }
    if (drag.kind === "pinch") {
      if (d.touching.size < 2) return;
      const now = two(), k = Math.min(Math.max((drag.view.k * now.apart) / drag.apart, 1), MOST);
      return look(k, ...[0, 1].map((n) => [drag.view.x, drag.view.y][n] + drag.mid[n] / drag.view.k - now.mid[n] / k));
    }
    const moved = (drag.moved ||= Math.hypot(event.clientX - drag.at[0], event.clientY - drag.at[1]) > CLICK);
    if (drag.kind === "pan" || (drag.kind === "choose" && moved && s.view.k > 1)) {
      drag.kind = "pan";  // one finger is enough where nothing is taken or drawn
      const now = share(event);
      return look(drag.view.k, drag.view.x - (now[0] - drag.from[0]) / drag.view.k, drag.view.y - (now[1] - drag.from[1]) / drag.view.k);
    }
    if (!moved || ["corner", "choose"].includes(drag.kind)) return;
    d.live = living(drag, d.cursor);
    paint();
  };
  svg.onpointerup = (event) => {
    const [drag, live, place] = [d.drag, d.live, where(event)];
    d.touching.delete(event.pointerId);
    d.live = null;
    if (drag?.kind === "pinch" && d.touching.size) return;
    d.drag = null;
    if (!drag || ["pinch", "pan"].includes(drag.kind)) return refresh();
    if (drag.kind === "corner") corner(place, drag.reach);
    else if (live) change(drag.old ?? null, live);
    else if (drag.kind === "draw" && tool() === "ball") { const frame = at(); ball(place); d.chosen = null; go(frame + 1); }
    else { d.point = drag.kind === "point" ? [drag.p, drag.k] : null; d.chosen = d.point ? drag.old : under(place, drag.reach / 2); }
    refresh();
    requestAnimationFrame(() => { box.dataset.drewMs = (performance.now() - event.timeStamp).toFixed(1); });
  };
  svg.onpointercancel = (event) => { d.touching.delete(event.pointerId); d.live = d.drag = null; refresh(); };
  svg.oncontextmenu = (event) => event.preventDefault();
  parentElement.sized?.disconnect();
  parentElement.sized = new ResizeObserver(() => requestAnimationFrame(paint));
  parentElement.sized.observe(svg);
  return { paint, zoom };
}
