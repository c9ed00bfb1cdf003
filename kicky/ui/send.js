// The share button is there only where the browser can share this very file; the one beside it always saves.
export default function ({ parentElement, data }) {
  const button = parentElement.querySelector("button");
  button.hidden = true;
  if (!data || !navigator.canShare || !navigator.share) return;
  const bytes = Uint8Array.from(atob(data.file), (letter) => letter.charCodeAt(0));
  const file = new File([bytes], data.name, { type: data.mime });
  if (!navigator.canShare({ files: [file] })) return;
  button.hidden = false;
  button.onclick = async () => {
    try {
      await navigator.share({ files: [file], title: data.title });
    } catch (error) {
      if (error.name !== "AbortError") button.hidden = true;  // who closed the sheet may open it again
    }
  };
}
