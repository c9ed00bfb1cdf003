// Runs again on every rerun of the page: all handlers are set anew, the ring stays where it was put.
const NEAR_CSS = 12; // a tap so near the middle of a place means that place
const ACROSS = 0.11, BALLS_ACROSS = 7; // the loupe shows so much of the longer side, or so many balls

export default function ({ parentElement, data, setTriggerValue }) {
  const find = (what) => parentElement.querySelector(what);
  const [box, stage, image, marks, loupe, save] = [".pointing", ".stage", "img", ".marks", ".loupe", ".save"].map(find);
  const [width, height] = data.size;
  if (parentElement.shot !== data.shot) {
    const now = data.said ?? data.places.find((place) => place.chosen);
    parentElement.ring = now ? { x: now.x, y: now.y, diameter: now.diameter ?? 0 } : null;
    parentElement.middle = parentElement.ring;
    parentElement.shot = data.shot;
  }
  const waits = () => parentElement.asked === data.heard; // what was refused or failed may be tried anew
  box.setAttribute("aria-label", "Show the ball in the picture");
  image.alt = `Frame ${data.frame} of the film`;
  image.width = width;
  image.height = height;
  stage.style.width = `min(100%, calc(min(70vh, 42rem) * ${width / height}))`;

  const widest = Math.max(0, ...data.places.map((place) => place.diameter));
  const shown = Math.max(ACROSS * Math.max(width, height), BALLS_ACROSS * widest);
  loupe.dataset.shown = shown;
  const scale = () => (image.clientWidth || 1) / width;
  const named = (place) => data.places.findIndex((each) => Math.hypot(each.x - place.x, each.y - place.y) < 0.5) + 1;

  const drawn = (name, about) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(about)) node.setAttribute(key, value);
    return node;
  };
  const rings = () => {
    const by = scale(), ring = parentElement.ring, parts = [];
    marks.setAttribute("viewBox", `0 0 ${width * by} ${height * by}`);
    const circle = (at, radius, kind) => {
      const about = { cx: at.x * by, cy: at.y * by, r: radius };
      parts.push(drawn("circle", { ...about, class: "dark" }), drawn("circle", { ...about, class: kind }));
    };
    data.places.forEach((place, number) => {
      const radius = Math.max(0.75 * place.diameter * by, 10);
      circle(place, radius, place.chosen ? "faint now" : "faint");
      const text = drawn("text", { x: place.x * by + radius * 0.75, y: place.y * by - radius * 0.75 });
      text.textContent = `${number + 1}`;
      parts.push(text);
    });
    if (ring) circle(ring, Math.max(0.6 * ring.diameter * by, 7), "ring");
    marks.replaceChildren(...parts);
  };
  const magnified = () => {
    const side = loupe.clientWidth, by = side / shown, dots = window.devicePixelRatio || 1;
    const { ring, middle } = parentElement;
    loupe.hidden = find(".hint").hidden = !middle;
    if (!middle || !side || !image.naturalWidth) return;
    loupe.width = loupe.height = side * dots;
    const context = loupe.getContext("2d"), kept = image.naturalWidth / width;
    const [left, top] = [middle.x - shown / 2, middle.y - shown / 2];
    context.scale(dots, dots);
    context.imageSmoothingQuality = "high";
    context.drawImage(image, left * kept, top * kept, shown * kept, shown * kept, 0, 0, side, side);
    const [x, y] = [(ring.x - left) * by, (ring.y - top) * by];
    const radius = Math.max(0.6 * ring.diameter * by, 9);
    const lines = (colour, thick) => {
      context.beginPath();
      context.arc(x, y, radius, 0, 7);
      for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
        context.moveTo(x + dx * radius, y + dy * radius);
        context.lineTo(x + dx * (radius + 10), y + dy * (radius + 10));
      }
      context.strokeStyle = colour;
      context.lineWidth = thick;
      context.stroke();
    };
    lines("rgba(11,18,14,0.6)", 5);
    lines("#ffd646", 2.5);
  };
  const told = () => {
    const ring = parentElement.ring, busy = data.busy || waits();
    const number = ring && named(ring);
    const isSaid = ring && data.said && Math.hypot(ring.x - data.said.x, ring.y - data.said.y) < 0.5;
    find(".where").textContent = !ring ? "Tap the ball in the picture."
      : `${Math.round(ring.x)}, ${Math.round(ring.y)}${number ? ` · place ${number}` : ""}`;
    save.disabled = !ring || isSaid || busy;
    save.textContent = busy ? "Working it out again …" : isSaid ? "This is the ball you showed" : "This is the ball";
    parentElement.querySelectorAll(".places button").forEach((button, at) => {
      button.setAttribute("aria-pressed", String(at + 1 === number));
    });
  };
  const show = () => { rings(); magnified(); told(); };

  const put = (x, y, reach, moves) => {
    const at = { x: Math.min(Math.max(x, 0), width - 1), y: Math.min(Math.max(y, 0), height - 1), diameter: widest };
    const away = (place) => Math.hypot(place.x - at.x, place.y - at.y);
    const near = data.places.filter((place) => away(place) < Math.max(reach, 0.5 * place.diameter));
    const place = near.sort((one, other) => away(one) - away(other))[0];
    parentElement.ring = place ? { x: place.x, y: place.y, diameter: place.diameter } : at;
    if (moves || !parentElement.middle) parentElement.middle = parentElement.ring;
    show();
  };
  stage.onclick = (event) => {
    const edge = image.getBoundingClientRect(), by = scale();
    put((event.clientX - edge.left) / by, (event.clientY - edge.top) / by, NEAR_CSS / by, true);
    box.focus({ preventScroll: true });
  };
  loupe.onclick = (event) => {
    const edge = loupe.getBoundingClientRect(), by = edge.width / shown, middle = parentElement.middle;
    put(middle.x + (event.clientX - edge.left) / by - shown / 2,
      middle.y + (event.clientY - edge.top) / by - shown / 2, 0, false);
    box.focus({ preventScroll: true });
  };
  find(".places").replaceChildren(...data.places.map((place, number) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = `${number + 1}`;
    button.setAttribute("aria-label", `Place ${number + 1}${place.chosen ? ", taken for the ball" : ""}`);
    button.onclick = () => put(place.x, place.y, 0, true);
    return button;
  }));
  const ask = () => {
    if (save.disabled) return;
    parentElement.asked = data.heard;
    told();
    setTriggerValue("save", { x: parentElement.ring.x, y: parentElement.ring.y, frame: data.frame });
  };
  save.onclick = ask;
  box.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== box) return;
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (event.key !== "Enter" && !by) return;
    event.preventDefault();
    if (!by) return ask();
    const from = parentElement.ring ?? { x: width / 2, y: height / 2 };
    const at = { x: from.x + by[0], y: from.y + by[1] };
    parentElement.ring = {
      x: Math.min(Math.max(at.x, 0), width - 1), y: Math.min(Math.max(at.y, 0), height - 1),
      diameter: from.diameter ?? widest,
    };
    const middle = parentElement.middle ?? parentElement.ring;
    const off = Math.max(Math.abs(at.x - middle.x), Math.abs(at.y - middle.y));
    parentElement.middle = off > shown * 0.4 ? parentElement.ring : middle;
    show();
  };

  image.onload = show;
  if (image.src !== data.picture) image.src = data.picture;
  if (parentElement.sees) parentElement.sees.disconnect();
  parentElement.sees = new ResizeObserver(() => requestAnimationFrame(show));
  parentElement.sees.observe(stage);
  parentElement.sees.observe(loupe);
  show();
  return () => parentElement.sees.disconnect();
}
