"""What films say of the phone that made them: of each maker's kind, built here, whole and broken."""

import struct
from pathlib import Path

import av
import pytest

from kicky.scene import phones
from kicky.video.lens import Filmed, filmed_with
from kicky.video.tags import LONGEST

from . import films
from .films import numbered
from .test_video_lens import box, item, noted


def keyed(**said: bytes) -> bytes:
    """Keys (with __ for dots) and words -> a 'meta' box of them, as Apple and Android write it into 'moov'."""
    names = [key.replace("__", ".").encode() for key in said]
    keys = box(b"keys", struct.pack(">II", 0, len(names)), *(box(b"mdta", name) for name in names))
    items = [item(number, 1, words) for number, words in enumerate(said.values(), start=1)]
    return box(b"meta", box(b"hdlr", bytes(8), b"mdta", bytes(14)), keys, box(b"ilst", *items))


APPLE = keyed(
    com__apple__quicktime__make=b"Apple", com__apple__quicktime__model=b"iPhone 13 Pro",
    com__apple__quicktime__software=b"17.1.1",
)  # fmt: skip
WIDE = b"iPhone 13 back camera 1.54mm f/2.4"
PIXEL = keyed(
    com__android__version=b"14", com__android__manufacturer=b"Google", com__android__model=b"Pixel 8 Pro",
    com__android__capture__fps=b"30",
)  # fmt: skip
BARE_ANDROID = keyed(com__android__version=b"13")


def samsung(model: bytes = b"SM-S918B\0", name: bytes = b"Galaxy S23 Ultra\0") -> bytes:
    """-> the user data of a Galaxy's film: 'auth' and 'smta', as Samsung's camera writes them."""
    auth = box(b"auth", bytes(4), b"\x15\xc7", name)
    return box(b"udta", auth, box(b"smta", bytes(4), box(b"saut", bytes(6)), box(b"mdln", model)))


def gopro(name: bytes = b"HERO11 Black") -> bytes:
    def klv(key: bytes, kind: bytes, value: bytes) -> bytes:
        return key + kind + bytes([1]) + struct.pack(">H", len(value)) + value + bytes(-len(value) % 4)

    inner = klv(b"DVNM", b"c", b"Global Settings") + klv(b"FMWR", b"c", b"H22.01") + klv(b"MINF", b"c", name)
    return box(b"udta", box(b"FIRM", b"H22.01"), box(b"GPMF", klv(b"DEVC", b"\0", inner)))


def counted(words: bytes) -> bytes:
    """-> words as QuickTime's user data has them: their length, their language, they."""
    return struct.pack(">HH", len(words), 0x15C7) + words


CAMERA = box(b"udta", box(b"\xa9mak", counted(b"Canon")), box(b"\xa9mod", counted(b"PowerShot")))
DJI = box(b"udta", box(b"\xa9mdl", b"FC3170\0"))

KINDS = {
    "an iPhone": (APPLE, b"moov", Filmed("Apple", "iPhone 13 Pro"), "iPhone 13 Pro"),
    "an iPhone's track": (
        keyed(com__apple__quicktime__camera__lens_model=WIDE), b"trak",
        Filmed("Apple", "iPhone 13", None, WIDE.decode()), "iPhone 13",
    ),
    "a Pixel": (PIXEL, b"moov", Filmed("Google", "Pixel 8 Pro"), "Google Pixel 8 Pro"),
    "an Android that names nothing": (BARE_ANDROID, b"moov", Filmed(), None),
    "a Galaxy": (samsung(), b"moov", Filmed("", "SM-S918B"), "Samsung Galaxy S23 Ultra"),
    "a Galaxy by its name": (samsung(b""), b"moov", Filmed("", "Galaxy S23 Ultra"), "Samsung Galaxy S23 Ultra"),
    "a GoPro": (gopro(), b"moov", Filmed("", "HERO11 Black"), None),
    "a camera": (CAMERA, b"moov", Filmed("Canon", "PowerShot"), None),
    "a drone": (DJI, b"moov", Filmed("", "FC3170"), None),
}  # fmt: skip


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return films.write(tmp_path / "kick.mov", [numbered(k) for k in range(6)])


@pytest.mark.parametrize(("boxes", "into", "said", "phone"), list(KINDS.values()), ids=list(KINDS))
def test_a_film_of_each_kind(film: Path, boxes: bytes, into: bytes, said: Filmed, phone: str | None) -> None:
    told = filmed_with(noted(film, boxes, into))
    assert told == said
    assert phones.named(told.make, told.model) == phone


def test_the_lens_comes_with_the_phone(film: Path) -> None:
    said = keyed(
        com__apple__quicktime__camera__lens_model=b"iPhone 16 Pro back camera 6.765mm f/1.78",
        com__apple__quicktime__camera__focal_length__35mm_equivalent=b"24.00mm",
    )
    told = filmed_with(noted(noted(film, said), APPLE, b"moov"))
    assert (told.make, told.model, told.lens_mm) == ("Apple", "iPhone 13 Pro", 24.0)
    assert told.lens_words == "iPhone 16 Pro back camera 6.765mm f/1.78"


BROKEN = {
    "nothing": b"",
    "keys without items": box(b"meta", box(b"hdlr", bytes(8), b"mdta", bytes(14)), box(b"keys", bytes(8))),
    "an item of no key": keyed()[:-8] + box(b"ilst", item(7, 1, b"Apple")),
    "no UTF-8": keyed(com__apple__quicktime__model=b"\xff\xfe\xfd"),
    "a picture for a name": box(b"meta", box(b"ilst", item(1, 13, b"\xff\xd8"))),
    "a short smta": box(b"udta", box(b"smta", b"\0"), box(b"auth", b"\0")),
    "a mdln longer than its box": box(b"udta", box(b"smta", bytes(4), struct.pack(">I", 900) + b"mdlnSM-S918B")),
    "a GPMF that stops": box(b"udta", box(b"GPMF", b"DEVC\0\1\xff\xffMIN")),
    "a GPMF of another": box(b"udta", box(b"GPMF", b"DEVC\0\1\0\0" + b"FMWRc\1\0\4" + b"H22.")),
    "an empty ©mod": box(b"udta", box(b"\xa9mod", b"\0")),
}


@pytest.mark.parametrize("boxes", list(BROKEN.values()), ids=list(BROKEN))
@pytest.mark.parametrize("into", [b"moov", b"trak"])
def test_broken_tags_name_nothing(film: Path, boxes: bytes, into: bytes) -> None:
    assert filmed_with(noted(film, boxes, into)) == Filmed()


def test_a_name_is_cut_and_shows_only_letters(film: Path) -> None:
    told = filmed_with(noted(film, keyed(com__android__model=b"A\x00\x1b[31m" + b"x" * 9999), b"moov"))
    assert told.model.startswith("A[31mx")
    assert len(told.model) == LONGEST


def test_a_file_that_is_no_film_names_nothing(tmp_path: Path) -> None:
    path = tmp_path / "kick.mov"
    path.write_bytes(b"\0\0\0\x08free" + bytes(100))
    assert filmed_with(path) == Filmed()


@pytest.mark.parametrize("ending", ["mkv", "mov"])
def test_tags_that_another_program_took_over(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"cut.{ending}"
    with av.open(str(path), "w", options={"movflags": "use_metadata_tags"} if ending == "mov" else {}) as out:
        out.metadata["com.android.manufacturer"], out.metadata["com.android.model"] = "Google", "Pixel 6"
        stream = out.add_stream("mpeg4", rate=30)
        stream.width, stream.height = 160, 96
        for k in range(3):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(numbered(k), format="bgr24")))
        out.mux(stream.encode())
    assert filmed_with(path) == Filmed("Google", "Pixel 6")
