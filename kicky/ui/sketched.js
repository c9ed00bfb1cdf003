// What a player drew -> SVG, as render/sketch.py draws it in a film. Points are shares of the picture.
const SVG = "http://www.w3.org/2000/svg";

function degreesAt([a, corner, b], [wide, high]) {
  const turn = ([x, y]) => Math.atan2((y - corner[1]) * high, (x - corner[0]) * wide);
  const apart = Math.abs(turn(a) - turn(b)) % (2 * Math.PI);
  return Math.round((Math.min(apart, 2 * Math.PI - apart) * 180) / Math.PI);
}

function sketched(svg, shapes, [wide, high], letters = 22) {
  svg.setAttribute("viewBox", `0 0 ${wide} ${high}`);
  const [sun, white, ink] = ["#ffd646", "#fdfdf6", "#15231a"], width = Math.max(2, Math.min(wide, high) / 160);
  const size = Math.max(14, Math.min(wide, high) / letters);
  const made = (name, about) => {
    const node = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(about)) node.setAttribute(key, value);
    return node;
  };
  const stroked = (name, about, colour = sun) => [[ink, width * 1.9], [colour, width]].map(([stroke, thick]) => made(name, {
    ...about, stroke, "stroke-width": thick, fill: "none", "stroke-linecap": "round", "stroke-linejoin": "round",
  }));
  const way = (points, colour) => stroked("polyline", { points: points.map((each) => each.join(",")).join(" ") }, colour);
  const words = (text, [x, y]) => {
    const room = Math.min(text.length * size * 0.31 + size * 0.6, wide / 2), at = Math.min(Math.max(x, room), wide - room);
    const low = Math.min(Math.max(y, size), high - size);
    const label = made("text", { x: at, y: low, fill: white, stroke: ink, "stroke-width": size * 0.28, "paint-order": "stroke",
      "font-size": size, "font-weight": 700, "text-anchor": "middle", "dominant-baseline": "central", "font-family": "sans-serif",
      "stroke-linejoin": "round" });
    if (text.length * size * 0.62 > wide * 0.94) { label.setAttribute("textLength", wide * 0.94); label.setAttribute("lengthAdjust", "spacingAndGlyphs"); }
    label.textContent = text;
    return [label];
  };
  const drawn = ({ kind, points: shares, words: text }) => {
    const points = shares.map(([x, y]) => [x * wide, y * high]), [a, b, c] = points;
    if (kind === "text") return words(text, a);
    if (points.length < 2) return [made("circle", { cx: a[0], cy: a[1], r: width * 1.6, fill: sun, stroke: ink })];
    if (kind === "circle") return stroked("circle", { cx: a[0], cy: a[1], r: Math.hypot(b[0] - a[0], b[1] - a[1]) });
    if (kind === "angle" && c) {
      const turns = [a, c].map(([x, y]) => Math.atan2(y - b[1], x - b[0]));
      let by = turns[1] - turns[0];
      by -= 2 * Math.PI * Math.round(by / (2 * Math.PI));
      const away = 0.35 * Math.min(...[a, c].map(([x, y]) => Math.hypot(x - b[0], y - b[1])));
      const bow = Array.from({ length: 25 }, (_, k) => turns[0] + (by * k) / 24).map((t) => [b[0] + away * Math.cos(t), b[1] + away * Math.sin(t)]);
      const middle = turns[0] + by / 2, out = away + 1.4 * size;
      return [...way(points), ...way(bow, white),
        ...words(`${degreesAt(shares, [wide, high])}°`, [b[0] + out * Math.cos(middle), b[1] + out * Math.sin(middle)])];
    }
    const parts = way(points);
    if (kind === "arrow") {
      const long = Math.hypot(a[0] - b[0], a[1] - b[1]), head = Math.min(6 * width, long / 2), turn = Math.atan2(a[1] - b[1], a[0] - b[0]);
      parts.push(...way([-0.42, 0, 0.42].map((t) => (t ? [b[0] + head * Math.cos(turn + t), b[1] + head * Math.sin(turn + t)] : b))));
    }
    return parts;
  };
  svg.replaceChildren(...[...shapes].sort((a, b) => (a.kind === "text") - (b.kind === "text")).flatMap(drawn));
}
