// A session's shots side by side: drawn once, then only the mark moves. Pictures come one after the other and only where
// they are seen, for each may have to be made and the film must not wait behind them.
export default function ({ parentElement, data, setTriggerValue }) {
  const strip = parentElement.querySelector(".strip");
  const known = JSON.stringify(data.shots);
  if (parentElement.known !== known) {
    parentElement.known = known;
    strip.replaceChildren(...data.shots.map(card));
    look(parentElement, strip);
  }
  for (const each of strip.children) {
    const here = Number(each.dataset.shot) === data.current;
    if (here) each.setAttribute("aria-current", "true"); else each.removeAttribute("aria-current");
    each.onclick = () => setTriggerValue("go", Number(each.dataset.shot));
    if (here && parentElement.current !== data.current) {
      strip.scrollLeft = each.offsetLeft - strip.offsetLeft - (strip.clientWidth - each.offsetWidth) / 2;
    }
  }
  parentElement.current = data.current;
}

function card(shot) {
  const [made, picture, image, word, name] = ["button", "span", "img", "span", "span"].map((tag) => document.createElement(tag));
  made.type = "button";
  made.dataset.shot = shot.id;
  picture.className = "picture";
  picture.style.display = "block";
  image.alt = "";
  image.dataset.from = shot.thumb;
  word.className = `word ${shot.outcome}`;
  word.textContent = shot.word;
  name.className = "name";
  name.textContent = shot.name;
  picture.append(image, word);
  made.append(picture, name);
  if (shot.more) {
    const more = document.createElement("span");
    more.className = "more";
    more.textContent = shot.more;
    made.append(more);
  }
  return made;
}

function look(parent, strip) {
  parent.eye?.disconnect();
  const waiting = [];
  let busy = false;
  const next = () => {
    const image = busy ? null : waiting.shift();
    if (!image) return;
    busy = true;
    image.onload = image.onerror = () => { busy = false; next(); };
    image.src = image.dataset.from;
  };
  parent.eye = new IntersectionObserver((seen) => {
    for (const each of seen.filter((one) => one.isIntersecting)) {
      parent.eye.unobserve(each.target);
      waiting.push(each.target.querySelector("img"));
    }
    next();
  });
  for (const each of strip.children) parent.eye.observe(each);
}
