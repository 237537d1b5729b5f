"""The turn around a car: lens, height and lights are the same in every frame. Needs Blender's module."""

import math

import bpy
import numpy as np

from apps.studio import studio
from apps.studio.model import Model
from apps.studio.studio import View

STEP = 10.0
# The lens that lets the longest side of a car fill three quarters of the picture, in millimeters times meters.
LENS_LENGTH = 291.0
# Lights, as seen from the camera: turn in degrees, distance, height, size, power.
LIGHTS = (
    (0.0, 8.5, 3.0, (8.0, 1.6), 110.0),
    (58.0, 6.5, 2.6, (4.2, 1.1), 165.0),
    (-62.0, 6.8, 2.2, (3.4, 0.9), 130.0),
    (168.0, 6.5, 2.8, (5.0, 1.2), 165.0),
)


def place(model: Model, frame: int, size: tuple[int, int], *, lit: bool) -> None:
    """Turn camera and lights to a frame, in place of the last; frame 0 is seen from where the portrait is."""
    for old in [thing for thing in bpy.data.objects if thing.type == "CAMERA" or thing.name.startswith("Plane")]:
        bpy.data.objects.remove(old)
    azimuth = (studio.VIEWS["front34"].azimuth + frame * STEP) % 360
    if lit:
        _add_lights(math.radians(180 - azimuth))
    middle = np.array([[0.0, 0.0, model.car.height * 0.46]])
    studio.aim_camera(View(azimuth, 1.30, lens=LENS_LENGTH / model.car.length), middle, size[0] / size[1])
    # The camera looks past the car's middle; shift the film until that is in the middle of the picture.
    (across, down), camera = studio.on_picture(middle, size[0] / size[1])[0], bpy.context.scene.camera.data
    camera.shift_x += float(across - 0.5)
    camera.shift_y += float(0.5 - down) * size[1] / size[0]


def _add_lights(heading: float) -> None:
    studio.add_softbox((0, 0, 4.2), (7.5, 3.4), 500, aim=studio.Vector((0, 0, 0)))
    for turn, distance, height, area, power in LIGHTS:
        angle = heading + math.radians(turn)
        studio.add_softbox((distance * math.cos(angle), distance * math.sin(angle), height), area, power)
