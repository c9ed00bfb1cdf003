// Films one after the other in one player: the next begins when one is over.
export default function ({ parentElement, data }) {
  const [video, told, back, on] = ["video", ".told", ".back", ".on"].map((each) => parentElement.querySelector(each));
  const known = JSON.stringify(data.films);
  const show = (at) => {
    parentElement.at = at;
    const film = data.films[at];
    video.src = film.src;
    told.textContent = data.films.length > 1 ? `${at + 1} of ${data.films.length}: ${film.title}` : film.title;
    back.disabled = at === 0;
    on.disabled = at === data.films.length - 1;
    video.play().catch(() => {});  // where a browser starts none by itself, its own button does
  };
  parentElement.querySelector(".moves").hidden = data.films.length < 2;
  video.onended = () => { if (parentElement.at < data.films.length - 1) show(parentElement.at + 1); };
  back.onclick = () => show(parentElement.at - 1);
  on.onclick = () => show(parentElement.at + 1);
  if (parentElement.known !== known) {
    parentElement.known = known;
    show(0);
  }
}
