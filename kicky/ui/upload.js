// Films sent in pieces. What has arrived stays there: after a break the rest is sent, by itself while this window is open,
// else when the same film is chosen again. The window keeps what is under way, so that it goes on while another of
// KICKY's pages is shown.
const PIECE = 64 << 20, PLACE = 64 << 10;  // bytes; arrivals.py takes a film's mark at the same places
const SOON_MS = 500, LATER_MS = 10000;

export default function ({ parentElement, data, setTriggerValue }) {
  const find = (what) => parentElement.querySelector(what);
  const line = (window.kickySending ??= { films: [], wrong: "", running: false });
  line.path = data.path;  // another one after KICKY was started anew
  line.wake?.();
  line.arrived = (film) => setTriggerValue("arrived", film);
  line.rested = () => setTriggerValue("rested", Date.now());  // the page says anew what is here
  line.show = () => {
    const [film] = line.films;
    find(".way").hidden = !film;
    find(".wrong").hidden = !line.wrong;
    find(".wrong").textContent = line.wrong;
    if (!film) return;
    const more = line.films.length - 1;
    find(".what").textContent = film.file.name + (more ? `, then ${more} more` : "");
    find("progress").value = film.have / film.file.size;
    find(".said").textContent = words(film);
  };
  const input = find("input");
  input.accept = data.endings;
  input.onchange = () => {
    line.wrong = "";
    line.films.push(...[...input.files].map((file) => ({ file, on: data.on, have: 0, came: 0, waits: false })));
    input.value = "";
    sendAll(line);
  };
  find(".stop").onclick = () => {
    const film = line.films.shift();
    film.stopped = true;
    film.asking?.abort();
    line.wake?.();
    line.show();
  };
  line.show();
}

const size = (bytes) => (bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / 1e6)} MB`);

function words(film) {
  if (film.waits) return "Waiting for the connection. It goes on by itself.";
  if (film.have >= film.file.size) return "All of it is here. Looking at it …";
  const so = `${size(film.have)} of ${size(film.file.size)}`, seconds = (performance.now() - film.since) / 1000;
  if (!film.came || seconds < 2) return so;
  const left = (film.file.size - film.have) / (film.came / seconds);
  return `${so} · ${left < 90 ? `${Math.ceil(left)} s` : `${Math.round(left / 60)} min`} left · keep this page open`;
}

async function sendAll(line) {
  if (line.running) return;
  line.running = true;
  while (line.films.length) {
    const [film] = line.films;
    line.show();
    try {
      line.arrived(await send(line, film));
    } catch (error) {
      if (!film.stopped) line.wrong = error.message;
    }
    if (line.films[0] === film) line.films.shift();
    if (film.stopped || line.wrong) line.rested();
  }
  line.running = false;
  line.show();
}

async function send(line, film) {
  for (let tries = 0; ; tries += 1) {
    try {
      const mark = await marked(film.file);
      film.have = (await ask(line, film, mark, "GET")).have;
      film.since = performance.now();
      film.came = 0;
      while (film.have < film.file.size) {
        const end = Math.min(film.have + PIECE, film.file.size), before = film.have;
        film.have = (await ask(line, film, mark, "PUT", end)).have;
        film.came += film.have - before;
        tries = 0;
        line.show();
      }
      return (await ask(line, film, mark, "POST")).film;
    } catch (error) {
      if (error.final || film.stopped) throw error;
      film.waits = true;
      line.show();
      await new Promise((go) => {  // until it is time, there is a network again, or KICKY says where it is now
        line.wake = go;
        window.addEventListener("online", go, { once: true });
        setTimeout(go, Math.min(SOON_MS * 2 ** tries, LATER_MS));
      });
      film.waits = false;
      if (film.stopped) throw error;
    }
  }
}

const final = (message) => Object.assign(new Error(message), { final: true });

async function marked(file) {
  let crc = -1;
  for (const at of [0, Math.floor((file.size - PLACE) / 2), file.size - PLACE].map((at) => Math.max(at, 0))) {
    const bytes = await file.slice(at, at + PLACE).arrayBuffer().catch(() => {
      throw final(`${file.name} cannot be read on this device: choose it again.`);
    });
    for (const byte of new Uint8Array(bytes)) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
    }
  }
  return (~crc >>> 0).toString(16).padStart(8, "0");
}

function ask(line, film, mark, method, end = 0) {
  const about = new URLSearchParams({ name: film.file.name, size: film.file.size, mark, modified: film.file.lastModified, on: film.on });
  return new Promise((done, lost) => {
    const asking = (film.asking = new XMLHttpRequest()), from = film.have;
    asking.open(method, `${line.path}?${about}`);
    asking.onload = () => {
      const { status, responseText: text } = asking;
      if (status === 200) done(JSON.parse(text));
      else lost(status === 404 || status === 409 || (status >= 500 && status !== 507) ? new Error(text) : final(text));
    };
    asking.onerror = asking.onabort = () => lost(new Error("The connection broke off."));
    if (method === "PUT") {
      asking.setRequestHeader("Content-Range", `bytes ${from}-${end - 1}/${film.file.size}`);
      asking.upload.onprogress = ({ loaded }) => {
        film.have = Math.min(from + loaded, end);
        line.show();
      };
    }
    asking.send(method === "PUT" ? film.file.slice(from, end) : null);
  });
}
