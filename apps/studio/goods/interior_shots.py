"""
The cabin photographed once, developed in every interior's colors.

A shot is a picture in linear light and a mask of the zones (``zones.ZONES``). Developing multiplies each zone by the
ratio of the wanted color to the one it was built in; a small share keeps the shine, which has no color of its own.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import bpy
import numpy as np
from PIL import Image

from apps.studio.goods.delivery import INTERIORS, deliver, deliver_panorama
from apps.studio.goods.interior import cabin
from apps.studio.goods.shapes import Array
from apps.studio.goods.stage import add_object, settle
from apps.studio.goods.surfaces import Surfaces
from apps.studio.goods.zones import BOLSTER, FACE, LINER, SURROUND, ZONES
from apps.studio.paints import encode, linear, tone_map

REFERENCE = Path("config/reference/vehicles.json")
TWO_TONE = "INK"
DARK_LINER, LIGHT_LINER = "#2a2b2d", "#c9c5bd"
SHINE = 0.05
EYE = (0.0, 0.06, 1.06)
MILLIMETER = 0.001


@dataclass(frozen=True)
class Shot:
    """A picture in linear light (height, width, 3) and the share of each zone in each pixel (height, width, 4)."""

    light: Array
    zones: Array


def read_interiors() -> dict[str, tuple[str, str, str, str]]:
    """The colors of each interior by its code: seat faces, bolsters, headliner, surround."""
    options = json.loads(REFERENCE.read_text(encoding="utf-8"))["options"]
    found = {}
    for option in options:
        if option["group"] == "INTERIOR":
            face, surround = option["hex"], option["hex2"]
            bolster = surround if option["code"].endswith(TWO_TONE) else face
            found[option["code"].lower()] = (face, bolster, DARK_LINER if face == surround else LIGHT_LINER, surround)
    return found


def shoot(folder: Path, *, panorama: bool, width: int, samples: int, threads: int) -> Shot:
    """Photograph the cabin all around, or one still from between the front seats."""
    name = folder / ("panorama" if panorama else "still")
    light, mask = name.with_suffix(".exr"), Path(f"{name}-mask.png")
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    settle(scene, samples=samples, threads=threads)
    scene.cycles.diffuse_bounces, scene.cycles.max_bounces = 3, 5
    _world(scene)
    _camera(scene, panorama=panorama)
    scene.render.resolution_x, scene.render.resolution_y = width, width // 2 if panorama else width * 9 // 16
    surfaces = Surfaces(frame=1.0)
    pieces = [piece.scale(MILLIMETER) for piece in cabin()]
    objects = [(add_object(scene, piece, surfaces), piece.material) for piece in pieces]
    scene.render.image_settings.file_format, scene.render.image_settings.color_depth = "OPEN_EXR", "16"
    _render(scene, light)
    for item, material in objects:
        item.data.materials.clear()
        item.data.materials.append(_flat(ZONES.get(material, (0, 0, 0))))
    scene.world = None
    scene.view_settings.view_transform = "Raw"
    scene.render.image_settings.file_format, scene.render.image_settings.color_depth = "PNG", "8"
    scene.cycles.use_denoising, scene.cycles.samples = False, 6
    _render(scene, mask)
    return read_shot(light, mask)


def read_shot(light: Path, mask: Path) -> Shot:
    """Read a shot from its two files."""
    image = bpy.data.images.load(str(light))
    width, height = image.size
    values = np.empty(width * height * 4, np.float32)
    image.pixels.foreach_get(values)
    picture = values.reshape(height, width, 4)[::-1, :, :3]
    with Image.open(mask) as drawn:
        share = np.asarray(drawn.convert("RGB"), np.float32) / 255
    surround = share.min(axis=2, keepdims=True)
    return Shot(picture, np.concatenate([share - surround, surround], axis=2))


def develop(shot: Shot, colors: tuple[str, str, str, str]) -> Image.Image:
    """Color a shot's zones; ``colors`` are those of faces, bolsters, headliner, surround."""
    factor = 1 - shot.zones.sum(axis=2, keepdims=True)
    for zone, (built, wanted) in enumerate(zip((FACE, BOLSTER, LINER, SURROUND), colors, strict=True)):
        ratio = np.array(linear(wanted)) / np.array(linear(built.color))
        factor = factor + shot.zones[:, :, zone : zone + 1] * (SHINE + (1 - SHINE) * ratio)
    return Image.fromarray(encode(tone_map(shot.light * factor)))


def photograph_interiors(
    folder: Path,
    *,
    samples: int,
    threads: int,
    panorama_width: int,
    codes: Mapping[str, tuple[str, str, str, str]],
) -> None:
    """Shoot both pictures and write every interior's files."""
    folder.mkdir(exist_ok=True)
    for panorama, width in ((False, 1200), (True, panorama_width)):
        shot = shoot(folder, panorama=panorama, width=width, samples=samples, threads=threads)
        for code, colors in codes.items():
            picture = folder / f"{code}{'-panorama' if panorama else ''}.png"
            develop(shot, colors).save(picture)
            if panorama:
                deliver_panorama(picture, code)
            else:
                deliver(picture, INTERIORS, code)


def _render(scene, target: Path) -> None:
    scene.render.filepath = str(target)
    bpy.ops.render.render(write_still=True)


def _flat(color: tuple[float, float, float]):
    made = bpy.data.materials.new("zone")
    made.use_nodes = True
    nodes, links = made.node_tree.nodes, made.node_tree.links
    nodes.clear()
    glow, output = nodes.new("ShaderNodeEmission"), nodes.new("ShaderNodeOutputMaterial")
    glow.inputs[0].default_value = (*color, 1)
    links.new(glow.outputs[0], output.inputs[0])
    return made


def _camera(scene, *, panorama: bool) -> None:
    from mathutils import Vector

    data = bpy.data.cameras.new("camera")
    camera = bpy.data.objects.new("camera", data)
    scene.collection.objects.link(camera)
    scene.camera = camera
    data.clip_start = 0.01
    if panorama:
        data.type, data.panorama_type = "PANO", "EQUIRECTANGULAR"
        camera.location, camera.rotation_euler = EYE, (math.pi / 2, 0, 0)
        return
    camera.location = (0.03, -0.62, 1.13)
    camera.rotation_euler = (Vector((0.0, 0.6, 0.8)) - camera.location).to_track_quat("-Z", "Y").to_euler()
    data.lens, data.sensor_width = 19, 36


def _world(scene) -> None:
    """A bright, even studio outside: pale floor, paler walls, a light ceiling."""
    world = bpy.data.worlds.new("outside")
    scene.world = world
    world.use_nodes = True
    nodes, links = world.node_tree.nodes, world.node_tree.links
    place, axes, ramp = (nodes.new(f"ShaderNode{kind}") for kind in ("TexCoord", "SeparateXYZ", "ValToRGB"))
    links.new(place.outputs["Generated"], axes.inputs[0])
    links.new(axes.outputs["Z"], ramp.inputs[0])
    remap = nodes.new("ShaderNodeMapRange")
    remap.inputs["From Min"].default_value = -1
    links.new(axes.outputs["Z"], remap.inputs["Value"])
    links.new(remap.outputs[0], ramp.inputs[0])
    stops = ramp.color_ramp.elements
    stops[0].position, stops[0].color = 0.0, (0.30, 0.30, 0.31, 1)
    stops[1].position, stops[1].color = 1.0, (0.97, 0.97, 0.98, 1)
    for position, color in (
        (0.47, (0.5, 0.5, 0.51, 1)),
        (0.5, (0.73, 0.73, 0.74, 1)),
        (0.56, (0.86, 0.86, 0.87, 1)),
        (0.75, (0.77, 0.77, 0.78, 1)),
    ):
        stops.new(position).color = color
    links.new(ramp.outputs[0], nodes["Background"].inputs[0])
    nodes["Background"].inputs[1].default_value = 2.0
    path, dim = nodes.new("ShaderNodeLightPath"), nodes.new("ShaderNodeMapRange")
    # What the camera sees outside stays below white.
    dim.inputs["To Min"].default_value, dim.inputs["To Max"].default_value = 3.3, 1.05
    links.new(path.outputs["Is Camera Ray"], dim.inputs["Value"])
    links.new(dim.outputs[0], nodes["Background"].inputs[1])
