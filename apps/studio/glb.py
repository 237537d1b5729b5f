"""
Write a car as glTF 2.0: half a body mirrored by its node, one wheel set four times, paints as KHR_materials_variants.

Positions are 16-bit and normals 8-bit integers (KHR_mesh_quantization), so a model needs no decoder.
"""

import ctypes
import json
import struct
from pathlib import Path
from typing import Any

import meshoptimizer
import numpy as np
from meshoptimizer import simplifier

from apps.studio import paints, plan
from apps.studio.materials import MATERIALS, PAINT, TINT_COLORS, TINTS
from apps.studio.mesh import Mesh, unit
from apps.studio.model import build_model, place_wheels
from apps.studio.specs import CARS

Array = Any
GRID, COARSE = 0.020, 1.6
# How far, in meters, a simplified surface may lie beside the true one; the first that fits is taken.
TOLERANCES = (0.0006, 0.001, 0.0015, 0.0022, 0.003, 0.0045)
# What a wrong normal costs, against a wrong place.
NORMAL_WEIGHT = 4.0
FLOAT, SHORT, BYTE, UNSIGNED_SHORT, UNSIGNED_INT = 5126, 5122, 5120, 5123, 5125
VERTICES, INDICES = 34962, 34963
MAX_BYTES = 950_000
EXTENSIONS = [
    "KHR_materials_clearcoat",
    "KHR_materials_emissive_strength",
    "KHR_materials_variants",
    "KHR_mesh_quantization",
]
REQUIRED = ["KHR_mesh_quantization"]


class Writer:
    """A glTF file in the making."""

    def __init__(self, codes: tuple[str, ...], tolerance: float) -> None:
        self.tolerance = tolerance
        self.data = bytearray()
        self.views: list[dict[str, Any]] = []
        self.accessors: list[dict[str, Any]] = []
        self.meshes: list[dict[str, Any]] = []
        self.nodes: list[dict[str, Any]] = []
        self.materials: list[dict[str, Any]] = [_paint(code) for code in codes]
        self.codes = codes
        self.known: dict[str, int] = {}

    def add(self, name: str, parts: dict[str, Mesh]) -> int:
        """Add a mesh of several materials; return its number."""
        primitives = []
        scale, middle = _frame(parts)
        for material, mesh in parts.items():
            points, normals = _turned(mesh.points), _turned(mesh.normals)
            quantized = np.round((points - middle) / scale * 32767).astype("<i2")
            directions = np.round(
                unit(np.where(np.linalg.norm(normals, axis=1, keepdims=True) > 0.5, normals, (0, 1, 0))) * 127
            ).astype("i1")
            rows, faces = _simplified(*_merged(quantized, directions, mesh.faces), self.tolerance / scale)
            if not len(faces):
                continue
            primitives.append(self._primitive(material, rows[:, :3], rows[:, 3:].astype("i1"), faces))
        self.meshes.append({"name": name, "primitives": primitives})
        self._frame_of = (scale, middle)
        return len(self.meshes) - 1

    def place(self, mesh: int, name: str, place: Array, *, mirrored: bool = False, turn: float = 0.0) -> None:
        """Set the mesh added last; ``place`` in the car's coordinates."""
        scale, middle = self._frame_of
        side = -1.0 if mirrored else 1.0
        # The quantized box's own middle must turn and mirror with the mesh.
        c, s = np.cos(turn), np.sin(turn)
        rotated = np.array([c * middle[0] - s * middle[1], s * middle[0] + c * middle[1], side * middle[2]])
        node = {
            "name": name,
            "mesh": mesh,
            "translation": (_turned(np.array([place]))[0] + rotated).round(6).tolist(),
            "scale": [scale, scale, side * scale],
        }
        if turn:
            node["rotation"] = [0.0, 0.0, float(np.sin(turn / 2)), float(np.cos(turn / 2))]
        self.nodes.append(node)

    def _primitive(self, material: str, points: Array, normals: Array, faces: Array) -> dict[str, Any]:
        # Rows of 8 and 4 bytes: glTF wants attributes aligned to four.
        position = self._view(np.hstack([points.astype("<i2"), np.zeros((len(points), 1), "<i2")]), VERTICES, 8)
        normal = self._view(np.hstack([normals, np.zeros((len(normals), 1), "i1")]), VERTICES, 4)
        small = len(points) < 65536
        index = self._view(faces.astype("<u2" if small else "<u4").ravel(), INDICES, 0)
        bounds = {"min": points.min(0).tolist(), "max": points.max(0).tolist()}
        primitive = {
            "attributes": {
                "POSITION": self._accessor(position, SHORT, "VEC3", len(points), normalized=True, **bounds),
                "NORMAL": self._accessor(normal, BYTE, "VEC3", len(points), normalized=True),
            },
            "indices": self._accessor(index, UNSIGNED_SHORT if small else UNSIGNED_INT, "SCALAR", faces.size),
            "material": self._material(material),
        }
        if material == "paint":
            mappings = [{"material": number, "variants": [number]} for number in range(len(self.codes))]
            primitive["extensions"] = {"KHR_materials_variants": {"mappings": mappings}}
        return primitive

    def _view(self, rows: Array, target: int, stride: int) -> int:
        self.data += b"\0" * (-len(self.data) % 4)
        view = {"buffer": 0, "byteOffset": len(self.data), "byteLength": rows.nbytes, "target": target}
        if stride:
            view["byteStride"] = stride
        self.data += rows.tobytes()
        self.views.append(view)
        return len(self.views) - 1

    def _accessor(self, view: int, component: int, kind: str, count: int, **more: Any) -> int:
        self.accessors.append({"bufferView": view, "componentType": component, "type": kind, "count": count, **more})
        return len(self.accessors) - 1

    def _material(self, name: str) -> int:
        if name == "paint":
            return 0
        if name not in self.known:
            self.known[name] = len(self.materials)
            self.materials.append(_material(name))
        return self.known[name]

    def write(self, path: Path) -> int:
        """Write the file; return its size."""
        self.data += b"\0" * (-len(self.data) % 4)
        document = {
            "asset": {"version": "2.0", "generator": "apps.studio"},
            "extensionsUsed": EXTENSIONS,
            "extensionsRequired": REQUIRED,
            "extensions": {"KHR_materials_variants": {"variants": [{"name": code} for code in self.codes]}},
            "scene": 0,
            "scenes": [{"nodes": list(range(len(self.nodes)))}],
            "nodes": self.nodes,
            "meshes": self.meshes,
            "materials": self.materials,
            "accessors": self.accessors,
            "bufferViews": self.views,
            "buffers": [{"byteLength": len(self.data)}],
        }
        text = json.dumps(document, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 4)
        total = 28 + len(text) + len(self.data)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(
            struct.pack("<III", 0x46546C67, 2, total)
            + struct.pack("<II", len(text), 0x4E4F534A)
            + text
            + struct.pack("<II", len(self.data), 0x004E4942)
            + bytes(self.data)
        )
        return total


def _turned(vectors: Array) -> Array:
    """Turn our axes (z up) into glTF's (y up, nose towards -x, left towards -z)."""
    return vectors[:, [0, 2, 1]] * [1.0, 1.0, -1.0]


def _frame(parts: dict[str, Mesh]) -> tuple[float, Array]:
    points = np.vstack([_turned(mesh.points) for mesh in parts.values()])
    low, high = points.min(0), points.max(0)
    return float((high - low).max() / 2), (low + high) / 2


def _merged(points: Array, normals: Array, faces: Array) -> tuple[Array, Array]:
    """Merge points that became equal; drop triangles without an area."""
    rows, same = np.unique(np.hstack([points, normals.astype("<i2")]), axis=0, return_inverse=True)
    faces = same.reshape(-1)[faces]
    corner = rows[:, :3][faces].astype(np.int64)
    area = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    return rows, faces[np.abs(area).sum(1) > 0]


def _declare_arguments() -> None:
    """
    Tell ctypes what the simplifier takes.

    The package leaves it to guess, and the upper half of a guessed size_t on the stack is garbage.
    """
    size, number, whole = ctypes.c_size_t, ctypes.c_float, ctypes.c_uint
    numbers, wholes, bytes_ = (ctypes.POINTER(kind) for kind in (number, whole, ctypes.c_ubyte))
    function = simplifier.lib.meshopt_simplifyWithAttributes
    function.argtypes = [
        wholes,
        wholes,
        size,
        numbers,
        size,
        size,
        numbers,
        size,
        numbers,
        size,
        bytes_,
        size,
        number,
        whole,
        numbers,
    ]
    function.restype = size


_declare_arguments()


def _simplified(rows: Array, faces: Array, tolerance: float) -> tuple[Array, Array]:
    """
    Return what is left of a part when flat stretches need fewer triangles.

    Points are taken away, never moved: the normals of those that stay are still the field's. ``tolerance`` is in
    units of the mesh's frame.
    """
    points = np.ascontiguousarray(rows[:, :3] / 32767, np.float32)
    normals = np.ascontiguousarray(rows[:, 3:] / 127, np.float32)
    indices, left = np.ascontiguousarray(faces, np.uint32).ravel(), np.zeros(faces.size, np.uint32)
    weights = np.full(3, NORMAL_WEIGHT * tolerance, np.float32)
    count = meshoptimizer.simplify_with_attributes(
        left,
        indices,
        points,
        normals,
        weights,
        target_index_count=0,
        target_error=float(tolerance),
        options=meshoptimizer.SIMPLIFY_ERROR_ABSOLUTE,
    )
    used, kept = np.unique(left[:count], return_inverse=True)
    return rows[used], kept.reshape(-1, 3)


def _paint(code: str) -> dict[str, Any]:
    color = [round(channel, 5) for channel in paints.compensate(paints.linear(plan.swatches()[code]))]
    return {
        "name": code,
        "pbrMetallicRoughness": {
            "baseColorFactor": [*color, 1],
            "metallicFactor": PAINT.metal,
            "roughnessFactor": PAINT.rough,
        },
        "extensions": {"KHR_materials_clearcoat": {"clearcoatFactor": 1, "clearcoatRoughnessFactor": 0.03}},
    }


def _material(name: str) -> dict[str, Any]:
    made_of = MATERIALS[name]
    tint = next((color for group, color in zip(TINTS, TINT_COLORS, strict=True) if name in group), (1.0, 1.0, 1.0))
    color = [round(made_of.gray * channel, 5) for channel in tint]
    surface = {"baseColorFactor": [*color, 1.0], "metallicFactor": made_of.metal, "roughnessFactor": made_of.rough}
    material: dict[str, Any] = {"name": name, "pbrMetallicRoughness": surface}
    if made_of.tint:
        surface["baseColorFactor"] = [*color, round(max(0.12, 1 - made_of.tint), 3)]
        material["alphaMode"] = "BLEND"
    if made_of.glow:
        material["emissiveFactor"] = [round(min(1.0, channel), 4) for channel in tint]
        material["extensions"] = {"KHR_materials_emissive_strength": {"emissiveStrength": min(made_of.glow, 3.0)}}
    if name in ("paint", "gloss", "black", "lower", "cladding", "seat"):
        material["doubleSided"] = True
    return material


def write_model(series: str) -> str:
    """Write a series' model as fine as its size allows; return what was written, in words."""
    car, sold = CARS[series], plan.all_series()[series]
    model = build_model(car, grid=GRID, refine=1, coarse=COARSE)
    option = sold.wheels[1].removeprefix("wheel-")
    wheel, places = place_wheels(car, option, coarse=COARSE)
    shift = np.array([-car.length / 2, 0.0, 0.0])
    path = plan.MODELS / f"{series}.glb"
    for tolerance in TOLERANCES:
        writer = Writer((sold.cover_paint, *(code for code in sold.paints if code != sold.cover_paint)), tolerance)
        body = writer.add("body", {name: mesh.moved(shift) for name, mesh in model.half.items()})
        writer.place(body, "left", (0.0, 0.0, 0.0))
        writer.place(body, "right", (0.0, 0.0, 0.0), mirrored=True)
        single = writer.add("controls", {name: mesh.moved(shift) for name, mesh in model.single.items()})
        writer.place(single, "controls", (0.0, 0.0, 0.0))
        number = writer.add("wheel", wheel)
        for index, (x, y, z) in enumerate(places):
            writer.place(
                number, f"wheel {index + 1}", (x - car.length / 2, y, z), mirrored=y < 0, turn=0.35 + 0.9 * index
            )
        size = writer.write(path)
        if size <= MAX_BYTES:
            break
    return f"{path.name}: {size} bytes, within {tolerance * 1000:.1f} mm" + (" TOO LARGE" if size > MAX_BYTES else "")
