// A shot in three dimensions. Everything happens in the page: Python gives the scene once (docs/replay.md) and hears
// nothing. The film above and this go by each other's frames, by two events of the window: kicky:frame and kicky:go.
const VIEWS = [
  ["phone", "Phone", "1"], ["keeper", "Keeper", "2"], ["goal", "Behind the goal", "3"], ["above", "Above", "4"],
  ["side", "Side", "5"], ["chase", "Along the ball", "6"], ["free", "Free", "7"],
];
const MOVES = [
  ["-1", "−1", ","], ["play", "Play", "Space"], ["+1", "+1", "."], ["kick", "Kick", "e"], ["half", "½", "h"], ["slow", "¼", "v"],
  ["loop", "Loop", "t"], ["fan", "Likely paths", "p"], ["seen", "Only what was seen", "o"],
];
const NAMES = { "-1": "A frame back", "+1": "A frame on", kick: "To the kick", half: "Half speed", slow: "Quarter speed" };
const LOOP = [-0.4, 0.45], MOVES_MS = 450, FOV = 42, LEAST_PX = 4.5, SOFT_RATIO = 0.75, LEAST_RATIO = 0.6;
const NO_WEBGL = "This browser does not draw in three dimensions: WebGL is switched off, or not there. Below, under \u201cThe replay "
  + "as a film\u201d, KICKY draws it for you instead.";

export default function ({ parentElement, data }) {
  const find = (what) => parentElement.querySelector(what);
  const box = find(".replay"), named = `${data.on}/${data.stamp}`;
  if (parentElement.named === named) { parentElement.wake?.(); return parentElement.end; }
  parentElement.end?.();
  parentElement.named = named;
  box.dataset.on = data.on;
  const began = performance.now(), made = data.scene;
  find(".words").textContent = (data.beside ? [data.beside.words] : [made.words, made.fit?.words]).filter(Boolean).join(" ");
  find(".space").setAttribute("aria-label", `The shot in three dimensions. ${data.beside?.words ?? made.words}`);
  let ended = false;
  parentElement.end = () => { ended = true; parentElement.named = null; parentElement.shut?.(); };
  open(parentElement, data, began, () => ended).catch((error) => {
    if (ended) return;
    box.dataset.failed = error.name;
    lost(find, error.name === "NoWebGL" ? NO_WEBGL : "The replay could not be built: load the page again.");
    console.warn(error);
  });
  return parentElement.end;
}

function lost(find, why) {
  find(".lost").hidden = !why;
  find(".lost").textContent = why;
  find(".lost").classList.remove("waits");
}

function inSoftware() {  // whether the browser draws without graphics hardware: then each smoothed edge costs dearly
  const gl = document.createElement("canvas").getContext("webgl2"), named = gl?.getExtension("WEBGL_debug_renderer_info");
  const found = named ? gl.getParameter(named.UNMASKED_RENDERER_WEBGL) : "";
  gl?.getExtension("WEBGL_lose_context")?.loseContext();
  return /swiftshader|llvmpipe|software/i.test(found);
}

async function open(parent, data, began, ended) {
  const find = (what) => parent.querySelector(what), box = find(".replay"), space = find(".space"), film = find(".film"), picture = find(".picture");
  const [THREE, drawn] = await Promise.all([data.three, data.drawn, data.core].map((path) => import(new URL(path, document.baseURI).href)));
  if (ended()) return;
  const soft = inSoftware();
  let renderer;
  try {
    renderer = new THREE.WebGLRenderer({ canvas: space, alpha: true, antialias: !soft, powerPreference: "low-power" });
  } catch (error) {
    throw Object.assign(new Error(String(error)), { name: "NoWebGL" });
  }
  const made = data.scene, world = drawn.world(THREE, made, data.beside), camera = new THREE.PerspectiveCamera(FOV, 16 / 9, 0.05, 400);
  const times = made.film.t, first = made.film.first, vec = (p) => new THREE.Vector3(...p), phone = made.phone;
  const ends = [times[0], times[times.length - 1]], calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const kept = parent.kept?.on === data.on ? parent.kept : { t: 0, view: made.goal ? "keeper" : "side" };
  const s = { t: kept.t, view: kept.view, rate: 0.25, playing: false, loop: false, fan: true, seen: false, from: null,
    eye: null, free: null, dirty: true, film: null, asked: null, shownFrame: null, drawnFrames: 0, since: 0, ratio: soft ? SOFT_RATIO : Math.min(devicePixelRatio || 1, 2) };
  const nearest = (t) => { const [a, b, share] = drawn.at(times, t); return share < 0.5 ? a : b; };
  const wake = () => { s.dirty = true; if (!s.run) s.run = requestAnimationFrame(tick); };

  // ---- where it is looked from
  const flown = made.ball.t.length > 1, spot = made.ball.t.length ? made.ball.at[0] : world.bodyAt(0)?.[7] ?? [0, 0, 11];
  const goalAt = made.goal ? [0, 1, 0] : flown ? made.ball.at[made.ball.at.length - 1] : [spot[0], 1, spot[2] - 8];
  const wayTo = vec(goalAt).sub(vec(spot)).setY(0);
  if (wayTo.lengthSq() < 0.01) wayTo.set(0, 0, -1);
  const far = wayTo.length(), ahead = wayTo.clone().normalize(), aside = new THREE.Vector3(-ahead.z, 0, ahead.x);
  const keeper = made.others.find((each) => each.role === "keeper");
  const eyes = {
    keeper: (t) => {
      const [x, z] = keeper ? drawn.placeAt(keeper.t, keeper.at, t) : [0, 0.3];
      return { at: [x, 1.65, z], to: vec(world.ballAt(t) ?? spot).setY(0.4 + 0.6 * (world.ballAt(t)?.[1] ?? 0.1)).toArray(), fov: 34 };
    },
    goal: (t) => ({ at: [0.2 * spot[0], 2.6, -6.5], to: vec(spot).lerp(vec(world.ballAt(t) ?? spot), 0.35).setY(0.8).toArray(), fov: 44 }),
    above: () => {
      const middle = vec(spot).lerp(vec(goalAt), 0.5), wide = camera.aspect > 1.2 ? 1 : 1.5;
      return { at: [middle.x, Math.max(far * 1.75 * wide, 11), middle.z + 0.02], to: [middle.x, 0, middle.z], fov: 40, up: [0, 0, -1] };
    },
    side: () => {
      const right = made.shooter.kicks_left ? -1 : 1;
      const middle = vec(spot).addScaledVector(ahead, -0.25).setY(0.85);
      return { at: middle.clone().addScaledVector(aside, (data.beside ? 6.4 : 4.6) * right).setY(1.25).toArray(), to: middle.toArray(), fov: 36 };
    },
    chase: (t) => {
      const ball = vec(world.ballAt(t) ?? spot), next = vec(world.ballAt(t + 0.08) ?? goalAt), way = next.sub(ball);
      const on = way.length() > 0.05 ? way.setY(0.25 * way.y).normalize() : ahead.clone();
      return { at: ball.clone().addScaledVector(on, -3.2).setY(Math.max(ball.y + 0.9, 0.9)).toArray(), to: ball.clone().addScaledVector(on, 3).toArray(), fov: 50 };
    },
    free: () => {
      if (!s.free) {
        const middle = vec(spot).setY(0.8), at = middle.clone().addScaledVector(ahead, -4.6).addScaledVector(aside, 2.9).setY(2.1);
        s.free = turned(at, middle);
      }
      const { target, turn, tilt, away } = s.free;
      const off = new THREE.Vector3(Math.sin(turn) * Math.cos(tilt), Math.sin(tilt), Math.cos(turn) * Math.cos(tilt)).multiplyScalar(away);
      return { at: target.clone().add(off).toArray(), to: target.toArray(), fov: FOV };
    },
  };
  const turned = (at, target) => {
    const off = at.clone().sub(target), away = Math.max(off.length(), 0.5);
    return { target: target.clone(), away, turn: Math.atan2(off.x, off.z), tilt: Math.asin(Math.min(Math.max(off.y / away, -0.99), 0.99)) };
  };
  const offered = VIEWS.filter(([name]) => made.goal || !["keeper", "goal"].includes(name))
    .filter(([name]) => flown || name !== "chase");
  const look = (eye) => {
    camera.clearViewOffset();
    camera.up.set(...(eye.up ?? [0, 1, 0]));
    camera.position.set(...eye.at);
    camera.lookAt(...eye.to);
    camera.fov = eye.fov * (camera.aspect < 1.2 ? 1.25 : 1);
    camera.near = 0.05;
    camera.updateProjectionMatrix();
  };
  const lookAsPhone = () => {
    const [wide, high] = phone.size_px, [x0, y0, x1, y1] = data.picture;
    camera.position.set(...phone.at);
    camera.quaternion.setFromRotationMatrix(new THREE.Matrix4().makeBasis(vec(phone.right), vec(phone.up), vec(phone.forward).negate()));
    camera.fov = (360 / Math.PI) * Math.atan(high / 2 / phone.focal_px);
    camera.aspect = wide / high;
    camera.setViewOffset(wide, high, x0 * wide, y0 * high, (x1 - x0) * wide, (y1 - y0) * high);
    camera.updateProjectionMatrix();
  };
  const shape = () => {
    const over = s.view === "phone", [x0, y0, x1, y1] = data.picture, [wide, high] = phone.size_px;
    picture.style.setProperty("--shape", over ? (((x1 - x0) * wide) / ((y1 - y0) * high)).toFixed(4) : 1.7778);
    picture.classList.toggle("over", over);
    picture.classList.toggle("free", s.view === "free");
    fit();
  };
  const fit = () => {
    const { clientWidth: wide, clientHeight: high } = picture;
    if (!wide || !high) return;
    renderer.setPixelRatio(s.ratio);
    renderer.setSize(wide, high, false);
    camera.aspect = wide / high;
    [film.width, film.height] = [Math.round(wide * s.ratio), Math.round(high * s.ratio)];
    wake();
  };

  // ---- drawing
  const overFilm = () => s.view === "phone" && s.film && s.film.videoWidth > 0;
  const drawFilm = () => {
    film.hidden = !overFilm();
    if (film.hidden) return;
    const [x0, y0, x1, y1] = data.picture, { videoWidth: wide, videoHeight: high } = s.film;
    film.getContext("2d").drawImage(s.film, x0 * wide, y0 * high, (x1 - x0) * wide, (y1 - y0) * high, 0, 0, film.width, film.height);
  };
  const laid = (row) => {  // a camera that moved: its frame's own pixels are not those that the scene is seen in
    const h = overFilm() ? made.film.to_film[row] : null;
    if (!h) { space.style.transform = ""; return; }
    const [wide, high] = phone.size_px, [x0, y0, x1] = data.picture, px = (x1 - x0) * wide / picture.clientWidth, [ox, oy] = [x0 * wide, y0 * high];
    const by = (a, b) => [0, 1, 2].flatMap((r) => [0, 1, 2].map((c) => [0, 1, 2].reduce((sum, k) => sum + a[3 * r + k] * b[3 * k + c], 0)));
    const m = by([1 / px, 0, -ox / px, 0, 1 / px, -oy / px, 0, 0, 1], by(h, [px, 0, ox, 0, px, oy, 0, 0, 1]));
    space.style.transform = `matrix3d(${[m[0], m[3], 0, m[6], m[1], m[4], 0, m[7], 0, 0, 1, 0, m[2], m[5], 0, m[8]].map((v) => v.toFixed(8)).join(",")})`;
  };
  const render = () => {
    const row = s.view === "phone" && s.shownFrame !== null ? Math.min(Math.max(s.shownFrame - first, 0), times.length - 1) : nearest(s.t);
    const t = s.view === "phone" ? times[row] : s.t;
    if (s.view === "phone") lookAsPhone();
    else {
      const eye = eyes[s.view](t);
      const share = s.from ? Math.min((performance.now() - s.from.at) / MOVES_MS, 1) : 1, soft = share * share * (3 - 2 * share);
      if (share < 1) {
        const mix = (a, b) => a.map((v, k) => v + soft * (b[k] - v));
        look({ at: mix(s.from.eye.at, eye.at), to: mix(s.from.eye.to, eye.to), fov: s.from.eye.fov + soft * (eye.fov - s.from.eye.fov), up: soft > 0.5 ? eye.up : s.from.eye.up });
        s.dirty = true;
      } else { s.from = null; look(eye); s.eye = eye; }
    }
    drawFilm();
    laid(row);
    const tall = picture.clientHeight || 1;
    world.update(t, { view: s.view, film: overFilm(), seen: s.seen, fan: s.fan, camera, least: LEAST_PX * 2 * Math.tan((camera.fov * Math.PI) / 360) / tall });
    renderer.render(world.scene, camera);
    if (!box.dataset.first) { box.dataset.first = (performance.now() - began).toFixed(0); lost(find, ""); }
    show(t);
  };
  const tick = (now) => {
    s.run = 0;
    if (ended()) return;
    if (s.playing) {
      const dt = s.last ? Math.min((now - s.last) / 1000, 0.25) : 0, [low, high] = s.loop ? [Math.max(LOOP[0], ends[0]), Math.min(LOOP[1], ends[1])] : ends;
      s.t += dt * s.rate;
      if (s.t >= high) { if (s.loop) s.t = low; else { s.t = high; s.playing = false; } }
      tell();
      s.dirty = true;
      s.drawnFrames += 1;
      if (now - s.since > 1000) { box.dataset.fps = ((1000 * s.drawnFrames) / (now - s.since)).toFixed(1); slower(Number(box.dataset.fps)); s.since = now; s.drawnFrames = 0; }
    }
    s.last = now;
    if (s.dirty && box.getClientRects().length) { s.dirty = false; render(); }
    if (s.playing || s.dirty) s.run = requestAnimationFrame(tick);
  };
  const slower = (fps) => { if (fps < 30 && s.ratio > LEAST_RATIO) { s.ratio = Math.max(LEAST_RATIO, s.ratio / 1.4); fit(); } };

  // ---- the film and this in step
  const tell = () => {
    const frame = first + nearest(s.t);
    if (s.asked?.frame === frame) return;
    s.asked = { frame, until: performance.now() + 1500 };
    window.dispatchEvent(new CustomEvent("kicky:go", { detail: { on: data.on, frame } }));
  };
  const heard = (detail) => {
    if (!detail || detail.on !== data.on) return;
    [s.film, s.shownFrame] = [detail.video, detail.frame];
    if (s.asked && (detail.frame === s.asked.frame || performance.now() < s.asked.until)) {
      if (detail.frame === s.asked.frame) s.asked.until = 0;
    } else if (!s.playing) {
      s.t = times[Math.min(Math.max(detail.frame - first, 0), times.length - 1)];
    }
    wake();
  };
  const onFilm = (event) => heard(event.detail);
  window.addEventListener("kicky:frame", onFilm);
  const go = (t) => { s.t = Math.min(Math.max(t, ends[0]), ends[1]); s.playing = false; tell(); wake(); };

  // ---- what is said
  const slider = find("input"), slots = 1000;
  const show = (t) => {
    slider.max = slots;
    slider.value = Math.round((slots * (s.t - ends[0])) / (ends[1] - ends[0]));
    const struck = Math.abs(t) < Math.min((times[1] - times[0]) * 0.6, 0.02);
    const since = struck ? "The kick" : `${Math.abs(t).toFixed(2)} s ${t < 0 ? "before" : "after"} the kick`;
    find(".where").textContent = since;
    slider.setAttribute("aria-valuetext", since);
    find(".clock").textContent = since === "The kick" ? since : `${t < 0 ? "−" : "+"}${Math.abs(t).toFixed(2)} s`;
    find(".clock").classList.toggle("kick", since === "The kick");
    const swings = made.shooter.t.length && t >= made.shooter.t[0] && t <= made.shooter.t[made.shooter.t.length - 1];
    const lostBall = flown && t > made.ball.until + 1e-6;
    const grey = [!swings && made.shooter.t.length && "body", lostBall && "ball"].filter(Boolean);
    find(".said").hidden = !grey.length || s.view === "phone";
    find(".said").textContent = `Grey: ${grey.join(" and ")} not measured here`;
    Object.assign(box.dataset, { ends: ends.join(","), t: s.t.toFixed(3), view: s.view, frame: first + nearest(t) });
    press("play", s.playing); press("half", s.rate === 0.5); press("slow", s.rate === 0.25); press("loop", s.loop); press("fan", s.fan); press("seen", s.seen);
    offered.forEach(([name]) => find(`button[data-view="${name}"]`)?.setAttribute("aria-pressed", s.view === name));
  };
  const press = (name, on) => find(`[data-move="${name}"]`)?.setAttribute("aria-pressed", on);
  const see = (name) => {
    if (!offered.some(([each]) => each === name)) return;
    if (s.eye && name !== "phone" && s.view !== "phone" && !calm) s.from = { eye: s.eye, at: performance.now() };
    if (s.view === "phone" && name !== "phone" && s.shownFrame !== null) s.from = null;
    s.view = name;
    shape();
    if (name === "phone") { s.asked = null; tell(); }
    wake();
  };
  const step = (name) => {
    const by = (count) => go(times[Math.min(Math.max(nearest(s.t) + count, 0), times.length - 1)]);
    const speed = (rate) => { s.rate = s.rate === rate ? 1 : rate; };
    ({ "-1": () => by(-1), "+1": () => by(1), kick: () => go(0), half: () => speed(0.5), slow: () => speed(0.25),
      play: () => {
        s.playing = !s.playing;
        if (s.playing && s.t >= ends[1] - 1e-6) s.t = Math.max(ends[0], LOOP[0]);
        [s.last, s.since, s.drawnFrames] = [0, performance.now(), 0];
      },
      loop: () => { s.loop = !s.loop; if (s.loop) { s.t = Math.max(LOOP[0], ends[0]); s.playing = true; [s.last, s.since, s.drawnFrames] = [0, performance.now(), 0]; } },
      fan: () => { s.fan = !s.fan; }, seen: () => { s.seen = !s.seen; } })[name]();
    wake();
  };
  const button = (title, cap, attributes, act, name) => {
    const one = document.createElement("button"), key = document.createElement("kbd");
    one.type = "button";
    key.textContent = cap;
    one.append(title, key);
    if (name) one.setAttribute("aria-label", name);
    for (const [what, value] of Object.entries(attributes)) one.setAttribute(what, value);
    one.onclick = () => { act(); box.focus({ preventScroll: true }); };
    return one;
  };
  const keys = new Map();
  find(".views").replaceChildren(...offered.map(([name, title, cap]) => {
    keys.set(cap, () => see(name));
    return button(title, cap, { "data-view": name }, () => see(name));
  }));
  find(".moves").replaceChildren(...MOVES.filter(([name]) => name !== "fan" || made.ball.likely.length).map(([name, title, cap]) => {
    keys.set(cap === "Space" ? " " : cap, () => step(name));
    return button(title, cap, { "data-move": name }, () => step(name), NAMES[name]);
  }));
  slider.oninput = () => go(ends[0] + (slider.value / slots) * (ends[1] - ends[0]));

  // ---- turned by mouse, finger and keys
  const loose = () => {  // from any view on, as it stands
    if (s.view === "phone") return false;
    if (s.view !== "free") {
      const middle = s.eye ? vec(s.eye.to) : vec(spot);
      s.free = turned(camera.position.clone(), middle);
      s.view = "free";
      s.from = null;
      shape();
    }
    return true;
  };
  const turn = (x, y) => { if (!loose()) return; s.free.turn -= x; s.free.tilt = Math.min(Math.max(s.free.tilt + y, -0.1), 1.54); wake(); };
  const zoom = (by) => { if (!loose()) return; s.free.away = Math.min(Math.max(s.free.away * by, 0.8), 70); wake(); };
  const pan = (x, y) => {
    if (!loose()) return;
    const k = s.free.away / 500, right = new THREE.Vector3().setFromMatrixColumn(camera.matrixWorld, 0), up = new THREE.Vector3().setFromMatrixColumn(camera.matrixWorld, 1);
    s.free.target.addScaledVector(right, -x * k).addScaledVector(up, y * k);
    s.free.target.y = Math.min(Math.max(s.free.target.y, 0), 8);
    wake();
  };
  const fingers = new Map();
  space.onpointerdown = (event) => { fingers.set(event.pointerId, [event.clientX, event.clientY]); space.setPointerCapture(event.pointerId); box.focus({ preventScroll: true }); };
  space.onpointermove = (event) => {
    const was = fingers.get(event.pointerId);
    if (!was) return;
    const now = [event.clientX, event.clientY], [dx, dy] = [now[0] - was[0], now[1] - was[1]];
    if (fingers.size === 1) { if (event.shiftKey || event.buttons === 2) pan(dx, dy); else turn(dx * 0.008, dy * 0.006); }
    else {
      const other = [...fingers].find(([id]) => id !== event.pointerId)[1], apart = (p) => Math.hypot(p[0] - other[0], p[1] - other[1]);
      zoom(apart(was) / Math.max(apart(now), 1));
      pan(dx / 2, dy / 2);
    }
    fingers.set(event.pointerId, now);
  };
  space.onpointerup = space.onpointercancel = (event) => fingers.delete(event.pointerId);
  space.oncontextmenu = (event) => event.preventDefault();
  space.addEventListener("wheel", (event) => {
    if (s.view !== "free" && !event.ctrlKey) return;  // elsewhere the wheel scrolls the page
    event.preventDefault();
    zoom(Math.exp(Math.min(Math.max(event.deltaY, -120), 120) * 0.0016));
  }, { passive: false });
  Object.entries({ ArrowLeft: [-0.12, 0], ArrowRight: [0.12, 0], ArrowUp: [0, 0.08], ArrowDown: [0, -0.08] })
    .forEach(([key, by]) => keys.set(key, () => (s.view === "phone" ? by[0] && step(by[0] < 0 ? "-1" : "+1") : turn(...by))));
  keys.set("+", () => zoom(0.87));
  keys.set("-", () => zoom(1.15));
  const onKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !box.getClientRects().length) return;
    const target = event.composedPath()[0], mine = event.composedPath().includes(box);
    if (window.kickyKeys !== box && !mine) return;  // the film has them until this is used
    if (/^(TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable || (target.tagName === "INPUT" && target !== slider)) return;
    if (!mine && (event.key.length > 1 || (target.tagName === "BUTTON" && event.key === " "))) return;
    if (target === slider && /^(Arrow|Page|Home|End)/.test(event.key)) return;
    const act = keys.get(event.key.length === 1 ? event.key.toLowerCase() : event.key);
    if (!act) return;
    if (mine && target.tagName === "BUTTON" && event.key === " ") target.blur();
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  window.addEventListener("keydown", onKey, true);
  box.onfocus = box.onpointerdown = () => { window.kickyKeys = box; };
  const watch = new ResizeObserver(fit);
  watch.observe(picture);
  space.addEventListener("webglcontextlost", (event) => { if (ended()) return; event.preventDefault(); lost(find, "The graphics were taken away by the browser: load the page again."); });
  parent.wake = wake;
  parent.shut = () => {
    parent.kept = { on: data.on, t: s.t, view: s.view === "free" ? "side" : s.view };  // another is laid beside it: no more changes
    cancelAnimationFrame(s.run);
    watch.disconnect();
    window.removeEventListener("keydown", onKey, true);
    window.removeEventListener("kicky:frame", onFilm);
    if (window.kickyKeys === box) window.kickyKeys = null;
    world.scene.traverse((each) => { each.geometry?.dispose(); [each.material].flat().forEach((look) => { look?.map?.dispose(); look?.dispose(); }); });
    space.replaceWith(space.cloneNode());  // a browser has few of what draws in three dimensions: this one is given back
    renderer.dispose();
    renderer.forceContextLoss();
  };
  shape();
  heard(window.kickyFilm);
  s.t = Math.min(Math.max(s.t, ends[0]), ends[1]);
  wake();
}
