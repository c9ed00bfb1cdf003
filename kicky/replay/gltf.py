"""A replay's scene -> glTF 2.0, one file with its numbers inside, for Blender and other programs."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from ..body.limbs import ARMS, HEAD, HIPS, LEGS, SHOULDERS
from ..domain import Floats

FLOAT, UNSIGNED = 5126, 5125
COLOURS = {
    "grass": (0.05, 0.2, 0.06), "white": (0.9, 0.9, 0.88), "path": (0.75, 0.2, 0.02), "body": (0.57, 0.4, 0.28),
    "shirt": (0.7, 0.22, 0.03), "grey": (0.32, 0.36, 0.33),
}  # fmt: skip
LIMB_M, TRUNK_M, HEAD_M = 0.05, 0.13, 0.11
GROUND_M = 60.0
SIDES = 12


class Writer:
    """A glTF document that grows: every method gives back the number of what it added."""

    def __init__(self) -> None:
        self.document: dict[str, Any] = {
            "asset": {"version": "2.0", "generator": "KICKY"}, "scene": 0, "scenes": [{"nodes": []}], "nodes": [],
            "meshes": [], "materials": [], "accessors": [], "bufferViews": [], "buffers": [], "cameras": [],
        }  # fmt: skip
        self._bytes = bytearray()
        self._samplers: list[dict[str, Any]] = []
        self._channels: list[dict[str, Any]] = []
        self._colours: dict[tuple[float, ...], int] = {}

    def array(self, values: Any, kind: str, component: int = FLOAT) -> int:
        """Numbers, SCALAR, VEC3 or VEC4 -> their accessor."""
        table = np.asarray(values, dtype="<f4" if component == FLOAT else "<u4")
        view = {"buffer": 0, "byteOffset": len(self._bytes), "byteLength": table.nbytes}
        self._bytes += table.tobytes()
        flat = table.reshape(len(table), -1)
        self.document["bufferViews"].append(view)
        self.document["accessors"].append({
            "bufferView": len(self.document["bufferViews"]) - 1, "componentType": component, "count": len(table),
            "type": kind, "min": flat.min(axis=0).tolist(), "max": flat.max(axis=0).tolist(),
        })  # fmt: skip
        return len(self.document["accessors"]) - 1

    def mesh(self, places: Any, colour: Sequence[float], faces: Any = None, mode: int = 4) -> int:
        """Corners, colour, faces, 4 for triangles or 3 for a line -> the mesh."""
        key = tuple(colour)
        if key not in self._colours:
            self._colours[key] = len(self.document["materials"])
            look = {"baseColorFactor": [*key, 1.0], "metallicFactor": 0.0, "roughnessFactor": 0.9}
            self.document["materials"].append({"pbrMetallicRoughness": look, "doubleSided": True})
        part = {"attributes": {"POSITION": self.array(places, "VEC3")}, "mode": mode, "material": self._colours[key]}
        if faces is not None:
            part["indices"] = self.array(np.ravel(faces), "SCALAR", UNSIGNED)
        self.document["meshes"].append({"primitives": [part]})
        return len(self.document["meshes"]) - 1

    def node(self, name: str, **more: Any) -> int:
        """Name, mesh, camera, translation, rotation, scale -> the node, in the scene."""
        self.document["nodes"].append({"name": name, **more})
        number = len(self.document["nodes"]) - 1
        self.document["scenes"][0]["nodes"].append(number)
        return number

    def moves(self, node: int, times: int, **paths: Any) -> None:
        """Node, its moments' accessor, rows of translation, rotation or scale -> moved through time."""
        for path, rows in paths.items():
            kind = "VEC4" if path == "rotation" else "VEC3"
            self._samplers.append({"input": times, "output": self.array(rows, kind), "interpolation": "LINEAR"})
            self._channels.append({"sampler": len(self._samplers) - 1, "target": {"node": node, "path": path}})

    def text(self) -> str:
        """-> the document."""
        if self._channels:
            self.document["animations"] = [{"name": "shot", "samplers": self._samplers, "channels": self._channels}]
        uri = "data:application/octet-stream;base64," + base64.b64encode(bytes(self._bytes)).decode()
        self.document["buffers"] = [{"byteLength": len(self._bytes), "uri": uri}]
        return json.dumps({name: part for name, part in self.document.items() if part != []}, allow_nan=False)


def gltf(made: dict[str, Any]) -> str:
    """A scene that has no `why_not` -> glTF as text; its time begins where the replay does, contact is in `extras`."""
    writer = Writer()
    begins = made["film"]["t"][0]
    writer.document["asset"]["extras"] = {"contact_s": -begins, "fit": made["fit"], "words": made["words"]}
    ball, sphere_faces = _sphere()
    side = GROUND_M
    ground = [[-side, 0, -side], [side, 0, -side], [side, 0, side], [-side, 0, side]]
    writer.node("grass", mesh=writer.mesh(ground, COLOURS["grass"], [[0, 2, 1], [0, 3, 2]]))
    for number, line in enumerate(made["lines"]):
        chalk = [[x, 0.01, z] for x, z in line]
        writer.node(f"line {number + 1}", mesh=writer.mesh(chalk, COLOURS["white"], mode=3))
    if made["goal"]:
        _goal(writer, made["goal"])
    _phone(writer, made["phone"])
    if made["ball"]["t"]:
        _ball(writer, made["ball"], begins, writer.mesh(ball, COLOURS["white"], sphere_faces))
    if made["shooter"]["t"]:
        _body(writer, made["shooter"], begins)
    for each in made["others"]:
        x, z = np.median(np.array(each["at"]), axis=0).tolist()
        mesh = writer.mesh(_cylinder()[0], COLOURS["grey"], _cylinder()[1])
        writer.node(f"{each['label']} {each['role']}", mesh=mesh, translation=[x, 0.85, z], scale=[0.2, 1.7, 0.2])
    return writer.text()


def _goal(writer: Writer, goal: dict[str, Any]) -> None:
    half, high, post = goal["width"] / 2 + goal["post"] / 2, goal["height"] + goal["post"] / 2, goal["post"] / 2
    mesh = writer.mesh(_cylinder()[0], COLOURS["white"], _cylinder()[1])
    for name, x in (("left post", -half), ("right post", half)):
        writer.node(name, mesh=mesh, translation=[x, high / 2, 0.0], scale=[post, high, post])
    flat = [0.0, 0.0, math.sqrt(0.5), math.sqrt(0.5)]
    writer.node("bar", mesh=mesh, translation=[0.0, high, 0.0], rotation=flat, scale=[post, 2 * half, post])


def _phone(writer: Writer, phone: dict[str, Any]) -> None:
    """The phone as a camera: what it looks at, a renderer sees."""
    wide, high = phone["size_px"]
    lens = {"yfov": 2 * math.atan(high / 2 / phone["focal_px"]), "aspectRatio": wide / high, "znear": 0.05}
    writer.document["cameras"].append({"type": "perspective", "perspective": lens})
    turned = np.column_stack([phone["right"], phone["up"], -np.array(phone["forward"])])
    writer.node("phone", camera=0, translation=phone["at"], rotation=_quaternion(turned))


def _ball(writer: Writer, ball: dict[str, Any], begins: float, mesh: int) -> None:
    node = writer.node("ball", mesh=mesh, translation=ball["at"][0], scale=[ball["radius"]] * 3)
    if len(ball["t"]) < 2:
        return
    writer.moves(node, writer.array(np.array(ball["t"]) - begins, "SCALAR"), translation=ball["at"])
    writer.node("likeliest path", mesh=writer.mesh(ball["at"], COLOURS["path"], mode=3))
    for number, path in enumerate(ball["likely"]):
        writer.node(f"likely path {number + 1}", mesh=writer.mesh(path, COLOURS["grey"], mode=3))


def _body(writer: Writer, shooter: dict[str, Any], begins: float) -> None:
    """Bones as rounded limbs that move; a guess is grey."""
    joints, times = np.array(shooter["joints"]), writer.array(np.array(shooter["t"]) - begins, "SCALAR")
    shirt = _colour(shooter["colour"]) or COLOURS["shirt"]
    round_, faces = _sphere()
    tube, sides = _cylinder()
    hips, shoulders = joints[:, list(HIPS)].mean(axis=1), joints[:, list(SHOULDERS)].mean(axis=1)
    chains: list[tuple[str, tuple[int, ...], tuple[float, ...]]]
    chains = [(f"{side} leg", chain, COLOURS["body"]) for side, chain in LEGS.items()]
    chains += [(f"{side} arm", chain, COLOURS["grey"]) for side, chain in ARMS.items()]
    bones = [
        (f"{name} {number + 1}", joints[:, one], joints[:, other], LIMB_M, colour)
        for name, chain, colour in chains
        for number, (one, other) in enumerate(pairwise(chain))
    ]
    for name, start, end, thick, colour in [*bones, ("trunk", hips, shoulders, TRUNK_M, shirt)]:
        lengths = np.linalg.norm(end - start, axis=1)
        wide = np.full(len(lengths), thick)
        node = writer.node(name, mesh=writer.mesh(tube, colour, sides))
        writer.moves(
            node, times, translation=(start + end) / 2, rotation=_upright_to(end - start),
            scale=np.column_stack([wide, lengths, wide]),
        )  # fmt: skip
        knob = writer.node(f"{name} end", mesh=writer.mesh(round_, colour, faces), scale=[thick] * 3)
        writer.moves(knob, times, translation=end)
    head = writer.node("head", mesh=writer.mesh(round_, COLOURS["grey"], faces), scale=[HEAD_M] * 3)
    writer.moves(head, times, translation=joints[:, HEAD])


def _colour(hex_: str) -> tuple[float, ...]:
    """'#rrggbb' -> linear red, green, blue; () of ''."""
    return tuple((int(hex_[k : k + 2], 16) / 255) ** 2.2 for k in (1, 3, 5)) if hex_ else ()


def _upright_to(along: Floats) -> Floats:
    """(n, 3) -> (n, 4) the rotations that lay what stands upright along them."""
    unit = along / np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    turn = np.column_stack([unit[:, 2], np.zeros(len(unit)), -unit[:, 0], 1 + unit[:, 1]])
    turn[turn[:, 3] < 1e-6] = (1.0, 0.0, 0.0, 0.0)
    return np.asarray(turn / np.linalg.norm(turn, axis=1, keepdims=True))


def _quaternion(turned: Floats) -> list[float]:
    """(3, 3) columns -> x, y, z, w."""
    values, vectors = np.linalg.eigh(np.array([
        [turned[0, 0] - turned[1, 1] - turned[2, 2], turned[1, 0] + turned[0, 1], turned[2, 0] + turned[0, 2],
         turned[2, 1] - turned[1, 2]],
        [0, turned[1, 1] - turned[0, 0] - turned[2, 2], turned[2, 1] + turned[1, 2], turned[0, 2] - turned[2, 0]],
        [0, 0, turned[2, 2] - turned[0, 0] - turned[1, 1], turned[1, 0] - turned[0, 1]],
        [0, 0, 0, turned.trace()],
    ]), UPLO="U")  # fmt: skip
    return list(vectors[:, int(np.argmax(values))].tolist())


def _sphere() -> tuple[Floats, list[tuple[int, int, int]]]:
    """-> corners and faces of a ball of radius 1."""
    turns, tilts = np.linspace(0, 2 * np.pi, SIDES, endpoint=False), np.linspace(-np.pi / 2, np.pi / 2, SIDES // 2 + 1)
    corners = [(math.cos(b) * math.cos(a), math.sin(b), math.cos(b) * math.sin(a)) for b in tilts for a in turns]
    return np.array(corners), _rings(len(tilts))


def _cylinder() -> tuple[Floats, list[tuple[int, int, int]]]:
    """-> corners and faces of a tube of radius 1, one high, about the middle."""
    turns = np.linspace(0, 2 * np.pi, SIDES, endpoint=False)
    return np.array([(math.cos(a), high, math.sin(a)) for high in (-0.5, 0.5) for a in turns]), _rings(2)


def _rings(count: int) -> list[tuple[int, int, int]]:
    faces = []
    for row in range(count - 1):
        for side in range(SIDES):
            a, b = row * SIDES + side, row * SIDES + (side + 1) % SIDES
            faces += [(a, a + SIDES, b), (b, a + SIDES, b + SIDES)]
    return faces
