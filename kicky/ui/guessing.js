// What is likely in a frame, from the frames drawn by hand around it and from what the newest analysis saw.
// A thing is { label, box: [x0, y0, x1, y1], outline: [[x, y, …], …] } in the film's pixels; `drawn` holds each frame's.
const KEYED = ["player", "goal"], BALLS_NEAR = 3, AHEAD_S = 0.5;
const MAGNET_PX = 12, MAGNET_BALLS = 1.5;  // a click this near to a moving thing meant it
const BALL_PX = 12;  // a ball of which nothing is known

const middleOf = ([x0, y0, x1, y1]) => [(x0 + x1) / 2, (y0 + y1) / 2];
const mixed = (one, other, share) => one.map((value, k) => value + share * (other[k] - value));
const around = ([x, y], wide, tall) => [x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2];
const hullOf = (outline) => {
  const xs = outline.flatMap((part) => part.filter((_, k) => k % 2 === 0)), ys = outline.flatMap((part) => part.filter((_, k) => k % 2));
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
};

// Players and goal between two frames drawn by hand, by time; a goal stands still before the first and after the last.
// The same as kicky/truth/boxes.py does for what is learned from.
function between(drawn, label, frame, times) {
  const keys = [...drawn.keys()].filter((key) => drawn.get(key).some((thing) => thing.label === label)).sort((a, b) => a - b);
  let before = keys.filter((key) => key <= frame).pop(), after = keys.find((key) => key >= frame);
  if (label === "goal") [before, after] = [before ?? after, after ?? before];
  if (before === undefined || after === undefined) return [];
  const share = before === after ? 0 : (times[frame] - times[before]) / (times[after] - times[before]);
  const [ones, others] = [before, after].map((key) => drawn.get(key).filter((thing) => thing.label === label));
  return pairs(ones, others).map(([one, other]) => {
    const same = one.outline.length === other.outline.length && one.outline.every((part, k) => part.length === other.outline[k].length);
    return { label, box: mixed(one.box, other.box, share), from: "between",
      outline: same ? one.outline.map((part, k) => mixed(part, other.outline[k], share)) : [] };
  });
}

function pairs(ones, others) {  // the nearest first
  const apart = (a, b) => [0, 1].reduce((sum, k) => sum + Math.abs(a.box[k] + a.box[k + 2] - b.box[k] - b.box[k + 2]), 0);
  const all = ones.flatMap((one) => others.map((other) => [one, other])).sort((a, b) => apart(...a) - apart(...b));
  const taken = new Set();
  return all.filter((pair) => !pair.some((each) => taken.has(each)) && pair.forEach((each) => taken.add(each)) === undefined);
}

// Where the ball goes on to, through the nearest frames in which it was clicked; null where none is near.
function ballAhead(drawn, frame, times) {
  const boxOf = (key) => drawn.get(key).find((thing) => thing.label === "ball")?.box;
  const near = [...drawn.keys()].filter((key) => key !== frame && boxOf(key))
    .sort((a, b) => Math.abs(a - frame) - Math.abs(b - frame) || a - b).slice(0, BALLS_NEAR);
  if (!near.length || Math.min(...near.map((key) => Math.abs(times[key] - times[frame]))) > AHEAD_S) return null;
  const t = near.map((key) => times[key] - times[frame]), rows = near.map(boxOf);
  // the one parabola (or line) through them, at now
  const weights = t.map((at, i) => t.reduce((product, other, j) => (i === j ? product : product * (other / (other - at))), 1));
  const centre = [0, 1].map((k) => weights.reduce((sum, weight, i) => sum + weight * middleOf(rows[i])[k], 0));
  return around(centre, ...[0, 1].map((k) => rows[0][k + 2] - rows[0][k]));
}

// A place, where the ball is thought to go -> its box: a moving thing near there draws it there.
function ballAt(place, ahead, frame, seen) {
  const spots = (seen.seen[frame] ?? []).filter((thing) => thing.label === "ball").map((thing) => thing.box)
    .concat((seen.moving[frame] ?? []).map(([x, y, size]) => around([x, y], size, size)));
  const off = (box) => Math.hypot(middleOf(box)[0] - place[0], middleOf(box)[1] - place[1]);
  const best = spots.filter((box) => off(box) <= Math.max(MAGNET_PX, MAGNET_BALLS * (box[2] - box[0]))).sort((a, b) => off(a) - off(b))[0];
  return best ?? (ahead ? around(place, ahead[2] - ahead[0], ahead[3] - ahead[1]) : around(place, BALL_PX, BALL_PX));
}

// A frame -> what is not drawn in it and likely there; `from` says why: between, ahead, seen.
function likely(drawn, frame, times, seen) {
  const there = new Set((drawn.get(frame) ?? []).map((thing) => thing.label));
  const proposed = (label) => (seen.seen[frame] ?? []).filter((thing) => thing.label === label).map((thing) => ({ ...thing, from: "seen" }));
  const found = KEYED.filter((label) => !there.has(label)).flatMap((label) => {
    const known = between(drawn, label, frame, times);
    return known.length ? known : proposed(label);
  });
  if (there.has("ball")) return found;
  const ahead = ballAhead(drawn, frame, times);
  if (!ahead) return [...found, ...proposed("ball").slice(0, 1)];
  return [...found, { label: "ball", box: ballAt(middleOf(ahead), ahead, frame, seen), outline: [], from: "ahead" }];
}

function crossesItself(polygon) {
  const points = polygon.flatMap((x, k) => (k % 2 ? [] : [[x, polygon[k + 1]]])), count = points.length;
  const side = ([a, b], c) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
  const edges = points.map((point, k) => [point, points[(k + 1) % count]]);
  const apart = (edge, [c, d]) => side(edge, c) * side(edge, d) < 0;
  return edges.some((one, k) => edges.slice(k + 1).some((other) => apart(one, other) && apart(other, one)));
}

const overlap = (a, b) => {  // intersection over union
  const wide = Math.min(a[2], b[2]) - Math.max(a[0], b[0]), tall = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  const area = (box) => (box[2] - box[0]) * (box[3] - box[1]);
  return wide > 0 && tall > 0 ? (wide * tall) / (area(a) + area(b) - wide * tall) : 0;
};
