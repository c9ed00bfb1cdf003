// A replay's scene, drawn: goal, grass, figures, ball. `world(THREE, made, beside)` gives the scene and what moves it in
// time; `beside`, if any, is another shot's replay and how far it is moved: it is drawn as a ghost.
// Axes are the scene file's: metres, x right as the shooter sees it, y up, z out of the goal towards the shooter.
const SKY = 0xcfe0e6, GRASS = [0x3d7d43, 0x45874a], CHALK = 0xf4f6ef, GREY = 0x9aa39c, PATH = 0xe07b22, LATE = 0x8b938d, GHOST = 0x3f8cff;
const CLAY = 0xc7b3a1, SHORTS = 0x2a3540, BOOTS = 0x22262a, SHIRT = "#d9822b";
const UP = [0, 1, 0];
const SHOULDERS = [0, 1], HIPS = [2, 3], HEAD = 14;
// Bones from joint to joint, half as thick as a grown player is at either end, what they are clad in.
const BONES = [
  [2, 4, 0.092, 0.066, "shorts"], [3, 5, 0.092, 0.066, "shorts"], [4, 6, 0.062, 0.043, "shirt"], [5, 7, 0.062, 0.043, "shirt"],
  [6, 8, 0.048, 0.036, "boots"], [7, 9, 0.048, 0.036, "boots"], [0, 10, 0.058, 0.045, "shirt"], [1, 11, 0.058, 0.045, "shirt"],
  [10, 12, 0.043, 0.034, "clay"], [11, 13, 0.043, 0.034, "clay"],
];
const SIDES = 14;

export function at(times, t) {  // -> row before, row after, share between: nothing beyond the ends
  let low = 0, high = times.length - 1;
  while (low < high) { const half = (low + high + 1) >> 1; if (times[half] <= t) low = half; else high = half - 1; }
  const next = Math.min(low + 1, times.length - 1);
  const span = times[next] - times[low];
  return [low, next, span > 0 ? Math.min(Math.max((t - times[low]) / span, 0), 1) : 0];
}
const between = (a, b, share) => a.map((v, k) => v + share * (b[k] - v));
export function placeAt(times, rows, t) { const [a, b, share] = at(times, t); return between(rows[a], rows[b], share); }

export function world(THREE, made, beside) {
  const scene = new THREE.Scene(), still = new THREE.Group();
  const vec = (p) => new THREE.Vector3(...p);
  scene.add(new THREE.HemisphereLight(0xffffff, 0x5f7a5a, 2.1));
  const sun = new THREE.DirectionalLight(0xfff4e0, 1.6);
  sun.position.set(-6, 14, 9);
  scene.add(sun, still);
  const ground = grass(THREE, made);
  still.add(ground);
  if (made.lines.length) still.add(chalk(THREE, made.lines));
  const frame = made.goal && goal(THREE, made.goal);
  if (frame) scene.add(frame);
  const phone = device(THREE, made.phone);
  still.add(phone);
  const main = actors(THREE, made);
  scene.add(main.group);
  const second = beside && actors(THREE, beside.scene, true);
  if (second) { second.group.position.set(...beside.moved); scene.add(second.group); }
  const others = made.others.map((each) => {
    const figure = peg(THREE, each.colour || "#9aa39c");
    scene.add(figure);
    return { each, figure };
  });
  const bg = new THREE.Color(SKY), fog = new THREE.Fog(SKY, 55, 140);

  const update = (t, how) => {  // how: phone (laid over the film), seen (only what was), size (of a metre at 1 m, in pixels), camera
    const over = how.view === "phone";
    scene.background = over && how.film ? null : bg;
    scene.fog = over ? null : fog;
    still.visible = !(over && how.film);
    phone.visible = !over;
    if (frame) frame.userData.net.visible = !(over && how.film);
    main.update(t, how);
    if (second) { second.group.visible = !(over && how.film); second.update(t, how); }
    for (const { each, figure } of others) {
      const near = each.t.length && t >= each.t[0] - 0.25 && t <= each.t[each.t.length - 1] + 0.25;
      figure.visible = Boolean(near) && !(over && how.film) && !(how.view === "keeper" && each.role === "keeper");
      if (near) { const [x, z] = placeAt(each.t, each.at, t); figure.position.set(x, 0, z); }
    }
  };
  return { scene, update, ballAt: main.ballAt, bodyAt: main.bodyAt, vec };
}

// ---- the shooter and the ball of one shot
function actors(THREE, made, ghost) {
  const group = new THREE.Group(), shooter = made.shooter, ball = made.ball;
  const body = shooter.t.length ? figure(THREE, shooter.colour || SHIRT, ghost) : null;
  const stand = ghost ? peg(THREE, GHOST, 0.3) : peg(THREE, "#9aa39c");
  if (body) group.add(body.group);
  group.add(stand);
  const likely = !ghost && body && shooter.likely.length ? thin(THREE, shooter.likely) : null;
  if (likely) group.add(likely);
  const sphere = leather(THREE, ball.radius, ghost), shade = blob(THREE, 0.16), track = way(THREE, ball, ghost);
  group.add(sphere, shade, ...track.all);
  const known = ball.t.length > 0, last = known ? ball.t[ball.t.length - 1] : 0;
  const ballAt = (t) => (known ? placeAt(ball.t, ball.at, t) : null);
  const bodyAt = (t) => {
    if (!body) return null;
    const [a, b, share] = at(shooter.t, t);
    return shooter.joints[a].map((joint, k) => between(joint, shooter.joints[b][k], share));
  };
  const update = (t, how) => {
    const over = how.view === "phone" && how.film;
    if (body) {
      const inside = t >= shooter.t[0] - 1e-6 && t <= shooter.t[shooter.t.length - 1] + 1e-6;
      const [a, , ] = at(shooter.t, t);
      body.group.visible = inside || (!how.seen && !over && !shooter.way.t.length);
      body.update(bodyAt(t), inside ? shooter.seen[a] : null, how, over);
      if (likely) likely.visible = !how.seen && Math.abs(t) < 0.013;
    }
    const walks = shooter.way && shooter.way.t.length && !over;
    const beside = walks && (!body || t < shooter.t[0] || t > shooter.t[shooter.t.length - 1]);
    const near = beside && t >= shooter.way.t[0] - 0.25 && t <= shooter.way.t[shooter.way.t.length - 1] + 0.25;
    stand.visible = Boolean(near);
    if (near) { const [x, z] = placeAt(shooter.way.t, shooter.way.at, t); stand.position.set(x, 0, z); }

    const [row, next, share] = known ? at(ball.t, t) : [0, 0, 0];
    const lost = known && (t > ball.until + 1e-6 && ball.t.length > 1 || t > last + 1e-6);
    const seen = known && (t <= ball.t[0] || ball.seen[share < 0.5 ? row : next] === 1) && !lost;
    sphere.visible = known && (!how.seen || seen) && !(ball.t.length === 1 && t > 0.02);
    if (known) {
      const place = ballAt(t);
      sphere.position.set(...place);
      sphere.material = lost ? sphere.userData.grey : sphere.userData.white;
      const away = how.camera.position.distanceTo(sphere.position);
      const least = over ? 0 : how.least * away;  // as small as it is far away, it would be no more than a dot
      sphere.scale.setScalar(Math.max(1, least / ball.radius));
      shade.visible = sphere.visible && !over;
      shade.position.set(place[0], 0.012, place[2]);
      shade.material.opacity = 0.42 / (1 + 0.9 * Math.max(place[1] - ball.radius, 0));
    }
    track.update(t, how, over);
  };
  return { group, update, ballAt, bodyAt };
}

function way(THREE, ball, ghost) {
  const all = [];
  if (ball.t.length < 2) return { all, update() {} };
  const stop = Math.max(1, ball.t.findIndex((t) => t > ball.until + 1e-6) < 0 ? ball.t.length - 1
    : ball.t.findIndex((t) => t > ball.until + 1e-6) - 1);
  const tubes = [[0, stop, PATH], [stop, ball.t.length - 1, LATE]].filter(([a, b]) => b > a).map(([a, b, colour]) => {
    const rows = ball.at.slice(a, b + 1), made = tube(THREE, rows, ghost ? 0.04 : 0.028, ghost ? GHOST : colour, ghost ? 0.7 : 0.9);
    all.push(made);
    return { a, b, made };
  });
  const spots = ghost ? [] : ball.at.filter((_, k) => ball.seen[k] === 1);
  const dots = new THREE.InstancedMesh(new THREE.SphereGeometry(0.05, 10, 8), new THREE.MeshBasicMaterial({ color: 0xfff3d6 }), spots.length);
  spots.forEach((spot, k) => dots.setMatrixAt(k, new THREE.Matrix4().makeTranslation(...spot)));
  all.push(dots);
  // Each likely path was seen by its own likely camera: laid over the film, it lies where that camera sees it.
  const [fan, filmed] = (ghost ? [[], []] : [ball.likely, ball.likely_on_film]).map((paths) => {
    const ends = paths.flatMap((path) => path.slice(1).flatMap((point, k) => [...path[k], ...point]));
    const lines = new THREE.LineSegments(new THREE.BufferGeometry(), new THREE.LineBasicMaterial({ color: 0xffd27a, transparent: true, opacity: 0.3, depthWrite: false }));
    lines.geometry.setAttribute("position", new THREE.Float32BufferAttribute(ends, 3));
    all.push(lines);
    return lines;
  });
  return { all, update(t, how, over) {
    const [row] = at(ball.t, t);
    for (const { a, b, made } of tubes) {
      const upTo = t < ball.t[0] ? 0 : Math.min(Math.max(row + (t > ball.t[row] ? 1 : 0), a), b) - a;
      made.geometry.setDrawRange(0, upTo * made.userData.each);
      made.visible = !how.seen && upTo > 0;
    }
    dots.visible = how.seen || !over;
    fan.visible = !how.seen && how.fan && how.view !== "phone";
    filmed.visible = !how.seen && how.fan && how.view === "phone";
  } };
}

function tube(THREE, rows, radius, colour, opacity) {
  const sides = 6, places = [], faces = [], up = new THREE.Vector3(0, 1, 0);
  rows.forEach((row, k) => {
    const ahead = new THREE.Vector3(...rows[Math.min(k + 1, rows.length - 1)]).sub(new THREE.Vector3(...rows[Math.max(k - 1, 0)])).normalize();
    const across = new THREE.Vector3().crossVectors(ahead, up);
    if (across.lengthSq() < 1e-6) across.set(1, 0, 0);
    across.normalize();
    const third = new THREE.Vector3().crossVectors(across, ahead);
    for (let s = 0; s < sides; s++) {
      const a = (2 * Math.PI * s) / sides;
      places.push(...new THREE.Vector3(...row).addScaledVector(across, radius * Math.cos(a)).addScaledVector(third, radius * Math.sin(a)).toArray());
    }
    if (k) for (let s = 0; s < sides; s++) {
      const [a, b] = [(k - 1) * sides + s, (k - 1) * sides + (s + 1) % sides];
      faces.push(a, b, a + sides, b, b + sides, a + sides);
    }
  });
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute("position", new THREE.Float32BufferAttribute(places, 3));
  geometry.setIndex(faces);
  const made = new THREE.Mesh(geometry, new THREE.MeshBasicMaterial({ color: colour, transparent: opacity < 1, opacity, side: THREE.DoubleSide }));
  made.userData.each = sides * 6;
  return made;
}

function thin(THREE, bodies) {
  const ends = [];
  for (const joints of bodies) for (const [a, b] of BONES) if (a < 10 && b < 10) ends.push(...joints[a], ...joints[b]);
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute("position", new THREE.Float32BufferAttribute(ends, 3));
  return new THREE.LineSegments(geometry, new THREE.LineBasicMaterial({ color: 0xffffff, transparent: true, opacity: 0.55 }));
}

// ---- figures
function figure(THREE, colour, ghost) {
  const group = new THREE.Group(), sphere = new THREE.SphereGeometry(1, 16, 12);
  const cloth = (hex, opacity) => new THREE.MeshLambertMaterial(ghost ? { color: GHOST, transparent: true, opacity: 0.42 * opacity }
    : { color: hex, transparent: opacity < 1, opacity });
  const hex = { shirt: colour, shorts: SHORTS, boots: BOOTS, clay: CLAY };
  const looks = Object.fromEntries(Object.entries(hex).map(([name, value]) => [name, {
    sure: cloth(value, 1), guess: cloth(value, 0.5), over: cloth(value, 0.6), grey: cloth(GREY, 0.45) }]));
  const parts = BONES.map(([a, b, top, low, clad]) => {
    const bone = new THREE.Mesh(new THREE.CylinderGeometry(low, top, 1, SIDES, 1, true)), knob = new THREE.Mesh(sphere), end = new THREE.Mesh(sphere);
    knob.scale.setScalar(top);
    end.scale.setScalar(low);
    group.add(bone, knob, end);
    return { a, b, clad, meshes: [bone, knob, end] };
  });
  const trunk = skin(THREE, 7), pelvis = skin(THREE, 4), neck = new THREE.Mesh(new THREE.CylinderGeometry(0.05, 0.056, 1, SIDES, 1, true)), head = new THREE.Mesh(sphere);
  head.scale.set(0.098, 0.125, 0.108);
  group.add(trunk, pelvis, neck, head);
  const shade = blob(THREE, 0.55);
  group.add(shade);
  const up = new THREE.Vector3(0, 1, 0), v = (p) => new THREE.Vector3(...p);
  const stretch = (mesh, from, to) => {
    const along = to.clone().sub(from), length = Math.max(along.length(), 1e-6);
    mesh.position.copy(from).addScaledVector(along, 0.5);
    mesh.scale.y = length;
    mesh.quaternion.setFromUnitVectors(up, along.divideScalar(length));
  };
  const update = (joints, seen, how, over) => {
    const p = joints.map(v);
    const sure = (...list) => seen && list.every((k) => seen[k] === 1);
    const dress = (meshes, clad, known) => meshes.forEach((mesh) => {
      mesh.material = looks[clad][!seen ? "grey" : over ? (known ? "over" : "guess") : known ? "sure" : "guess"];
      mesh.visible = !how.seen || Boolean(known);
    });
    for (const { a, b, clad, meshes } of parts) {
      stretch(meshes[0], p[a], p[b]);
      meshes[1].position.copy(p[a]);
      meshes[2].position.copy(p[b]);
      dress(meshes, clad, sure(a, b));
    }
    const low = p[HIPS[0]].clone().add(p[HIPS[1]]).multiplyScalar(0.5), high = p[SHOULDERS[0]].clone().add(p[SHOULDERS[1]]).multiplyScalar(0.5);
    const spine = high.clone().sub(low);
    const across = (share) => p[HIPS[1]].clone().lerp(p[SHOULDERS[1]], share).sub(p[HIPS[0]].clone().lerp(p[SHOULDERS[0]], share));
    const ring = (share, half, deep) => {
      const side = across(Math.min(Math.max(share, 0), 1)).normalize(), front = new THREE.Vector3().crossVectors(side, spine).normalize();
      return { middle: low.clone().addScaledVector(spine, share), side: side.multiplyScalar(half), front: front.multiplyScalar(deep) };
    };
    const hip = p[HIPS[0]].distanceTo(p[HIPS[1]]) / 2, wide = p[SHOULDERS[0]].distanceTo(p[SHOULDERS[1]]) / 2;
    trunk.userData.fit([ring(0.1, hip + 0.062, 0.108), ring(0.3, 0.5 * (hip + wide) + 0.012, 0.104), ring(0.6, 0.9 * wide, 0.118),
      ring(0.82, wide + 0.012, 0.118), ring(0.95, 0.94 * wide, 0.095), ring(1.02, 0.55 * wide, 0.068), ring(1.07, 0.3 * wide, 0.05)]);
    pelvis.userData.fit([ring(-0.14, 0.6 * (hip + 0.05), 0.075), ring(-0.06, hip + 0.055, 0.105), ring(0.04, hip + 0.07, 0.113), ring(0.14, hip + 0.058, 0.104)]);
    dress([trunk], "shirt", sure(...SHOULDERS, ...HIPS));
    dress([pelvis], "shorts", sure(...HIPS));
    stretch(neck, high, high.clone().lerp(p[HEAD], 0.8));
    head.position.copy(p[HEAD]);
    head.quaternion.setFromUnitVectors(up, p[HEAD].clone().sub(high).normalize());
    dress([neck, head], "clay", sure(HEAD));
    shade.visible = !over;
    shade.position.set(low.x, 0.011, low.z);
  };
  return { group, update };
}

function skin(THREE, rings) {  // a skin over rings, closed at both ends
  const geometry = new THREE.BufferGeometry(), places = new Float32Array((rings * SIDES + 2) * 3), faces = [];
  for (let r = 0; r + 1 < rings; r++) for (let s = 0; s < SIDES; s++) {
    const [a, b] = [r * SIDES + s, r * SIDES + (s + 1) % SIDES];
    faces.push(a, a + SIDES, b, b, a + SIDES, b + SIDES);
  }
  for (let s = 0; s < SIDES; s++) {
    faces.push(rings * SIDES, s, (s + 1) % SIDES, rings * SIDES + 1, (rings - 1) * SIDES + (s + 1) % SIDES, (rings - 1) * SIDES + s);
  }
  geometry.setAttribute("position", new THREE.BufferAttribute(places, 3));
  geometry.setIndex(faces);
  const mesh = new THREE.Mesh(geometry);
  mesh.frustumCulled = false;
  mesh.userData.fit = (list) => {
    let k = 0;
    const put = (p) => { places[k++] = p.x; places[k++] = p.y; places[k++] = p.z; };
    for (const { middle, side, front } of list) for (let s = 0; s < SIDES; s++) {
      const a = (2 * Math.PI * s) / SIDES;
      put(middle.clone().addScaledVector(side, Math.cos(a)).addScaledVector(front, Math.sin(a)));
    }
    put(list[0].middle);
    put(list[list.length - 1].middle);
    geometry.attributes.position.needsUpdate = true;
    geometry.computeVertexNormals();
  };
  return mesh;
}

function peg(THREE, colour, opacity = 0.75) {  // somebody whose place is known and whose pose is not
  const group = new THREE.Group();
  const outline = [[0, 0], [0.2, 0], [0.21, 0.03], [0.12, 0.12], [0.1, 0.5], [0.15, 0.9], [0.2, 1.25], [0.17, 1.4], [0.07, 1.48], [0.055, 1.53]];
  const cloth = new THREE.Color(colour).lerp(new THREE.Color(GREY), 0.45);
  const look = new THREE.MeshLambertMaterial({ color: cloth, transparent: true, opacity });
  const low = new THREE.Mesh(new THREE.LatheGeometry(outline.map(([x, y]) => new THREE.Vector2(x, y)), 20), look);
  const head = new THREE.Mesh(new THREE.SphereGeometry(0.12, 18, 14), look);
  head.position.y = 1.63;
  const shade = blob(THREE, 0.45);
  shade.position.y = 0.011;
  group.add(low, head, shade);
  return group;
}

function leather(THREE, radius, ghost) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [256, 128];
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fbfbf7";
  pen.fillRect(0, 0, 256, 128);
  pen.fillStyle = "#2a2e2c";
  for (const [u, v] of [[0.1, 0.32], [0.3, 0.32], [0.5, 0.32], [0.7, 0.32], [0.9, 0.32], [0, 0.68], [0.2, 0.68], [0.4, 0.68], [0.6, 0.68], [0.8, 0.68], [1, 0.68]]) {
    pen.beginPath();
    pen.ellipse(u * 256, v * 128, 10 / Math.sin(Math.PI * v), 10, 0, 0, 2 * Math.PI);
    pen.fill();
  }
  pen.fillRect(0, 0, 256, 9);
  pen.fillRect(0, 119, 256, 9);
  const map = new THREE.CanvasTexture(canvas);
  map.colorSpace = THREE.SRGBColorSpace;
  const mesh = new THREE.Mesh(new THREE.SphereGeometry(radius, 24, 16));
  mesh.userData.white = new THREE.MeshLambertMaterial(ghost ? { color: GHOST, transparent: true, opacity: 0.6 } : { map, emissive: 0x555555 });
  mesh.userData.grey = new THREE.MeshLambertMaterial({ color: GREY, transparent: true, opacity: 0.55 });
  mesh.material = mesh.userData.white;
  return mesh;
}

function blob(THREE, radius) {
  const mesh = new THREE.Mesh(new THREE.CircleGeometry(radius, 24), new THREE.MeshBasicMaterial({ color: 0x0c1a0f, transparent: true, opacity: 0.3, depthWrite: false }));
  mesh.rotation.x = -Math.PI / 2;
  return mesh;
}

// ---- what stands still
function grass(THREE, made) {
  const wide = 130, near = -60, far = 110, stripe = 5, places = [], colours = [], tint = GRASS.map((hex) => new THREE.Color(hex));
  const middle = made.ball.t.length ? made.ball.at[0] : [0, 0, 0], off = made.goal ? [0, 0] : [middle[0], middle[2]];
  for (let z = near, k = 0; z < far; z += stripe, k++) {
    const [a, b, c, d] = [[-wide, z], [wide, z], [wide, z + stripe], [-wide, z + stripe]].map(([x, y]) => [x + off[0], 0, y + off[1] - (made.goal ? 0 : 26)]);
    for (const p of [a, d, b, b, d, c]) { places.push(...p); colours.push(...tint[k % 2].toArray()); }
  }
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute("position", new THREE.Float32BufferAttribute(places, 3));
  geometry.setAttribute("color", new THREE.Float32BufferAttribute(colours, 3));
  return new THREE.Mesh(geometry, new THREE.MeshBasicMaterial({ vertexColors: true, side: THREE.DoubleSide }));
}

function chalk(THREE, lines) {
  const places = [], half = 0.06, y = 0.006;
  for (const line of lines) for (let k = 1; k < line.length; k++) {
    const [[x0, z0], [x1, z1]] = [line[k - 1], line[k]];
    const length = Math.hypot(x1 - x0, z1 - z0) || 1, [nx, nz] = [(-(z1 - z0) / length) * half, ((x1 - x0) / length) * half];
    const [a, b, c, d] = [[x0 + nx, z0 + nz], [x1 + nx, z1 + nz], [x1 - nx, z1 - nz], [x0 - nx, z0 - nz]].map(([x, z]) => [x, y, z]);
    for (const p of [a, b, c, a, c, d]) places.push(...p);
  }
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute("position", new THREE.Float32BufferAttribute(places, 3));
  return new THREE.Mesh(geometry, new THREE.MeshBasicMaterial({ color: CHALK, side: THREE.DoubleSide, polygonOffset: true, polygonOffsetFactor: -2 }));
}

function goal(THREE, told) {
  const group = new THREE.Group(), half = told.width / 2 + told.post / 2, high = told.height + told.post / 2;
  const look = new THREE.MeshLambertMaterial({ color: 0xffffff, emissive: 0x666666 });
  const post = (from, to) => {
    const along = new THREE.Vector3(...to).sub(new THREE.Vector3(...from));
    const mesh = new THREE.Mesh(new THREE.CylinderGeometry(told.post / 2, told.post / 2, along.length(), 14), look);
    mesh.position.set(...from).addScaledVector(along, 0.5);
    mesh.quaternion.setFromUnitVectors(new THREE.Vector3(...UP), along.normalize());
    group.add(mesh);
  };
  post([-half, 0, 0], [-half, high, 0]);
  post([half, 0, 0], [half, high, 0]);
  post([-half - told.post / 2, high, 0], [half + told.post / 2, high, 0]);
  const rows = [], mesh = 0.28, corner = (x) => [[x, 0, 0], [x, high, 0], [x, high, -told.top], [x, 0, -told.deep]];
  const many = (a, b) => Math.max(2, Math.round(Math.hypot(...b.map((v, k) => v - a[k])) / mesh));
  const sheet = (a, b, c, d) => {  // a net between a-b and d-c
    const across = many(a, b), down = many(a, d);
    for (let k = 0; k <= across; k++) rows.push(...between(a, b, k / across), ...between(d, c, k / across));
    for (let k = 0; k <= down; k++) rows.push(...between(a, d, k / down), ...between(b, c, k / down));
  };
  const [l, r] = [corner(-half), corner(half)];
  sheet(l[2], r[2], r[3], l[3]);
  sheet(l[1], r[1], r[2], l[2]);
  sheet(l[1], l[2], l[3], l[0]);
  sheet(r[1], r[2], r[3], r[0]);
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute("position", new THREE.Float32BufferAttribute(rows, 3));
  const net = new THREE.LineSegments(geometry, new THREE.LineBasicMaterial({ color: 0xffffff, transparent: true, opacity: 0.32, depthWrite: false }));
  group.add(net);
  group.userData.net = net;
  return group;
}

function device(THREE, told) {
  const group = new THREE.Group(), dark = new THREE.MeshLambertMaterial({ color: 0x2b2f33 });
  const box = new THREE.Mesh(new THREE.BoxGeometry(0.16, 0.09, 0.02), dark), leg = new THREE.Mesh(new THREE.CylinderGeometry(0.02, 0.02, Math.max(told.at[1], 0.02), 8), dark);
  const [right, up, forward] = [told.right, told.up, told.forward].map((p) => new THREE.Vector3(...p));
  box.quaternion.setFromRotationMatrix(new THREE.Matrix4().makeBasis(right, up, forward.clone().negate()));
  box.scale.setScalar(2);
  box.position.set(...told.at);
  leg.position.set(told.at[0], told.at[1] / 2, told.at[2]);
  group.add(box, leg);
  return group;
}
