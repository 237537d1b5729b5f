"""
One studio for all goods: a white stage that fades into its background, faded softboxes, one lens.

Goods are scaled so that all fill the frame alike, turned instead of the camera, and stand on the floor.
"""

import math
from collections.abc import Sequence
from pathlib import Path

import bpy
import numpy as np

from apps.studio.goods.piece import Goods, Piece
from apps.studio.goods.shapes import Array, Mesh, rotation
from apps.studio.goods.surfaces import Surfaces
from apps.studio.studio import add_softbox

BACKGROUND = (0.955, 0.96, 0.968)
LENS, SENSOR, DISTANCE = 85.0, 36.0, 10.0
FRAME_WIDTH = DISTANCE * SENSOR / LENS
ASPECT = 4 / 3
# The share of the frame's width and height that goods may take.
FILL_WIDTH, FILL_HEIGHT = 0.80, 0.76


class Stage:
    """The studio: built once, photographs one lot of pieces after the other."""

    def __init__(self, *, samples: int = 20, threads: int = 1) -> None:
        bpy.ops.wm.read_factory_settings(use_empty=True)
        self.scene = bpy.context.scene
        self._floor()
        self._world()
        self._lights()
        settle(self.scene, samples=samples, threads=threads)
        camera = bpy.data.cameras.new("camera")
        camera.lens, camera.sensor_width = LENS, SENSOR
        self.camera = bpy.data.objects.new("camera", camera)
        self.scene.collection.objects.link(self.camera)
        self.scene.camera = self.camera

    def photograph(self, lot: Goods, pieces: Sequence[Piece], target: Path, *, width: int = 800) -> None:
        """Render pieces, in millimeters, to a PNG of ``width`` by three quarters of it."""
        fitted = fit(pieces, azimuth=lot.azimuth, elevation=lot.elevation, fill=lot.fill)
        shift = self._aim(fitted, lot.elevation)
        self.camera.data.shift_x, self.camera.data.shift_y = shift
        surfaces = Surfaces(frame=FRAME_WIDTH)
        objects = [add_object(self.scene, piece, surfaces) for piece in fitted]
        self.scene.render.resolution_x, self.scene.render.resolution_y = width, round(width / ASPECT)
        self.scene.render.filepath = str(target)
        bpy.ops.render.render(write_still=True)
        for item in objects:
            mesh = item.data
            bpy.data.objects.remove(item)
            bpy.data.meshes.remove(mesh)
        for material in surfaces.made.values():
            bpy.data.materials.remove(material)

    def _aim(self, pieces: Sequence[Piece], elevation: float) -> tuple[float, float]:
        """Place the camera; return the lens shift that brings the goods to the middle of the picture."""
        angle = math.radians(elevation)
        self.camera.location = (0, -DISTANCE * math.cos(angle), DISTANCE * math.sin(angle))
        self.camera.rotation_euler = (math.pi / 2 - angle, 0, 0)
        low, high = _seen(np.vstack([piece.mesh.points for piece in pieces]), elevation)
        middle = (low + high) / 2
        # A little below the middle, where the eye expects weight.
        return middle[0] / FRAME_WIDTH, middle[1] / FRAME_WIDTH + 0.015

    def _floor(self) -> None:
        bpy.ops.mesh.primitive_circle_add(vertices=64, radius=300, fill_type="NGON")
        material = bpy.data.materials.new("floor")
        material.use_nodes = True
        nodes, links = material.node_tree.nodes, material.node_tree.links
        nodes.remove(nodes["Principled BSDF"])
        # Matt: a glossy floor costs as much again and shows little more.
        shader = nodes.new("ShaderNodeBsdfDiffuse")
        shader.inputs["Color"].default_value = (0.9, 0.903, 0.908, 1)
        glow = nodes.new("ShaderNodeEmission")
        glow.inputs[0].default_value = (*BACKGROUND, 1)
        place, length = nodes.new("ShaderNodeNewGeometry"), nodes.new("ShaderNodeVectorMath")
        length.operation = "LENGTH"
        fade, mix = nodes.new("ShaderNodeMapRange"), nodes.new("ShaderNodeMixShader")
        fade.interpolation_type = "SMOOTHERSTEP"
        fade.inputs["From Min"].default_value, fade.inputs["From Max"].default_value = 0.5, 2.9
        links.new(place.outputs["Position"], length.inputs[0])
        links.new(length.outputs["Value"], fade.inputs["Value"])
        links.new(fade.outputs["Result"], mix.inputs[0])
        links.new(shader.outputs[0], mix.inputs[1])
        links.new(glow.outputs[0], mix.inputs[2])
        links.new(mix.outputs[0], nodes["Material Output"].inputs[0])
        bpy.context.object.data.materials.append(material)

    def _world(self) -> None:
        world = bpy.data.worlds.new("studio")
        self.scene.world = world
        world.use_nodes = True
        nodes, links = world.node_tree.nodes, world.node_tree.links
        around, seen = nodes["Background"], nodes.new("ShaderNodeBackground")
        seen.inputs[0].default_value = (*BACKGROUND, 1)
        place, axes, ramp = (nodes.new(f"ShaderNode{kind}") for kind in ("TexCoord", "SeparateXYZ", "ValToRGB"))
        links.new(place.outputs["Generated"], axes.inputs[0])
        links.new(axes.outputs["Z"], ramp.inputs[0])
        stops = ramp.color_ramp.elements
        stops[0].position, stops[0].color = 0, (0.62, 0.62, 0.63, 1)
        stops[1].position, stops[1].color = 1, (0.5, 0.5, 0.52, 1)
        for position, value in ((0.08, 0.5), (0.25, 0.22), (0.5, 0.2), (0.7, 0.35)):
            stops.new(position).color = (value, value, value * 1.03, 1)
        links.new(ramp.outputs[0], around.inputs[0])
        path, mix = nodes.new("ShaderNodeLightPath"), nodes.new("ShaderNodeMixShader")
        links.new(path.outputs["Is Camera Ray"], mix.inputs[0])
        links.new(around.outputs[0], mix.inputs[1])
        links.new(seen.outputs[0], mix.inputs[2])
        links.new(mix.outputs[0], nodes["World Output"].inputs[0])

    def _lights(self) -> None:
        add_softbox((-1.0, -0.6, 6.5), (5.5, 4.0), 270)
        add_softbox((-6.0, -3.5, 3.2), (2.6, 4.4), 190)
        add_softbox((5.6, 2.2, 3.0), (1.8, 4.2), 205)
        add_softbox((3.2, -7.0, 2.6), (5.0, 3.0), 115)


def settle(scene, *, samples: int, threads: int) -> None:
    """Choose Cycles, its samples and its bounces."""
    scene.render.engine = "CYCLES"
    scene.view_settings.view_transform = "Khronos PBR Neutral"
    scene.render.image_settings.file_format = "PNG"
    scene.render.threads_mode, scene.render.threads = "FIXED", threads
    cycles = scene.cycles
    cycles.samples, cycles.use_denoising, cycles.denoiser = samples, True, "OPENIMAGEDENOISE"
    cycles.use_adaptive_sampling, cycles.adaptive_threshold, cycles.adaptive_min_samples = True, 0.05, 4
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 5, 1, 3
    cycles.transmission_bounces, cycles.transparent_max_bounces = 5, 8
    cycles.use_light_tree = False
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.sample_clamp_indirect = 4


def fit(pieces: Sequence[Piece], *, azimuth: float, elevation: float, fill: float) -> list[Piece]:
    """Turn pieces to the camera, stand them on the middle of the floor and scale them to fill the frame."""
    turned = [piece.change(lambda mesh: mesh.turn("z", azimuth)) for piece in pieces]
    points = np.vstack([piece.mesh.points for piece in turned])
    low, high = points.min(axis=0), points.max(axis=0)
    x, y = (low + high)[:2] / 2
    turned = [piece.change(lambda mesh: mesh.move(-x, -y, -low[2])) for piece in turned]
    points = points - [x, y, low[2]]
    scale = 1.0 / max(high - low)
    for _ in range(6):
        least, most = _seen(points * scale, elevation)
        size = (most - least) / FRAME_WIDTH
        scale *= fill * min(FILL_WIDTH / size[0], FILL_HEIGHT / ASPECT / size[1])
    return [piece.scale(scale) for piece in turned]


def _seen(points: Array, elevation: float) -> tuple[Array, Array]:
    """The corners of what the camera sees, at the distance of the origin."""
    view = points @ rotation("x", elevation).T
    depth = DISTANCE / (DISTANCE + view[:, 1])
    flat = view[:, [0, 2]] * depth[:, None]
    return flat.min(axis=0), flat.max(axis=0)


def add_object(scene, piece: Piece, surfaces: Surfaces):
    """Add a piece to a scene with its cuts, rounded edges and smooth shading."""
    item = _object(scene, piece.mesh, surfaces.make(piece.material))
    cutters = []
    for cut in piece.cut:
        cutter = _object(scene, cut, None)
        modifier = item.modifiers.new("cut", "BOOLEAN")
        modifier.operation, modifier.solver, modifier.object = "DIFFERENCE", "EXACT", cutter
        cutters.append(cutter)
    if piece.refine:
        item.modifiers.new("refine", "SUBSURF").render_levels = piece.refine
        item.modifiers["refine"].levels = piece.refine
    if piece.bevel:
        bevel = item.modifiers.new("bevel", "BEVEL")
        bevel.width, bevel.segments, bevel.limit_method = piece.bevel, 3, "ANGLE"
        bevel.angle_limit, bevel.harden_normals = math.radians(piece.soft), True
    if item.modifiers:
        _apply(item)
    for cutter in cutters:
        mesh = cutter.data
        bpy.data.objects.remove(cutter)
        bpy.data.meshes.remove(mesh)
    if not piece.bevel:
        item.data.polygons.foreach_set("use_smooth", np.ones(len(item.data.polygons), bool))
        item.data.set_sharp_from_angle(angle=math.radians(piece.soft))
    return item


def _apply(item) -> None:
    bpy.context.view_layer.update()
    graph = bpy.context.evaluated_depsgraph_get()
    shaped = bpy.data.meshes.new_from_object(item.evaluated_get(graph))
    plain, item.data = item.data, shaped
    item.modifiers.clear()
    bpy.data.meshes.remove(plain)


def _object(scene, mesh: Mesh, material):
    data = bpy.data.meshes.new("piece")
    data.from_pydata(mesh.points.tolist(), [], mesh.faces)
    data.validate()
    data.polygons.foreach_set("use_smooth", np.ones(len(data.polygons), bool))
    if mesh.uvs is not None:
        layer = data.uv_layers.new(name="drawing")
        corners = np.zeros(len(data.loops), np.int32)
        data.loops.foreach_get("vertex_index", corners)
        layer.data.foreach_set("uv", mesh.uvs[corners].ravel())
    if material:
        data.materials.append(material)
    item = bpy.data.objects.new("piece", data)
    scene.collection.objects.link(item)
    return item
