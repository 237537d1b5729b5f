"""Render views into linear arrays. Needs Blender's module."""

import tempfile
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from apps.studio import scene, studio
from apps.studio.model import Model

Array = Any
Crop = tuple[float, float, float, float]


def open_stage(model: Model, wheels: str) -> None:
    """Empty Blender and set up model, wheels, floor and world."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene.load_model(model)
    scene.set_wheels(model, wheels)
    studio.add_floor()
    studio.add_world()


def point_camera(model: Model, view: studio.View, size: tuple[int, int]) -> None:
    """Place camera and lights for a view, in place of the last."""
    for old in [thing for thing in bpy.data.objects if thing.type == "CAMERA" or thing.name.startswith("Plane")]:
        bpy.data.objects.remove(old)
    studio.add_lights(view.azimuth)
    points = np.vstack([mesh.points for material, mesh in model.half.items() if material == "paint"]) - [
        model.car.length / 2,
        0,
        0,
    ]
    points = points[:: max(1, len(points) // 4000)]
    ground = points * [1, 1, 0]
    box = np.vstack([points, points * [1, -1, 1], ground, ground * [1, -1, 1]])
    studio.aim_camera(view, box, size[0] / size[1])


def render(
    size: tuple[int, int], samples: int, *, crop: Crop | None = None, threads: int = 2, denoise: bool = True
) -> Array:
    """
    Return a linear picture, (height, width, 3) float32, top row first.

    ``crop`` is (left, right, top, bottom) as shares of the picture; what lies outside is zero.
    """
    world = bpy.context.scene
    world.render.engine = "CYCLES"
    world.render.resolution_x, world.render.resolution_y = size
    world.render.resolution_percentage = 100
    world.render.use_border = crop is not None
    world.render.use_crop_to_border = False
    if crop:
        left, right, top, bottom = crop
        world.render.border_min_x, world.render.border_max_x = left, right
        world.render.border_min_y, world.render.border_max_y = 1 - bottom, 1 - top
    world.render.threads_mode, world.render.threads = "FIXED", threads
    cycles = world.cycles
    cycles.samples, cycles.use_adaptive_sampling, cycles.adaptive_threshold = samples, True, 0.04
    cycles.use_denoising, cycles.denoiser = denoise, "OPENIMAGEDENOISE"
    cycles.max_bounces, cycles.transparent_max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 6, 12, 1, 3
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.sample_clamp_indirect = 4
    world.render.use_persistent_data = True
    world.view_settings.view_transform = "Raw"
    world.render.image_settings.file_format = "OPEN_EXR"
    world.render.image_settings.color_depth = "32"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "picture.exr"
        world.render.filepath = str(path)
        bpy.ops.render.render(write_still=True)
        return _read(path)


def render_masks(size: tuple[int, int], *, threads: int = 2) -> Array:
    """Return where the tinted materials show, a channel each. The stage is spent afterwards."""
    scene.show_masks()
    bpy.context.scene.world.use_nodes = False
    bpy.context.scene.world.color = (0, 0, 0)
    return np.clip(render(size, 8, denoise=False, threads=threads), 0, 1)


def _read(path: Path) -> Array:
    image = bpy.data.images.load(str(path))
    image.colorspace_settings.name = "Non-Color"
    width, height = image.size
    pixels = np.empty(width * height * 4, np.float32)
    image.pixels.foreach_get(pixels)
    bpy.data.images.remove(image)
    return pixels.reshape(height, width, 4)[::-1, :, :3].copy()
