// Runs again on every rerun of the page: all handlers are set anew, the frame looked at stays.
export default function ({ parentElement, data, setTriggerValue }) {
  const find = (what) => parentElement.querySelector(what);
  const [box, image, slider, save] = [".kick", "img", "input", ".save"].map(find);
  const last = data.frames.length - 1;
  if (parentElement.strip !== data.strip) {
    const kick = data.frames.indexOf(data.kick);
    parentElement.at = kick < 0 ? Math.floor(last / 2) : kick;
    parentElement.strip = data.strip;
    window.kickyKeys = box;  // see stepper.js: keys go to what was opened or used last
    parentElement.waits = false;
  }
  slider.min = 0;
  slider.max = last;

  const show = () => {
    const at = parentElement.at, frame = data.frames[at], off = frame - data.kick, now = off === 0;
    const beside = data.kick === null || now ? "" : ` · ${Math.abs(off)} ${off < 0 ? "before" : "after"} the kick`;
    image.src = data.pictures[at];
    image.alt = `Frame ${frame} of the film`;
    slider.value = at;
    slider.setAttribute("aria-valuetext", `Frame ${frame}${beside}`);
    find(".mark").hidden = !now;
    find(".where").textContent = `Frame ${frame} · ${data.times[at]}${beside}`;
    find(".back").disabled = at === 0;
    find(".on").disabled = at === last;
    save.disabled = (now && data.hand) || data.busy || parentElement.waits;
    save.textContent = data.busy || parentElement.waits ? "Working it out again …"
      : !now ? `Save: the kick is in frame ${frame}`
      : data.hand ? "This is the kick you set" : "Save: this frame is right";
  };
  const step = (by) => {
    parentElement.at = Math.min(Math.max(parentElement.at + by, 0), last);
    show();
  };
  find(".back").onclick = () => step(-1);
  find(".on").onclick = () => step(1);
  slider.oninput = () => { parentElement.at = Number(slider.value); show(); };
  save.onclick = () => {
    parentElement.waits = true;
    show();
    setTriggerValue("save", data.frames[parentElement.at]);
  };

  const keys = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !box.getClientRects().length) return;
    const path = event.composedPath(), target = path[0], mine = path.includes(box), other = window.kickyKeys;
    if (!mine && other && other !== box && other.isConnected && other.getClientRects().length) return;
    const typing = /^(TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable
      || (target.tagName === "INPUT" && target !== slider);
    const plain = { ",": -1, ".": 1 }[event.key];
    const arrow = mine && target !== slider ? { ArrowLeft: -1, ArrowRight: 1 }[event.key] : undefined;
    const by = typing ? undefined : plain ?? arrow;
    if (by === undefined) return;
    event.preventDefault();
    step(by);
  };
  box.onfocus = box.onpointerdown = () => { window.kickyKeys = box; };
  if (parentElement.keys) document.removeEventListener("keydown", parentElement.keys);
  parentElement.keys = keys;
  document.addEventListener("keydown", keys);
  show();
  return () => document.removeEventListener("keydown", keys);
}
