// Drawn here, kept by Python after each shape. Runs again on every rerun of the page: what is drawn stays meanwhile.
const KINDS = { line: ["Line", 2], arrow: ["Arrow", 2], angle: ["Angle", 3], circle: ["Circle", 2], text: ["Text", 1] };
const HOW = {
  line: "Drag from one end to the other.", arrow: "Drag towards where it points.", circle: "Drag from the middle outwards.",
  angle: "Tap three points: a leg, the corner, the other leg.", text: "Type the words, then tap where they go.",
};
const MOVED_CSS = 8, STEP = 0.01, FINE = 0.002;

export default function ({ parentElement, data, setTriggerValue }) {
  const find = (what) => parentElement.querySelector(what);
  const [box, paper, image, svg, field] = [".sketch", ".paper", "img", "svg", "input"].map(find);
  const fresh = parentElement.of !== data.of;
  if (fresh) Object.assign(parentElement, { of: data.of, shapes: data.shapes, points: [], at: null });
  const p = parentElement, [wide, high] = data.size;
  p.kind ??= "line";
  field.maxLength = data.longest;
  image.alt = `Frame ${data.frame} of the film`;
  [image.width, image.height] = data.size;
  paper.style.width = `min(100%, calc(min(70svh, 42rem) * ${wide / high}))`;

  const show = () => {
    const growing = p.points.length ? [...p.points, ...(p.at && p.points.length < KINDS[p.kind][1] ? [p.at] : [])] : [];
    const cursor = p.keyed && p.at ? [{ kind: "line", points: [p.at] }] : [];
    const wanted = growing.length ? [{ kind: growing.length < 3 && p.kind === "angle" ? "line" : p.kind, points: growing }] : [];
    sketched(svg, [...p.shapes, ...wanted, ...cursor], data.size);
    const full = p.shapes.length >= data.most;
    find(".told").textContent = full ? `${data.most} shapes are on this picture: that is all it takes.`
      : p.points.length ? `Point ${p.points.length} of ${KINDS[p.kind][1]} is set.` : p.said || HOW[p.kind];
    find(".words").hidden = p.kind !== "text";
    for (const button of parentElement.querySelectorAll("[data-kind]")) {
      button.setAttribute("aria-pressed", String(button.dataset.kind === p.kind));
    }
    find("[data-undo]").disabled = !p.shapes.length && !p.points.length;
    box.dataset.shapes = p.shapes.length;
  };
  const keep = (said) => { p.said = said; setTriggerValue("save", { frame: data.frame, shapes: p.shapes, of: data.of }); show(); };
  const put = (point) => {
    if (p.shapes.length >= data.most) return;
    const words = field.value.trim();
    if (p.kind === "text" && !words) { p.said = "Type the words first."; show(); field.focus(); return; }
    const last = p.points.at(-1);
    if (last && Math.hypot((point[0] - last[0]) * wide, (point[1] - last[1]) * high) < 2) return;
    p.said = "";
    p.points = [...p.points, point];
    if (p.points.length < KINDS[p.kind][1]) { show(); return; }
    p.shapes = [...p.shapes, { kind: p.kind, points: p.points, words: p.kind === "text" ? words : "" }];
    p.points = [];
    if (p.kind === "text") field.value = "";
    keep("Kept.");
  };
  const undo = () => {
    if (p.points.length) { p.points = []; show(); return; }
    if (!p.shapes.length) return;
    p.shapes = p.shapes.slice(0, -1);
    keep("Taken back.");
  };
  const choose = (kind) => {
    Object.assign(p, { kind, points: [], said: "" });
    show();
    if (kind === "text") field.focus({ preventScroll: true });
  };

  const button = (title, act, about) => {
    const node = document.createElement("button");
    Object.assign(node, { type: "button", textContent: title, onclick: act });
    for (const [key, value] of Object.entries(about)) node.setAttribute(key, value);
    return node;
  };
  const gap = document.createElement("span");
  gap.className = "gap";
  find(".tools").replaceChildren(
    ...Object.entries(KINDS).map(([kind, [title]]) => button(title, () => choose(kind), { "data-kind": kind })), gap,
    button("Undo", undo, { "data-undo": "" }),
  );

  const where = (event) => {
    const edge = image.getBoundingClientRect(), share = (value) => Math.round(Math.min(Math.max(value, 0), 1) * 1e4) / 1e4;
    return [share((event.clientX - edge.left) / edge.width), share((event.clientY - edge.top) / edge.height)];
  };
  paper.onpointerdown = (event) => {
    if (event.button) return;
    event.preventDefault();
    paper.setPointerCapture(event.pointerId);
    if (p.kind !== "text" || !field.value.trim()) box.focus({ preventScroll: true });
    Object.assign(p, { down: [event.clientX, event.clientY], keyed: false, at: where(event) });
    put(p.at);
  };
  paper.onpointermove = (event) => { p.at = where(event); if (p.points.length) show(); };
  paper.onpointerup = (event) => {
    const far = p.down && Math.hypot(event.clientX - p.down[0], event.clientY - p.down[1]) > MOVED_CSS;
    p.down = null;
    if (far && p.points.length) put(where(event));
  };
  field.onkeydown = (event) => {
    event.stopPropagation();
    if (event.key === "Enter" && field.value.trim()) { box.focus(); p.keyed = true; p.at ??= [0.5, 0.5]; show(); }
  };
  box.onkeydown = (event) => {
    if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); undo(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== box) return;
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!by && !["Enter", "Escape", "Backspace"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") { p.points = []; show(); return; }
    if (event.key === "Backspace") { undo(); return; }
    const from = p.at ?? [0.5, 0.5], step = event.shiftKey ? FINE : STEP, edge = (value) => Math.min(Math.max(value, 0), 1);
    Object.assign(p, { keyed: true, at: by ? [edge(from[0] + step * by[0]), edge(from[1] + step * by[1])] : from });
    if (by) show(); else put(p.at);
  };
  box.onfocus = box.onpointerdown = () => { window.kickyKeys = box; };
  if (image.src !== data.picture) image.src = data.picture;
  show();
}
