"""The photo studio: floor, light, camera. One studio serves stills, spins and checks. Needs Blender's module."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np
from mathutils import Vector

Array = Any
BACKGROUND = (0.81, 0.81, 0.81)
FLOOR = (0.75, 0.75, 0.75)
DISTANCE = 11.6
SENSOR = 36.0


@dataclass(frozen=True)
class View:
    """Where the camera stands: ``azimuth`` in degrees, 0 before the nose, 90 beside the left; ``height`` in meters."""

    azimuth: float
    height: float
    fill: float = 0.86
    # Millimeters; 0 fits the car into the picture.
    lens: float = 0.0


VIEWS = {"front34": View(38, 1.30), "side": View(90, 1.0, 0.90), "rear34": View(142, 1.42)}


def node_material(name: str) -> tuple[Any, Any, Any]:
    """Return a new material with its nodes and links."""
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    return material, material.node_tree.nodes, material.node_tree.links


def _math(nodes: Any, links: Any, operation: str, first: Any, second: Any) -> Any:
    node = nodes.new("ShaderNodeMath")
    node.operation = operation
    for socket, value in zip(node.inputs, (first, second), strict=False):
        if isinstance(value, int | float):
            socket.default_value = value
        else:
            links.new(value, socket)
    return node.outputs[0]


def add_floor() -> None:
    """Lay a glossy floor that fades into the background."""
    bpy.ops.mesh.primitive_circle_add(vertices=96, radius=400, fill_type="NGON")
    floor = bpy.context.object
    material, nodes, links = node_material("floor")
    surface = nodes["Principled BSDF"]
    surface.inputs["Base Color"].default_value = (*FLOOR, 1)
    surface.inputs["Roughness"].default_value = 0.24
    surface.inputs["Specular IOR Level"].default_value = 0.32
    glow, mix, place = (
        nodes.new("ShaderNodeEmission"),
        nodes.new("ShaderNodeMixShader"),
        nodes.new("ShaderNodeNewGeometry"),
    )
    glow.inputs[0].default_value = (*BACKGROUND, 1)
    length = nodes.new("ShaderNodeVectorMath")
    length.operation = "LENGTH"
    fade = nodes.new("ShaderNodeMapRange")
    fade.interpolation_type = "SMOOTHERSTEP"
    fade.inputs["From Min"].default_value, fade.inputs["From Max"].default_value = 2.6, 7.2
    links.new(place.outputs["Position"], length.inputs[0])
    links.new(length.outputs["Value"], fade.inputs["Value"])
    links.new(fade.outputs["Result"], mix.inputs[0])
    links.new(surface.outputs[0], mix.inputs[1])
    links.new(glow.outputs[0], mix.inputs[2])
    links.new(mix.outputs[0], nodes["Material Output"].inputs[0])
    floor.data.materials.append(material)


def add_world() -> None:
    """Surround the car with a soft horizon; the camera itself sees the plain background."""
    world = bpy.data.worlds.new("world")
    bpy.context.scene.world = world
    world.use_nodes = True
    nodes, links = world.node_tree.nodes, world.node_tree.links
    seen, reflected = nodes.new("ShaderNodeBackground"), nodes["Background"]
    seen.inputs[0].default_value = (*BACKGROUND, 1)
    reflected.inputs[1].default_value = 0.9
    path, mix, place = (
        nodes.new("ShaderNodeLightPath"),
        nodes.new("ShaderNodeMixShader"),
        nodes.new("ShaderNodeTexCoord"),
    )
    split, ramp = nodes.new("ShaderNodeSeparateXYZ"), nodes.new("ShaderNodeValToRGB")
    links.new(place.outputs["Generated"], split.inputs[0])
    links.new(split.outputs["Z"], ramp.inputs[0])
    stops = ramp.color_ramp.elements
    stops[0].position, stops[0].color = 0.0, (*FLOOR, 1)
    stops[1].position, stops[1].color = 1.0, (0.31, 0.31, 0.31, 1)
    for position, gray in ((0.015, 0.68), (0.10, 0.28), (0.22, 0.11), (0.42, 0.11), (0.64, 0.25)):
        stops.new(position).color = (gray, gray, gray, 1)
    links.new(ramp.outputs[0], reflected.inputs[0])
    links.new(path.outputs["Is Camera Ray"], mix.inputs[0])
    links.new(reflected.outputs[0], mix.inputs[1])
    links.new(seen.outputs[0], mix.inputs[2])
    links.new(mix.outputs[0], nodes["World Output"].inputs[0])


def add_softbox(place: Iterable[float], size: tuple[float, float], power: float, *, aim: Vector | None = None) -> None:
    """
    Hang an emissive plane whose edges fade out, so that no reflection has a hard edge.

    It shines from its front only and is itself invisible to the camera. ``power`` is about an area light's, in watts.
    """
    bpy.ops.mesh.primitive_plane_add(size=1)
    plane = bpy.context.object
    plane.scale, plane.location = (*size, 1), Vector(place)
    plane.rotation_euler = ((aim or Vector((0, 0, 0.6))) - plane.location).to_track_quat("Z", "Y").to_euler()
    material, nodes, links = node_material("softbox")
    place_, split = nodes.new("ShaderNodeTexCoord"), nodes.new("ShaderNodeSeparateXYZ")
    links.new(place_.outputs["UV"], split.inputs[0])
    faded: Any = 1.0
    for axis, width in (("X", 0.24), ("Y", 0.45)):
        ramp = nodes.new("ShaderNodeMapRange")
        ramp.interpolation_type = "SMOOTHSTEP"
        ramp.inputs["From Max"].default_value = width
        links.new(_math(nodes, links, "PINGPONG", split.outputs[axis], 0.5), ramp.inputs["Value"])
        faded = _math(nodes, links, "MULTIPLY", ramp.outputs[0], faded)
    geometry = nodes.new("ShaderNodeNewGeometry")
    front = _math(nodes, links, "SUBTRACT", 1.0, geometry.outputs["Backfacing"])
    strength = _math(
        nodes,
        links,
        "MULTIPLY",
        _math(nodes, links, "MULTIPLY", faded, power / (size[0] * size[1]) / math.pi * 1.9),
        front,
    )
    glow = nodes.new("ShaderNodeEmission")
    links.new(strength, glow.inputs[1])
    links.new(glow.outputs[0], nodes["Material Output"].inputs[0])
    plane.data.materials.append(material)
    plane.visible_camera = plane.visible_shadow = False


def add_lights(azimuth: float) -> None:
    """Light the car: one softbox overhead, strips placed around the camera's own direction."""
    heading = math.radians(180 - azimuth)
    add_softbox((0, 0, 4.2), (7.5, 3.4), 500, aim=Vector((0, 0, 0)))

    def strip(turn: float, distance: float, height: float, size: tuple[float, float], power: float) -> None:
        angle = heading + math.radians(turn)
        add_softbox((distance * math.cos(angle), distance * math.sin(angle), height), size, power)

    if abs(math.sin(heading)) > 0.12 and abs(azimuth % 180 - 90) > 12:
        strip(math.degrees(math.pi - 2 * heading), 7.0, 1.75, (6.5, 1.5), 165)
    else:
        strip(0, 8.5, 3.0, (8, 1.6), 120)
    strip(58, 6.5, 2.6, (4.2, 1.1), 165)
    strip(-62, 6.8, 2.2, (3.4, 0.9), 110)
    strip(168, 6.5, 2.8, (5, 1.2), 165)


def aim_camera(view: View, box: Array, aspect: float) -> None:
    """Point the camera; choose lens and shift so that the points ``box`` (n, 3) fill ``view.fill`` of the width."""
    heading = math.radians(180 - view.azimuth)
    data = bpy.data.cameras.new("camera")
    camera = bpy.data.objects.new("camera", data)
    bpy.context.scene.collection.objects.link(camera)
    bpy.context.scene.camera = camera
    camera.location = (DISTANCE * math.cos(heading), DISTANCE * math.sin(heading), view.height)
    # Looking level keeps uprights upright; the shift brings the car into the frame.
    target = Vector((0, 0, view.height - 0.35))
    camera.rotation_euler = (target - camera.location).to_track_quat("-Z", "Y").to_euler()
    bpy.context.view_layer.update()
    inverse = np.array(camera.matrix_world.inverted())
    seen = np.c_[box, np.ones(len(box))] @ inverse.T
    flat = seen[:, :2] / -seen[:, 2:3]
    low, high = flat.min(0), flat.max(0)
    width = (high[0] - low[0]) / view.fill
    height = (high[1] - low[1]) / 0.66 * aspect
    width = max(width, height)
    if view.lens:
        width = SENSOR / view.lens
    data.sensor_width, data.lens = SENSOR, SENSOR / width
    middle = (low + high) / 2 if not view.lens else np.array([0.0, (low + high)[1] / 2])
    data.shift_x = float(middle[0] / width)
    data.shift_y = float(middle[1] / width + 0.012)


def on_picture(points: Array, aspect: float) -> Array:
    """Return where points show, as shares of the picture's width and height from its top left corner."""
    camera = bpy.context.scene.camera
    bpy.context.view_layer.update()
    seen = np.c_[points, np.ones(len(points))] @ np.array(camera.matrix_world.inverted()).T
    data = camera.data
    x = seen[:, 0] / -seen[:, 2] * data.lens / data.sensor_width - data.shift_x + 0.5
    y = (seen[:, 1] / -seen[:, 2] * data.lens / data.sensor_width - data.shift_y) * aspect + 0.5
    return np.stack([x, 1 - y], 1)
