"""Bring a model into Blender: meshes with their own normals, and materials. Needs Blender's module."""

from typing import Any

import bpy
import numpy as np

from apps.studio.materials import MATERIALS, PAINT_CHANNELS, TINTS, Color, Material
from apps.studio.mesh import Mesh
from apps.studio.model import Model, place_wheels

Array = Any
# Insides of the shell are dark trim, so that thin sheets do not shine through the glass.
SHEETS = {"paint", "gloss", "lamp_white", "lamp_red", "red"}


def make_material(name: str, made_of: Material) -> Any:
    """Return a Cycles material."""
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    nodes, links = material.node_tree.nodes, material.node_tree.links
    if made_of.tint:
        _make_pane(nodes, links, made_of)
        return material
    surface = nodes["Principled BSDF"]
    values = {
        "Base Color": (made_of.gray, made_of.gray, made_of.gray, 1),
        "Metallic": made_of.metal,
        "Roughness": made_of.rough,
        "Coat Weight": made_of.coat,
        "Coat Roughness": 0.02,
        "Specular IOR Level": made_of.specular,
        "Emission Color": (1, 1, 1, 1),
        "Emission Strength": made_of.glow,
    }
    for key, value in values.items():
        surface.inputs[key].default_value = value
    if name in SHEETS:
        inside, back, mix = (
            nodes.new("ShaderNodeBsdfDiffuse"),
            nodes.new("ShaderNodeNewGeometry"),
            nodes.new("ShaderNodeMixShader"),
        )
        inside.inputs[0].default_value = (0.03, 0.03, 0.03, 1)
        links.new(back.outputs["Backfacing"], mix.inputs[0])
        links.new(surface.outputs[0], mix.inputs[1])
        links.new(inside.outputs[0], mix.inputs[2])
        links.new(mix.outputs[0], nodes["Material Output"].inputs[0])
    return material


def _make_pane(nodes: Any, links: Any, made_of: Material) -> None:
    nodes.clear()
    out, through, gloss, edge, mix = (
        nodes.new(f"ShaderNode{kind}")
        for kind in ("OutputMaterial", "BsdfTransparent", "BsdfGlossy", "Fresnel", "MixShader")
    )
    through.inputs[0].default_value = (made_of.tint, made_of.tint, made_of.tint, 1)
    gloss.inputs["Roughness"].default_value = 0.0
    edge.inputs[0].default_value = 1.5
    links.new(edge.outputs[0], mix.inputs[0])
    links.new(through.outputs[0], mix.inputs[1])
    links.new(gloss.outputs[0], mix.inputs[2])
    links.new(mix.outputs[0], out.inputs[0])


def give_flop(material: Any, color: Color) -> None:
    """
    Give the paint a base color, darker where one looks along the sheet (a metallic's flop).

    Both ends of the flop are proportional to the color, so the picture stays linear in it.
    """
    nodes, links = material.node_tree.nodes, material.node_tree.links
    facing, mix = nodes.new("ShaderNodeLayerWeight"), nodes.new("ShaderNodeMix")
    mix.data_type = "RGBA"
    facing.inputs["Blend"].default_value = 0.35
    mix.inputs["A"].default_value = (*color, 1)
    mix.inputs["B"].default_value = (*(channel * 0.52 for channel in color), 1)
    links.new(facing.outputs["Facing"], mix.inputs["Factor"])
    links.new(mix.outputs["Result"], nodes["Principled BSDF"].inputs["Base Color"])


def show_masks() -> None:
    """Replace every surface by plain emission, black or a channel per tint; panes become clear."""
    for material in bpy.data.materials:
        nodes, links = material.node_tree.nodes, material.node_tree.links
        out = next(node for node in nodes if node.type == "OUTPUT_MATERIAL")
        kept = material.name.split(".")[0]
        if kept in MATERIALS and MATERIALS[kept].tint:
            shade = nodes.new("ShaderNodeBsdfTransparent")
        else:
            shade = nodes.new("ShaderNodeEmission")
            shade.inputs[0].default_value = (*(float(kept in group) for group in TINTS), 0.0, 1)
        links.new(shade.outputs[0], out.inputs["Surface"])


def make_object(name: str, mesh: Mesh, material: str) -> Any:
    """Return a linked object of a mesh."""
    data = bpy.data.meshes.new(name)
    faces = np.asarray(mesh.faces, np.int32)
    data.vertices.add(len(mesh.points))
    data.vertices.foreach_set("co", np.asarray(mesh.points, np.float32).ravel())
    data.loops.add(faces.size)
    data.loops.foreach_set("vertex_index", faces.ravel())
    data.polygons.add(len(faces))
    data.polygons.foreach_set("loop_start", np.arange(0, faces.size, 3, dtype=np.int32))
    data.update(calc_edges=True)
    data.polygons.foreach_set("use_smooth", np.ones(len(faces), bool))
    length = np.linalg.norm(mesh.normals, axis=1)
    sound = np.isfinite(length) & (length > 0.5)
    data.normals_split_custom_set_from_vertices(np.where(sound[:, None], mesh.normals, (0.0, 0.0, 1.0)).tolist())
    data.materials.append(bpy.data.materials[material])
    thing = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(thing)
    return thing


def load_model(model: Model) -> None:
    """Set a model on the floor, its middle at the origin, its nose towards -x."""
    shift = (-model.car.length / 2, 0.0, 0.0)
    for name in MATERIALS:
        make_material(name, MATERIALS[name])
    give_flop(bpy.data.materials["paint"], PAINT_CHANNELS)
    for material, mesh in model.half.items():
        left = make_object(material, mesh.moved(shift), material)
        right = bpy.data.objects.new(f"{material}.right", left.data)
        right.scale = (1, -1, 1)
        bpy.context.scene.collection.objects.link(right)
    for material, mesh in model.single.items():
        make_object(material, mesh.moved(shift), material)


def set_wheels(model: Model, option: str) -> None:
    """Put one of the wheel designs on, in place of any other."""
    for old in [thing for thing in bpy.data.objects if thing.name.startswith("wheel:")]:
        bpy.data.objects.remove(old)
    wheel, places = place_wheels(model.car, option)
    meshes = {material: make_object(f"wheel:{material}", mesh, material) for material, mesh in wheel.items()}
    for index, (x, y, z) in enumerate(places):
        for material, first in meshes.items():
            thing = first if index == 0 else bpy.data.objects.new(f"wheel:{index}:{material}", first.data)
            thing.location = (x - model.car.length / 2, y, z)
            thing.scale = (1, 1 if y > 0 else -1, 1)
            thing.rotation_euler = (0, 0.35 + 0.9 * index, 0)
            if index:
                bpy.context.scene.collection.objects.link(thing)
