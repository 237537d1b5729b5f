"""Materials as Cycles sees them."""

import bpy

from apps.studio.goods import drawings
from apps.studio.goods.materials import Material
from apps.studio.paints import linear


class Surfaces:
    """Makes each material once a picture; ``frame`` is the picture's width in scene units."""

    def __init__(self, *, frame: float) -> None:
        self.frame = frame
        self.made: dict[Material, bpy.types.Material] = {}

    def make(self, material: Material) -> bpy.types.Material:
        if material not in self.made:
            self.made[material] = self._build(material)
        return self.made[material]

    def _build(self, spec: Material) -> bpy.types.Material:
        made = bpy.data.materials.new(spec.color)
        made.use_nodes = True
        nodes, links = made.node_tree.nodes, made.node_tree.links
        shader = nodes["Principled BSDF"]
        settings = {
            "Base Color": (*linear(spec.color), 1),
            "Metallic": spec.metallic,
            "Roughness": spec.roughness,
            "Coat Weight": spec.coat,
            "Coat Roughness": 0.03,
            "Transmission Weight": spec.clear,
            "IOR": 1.33 if spec.clear >= 1 else 1.45,
        }
        for name, value in settings.items():
            shader.inputs[name].default_value = value
        if spec.glow:
            shader.inputs["Emission Color"].default_value = (*linear(spec.color), 1)
            shader.inputs["Emission Strength"].default_value = spec.glow
        if spec.drawing:
            self._lay_on(spec, nodes, links, shader)
        if spec.grain:
            GRAINS[spec.grain](spec, nodes, links, shader, self.frame * spec.size / 1000)
        return made

    def _lay_on(self, spec, nodes, links, shader) -> None:
        image = nodes.new("ShaderNodeTexImage")
        image.image = bpy.data.images.load(str(drawings.draw(spec.drawing)), check_existing=True)
        image.extension = "EXTEND"
        links.new(image.outputs["Color"], shader.inputs["Base Color"])
        links.new(image.outputs["Alpha"], shader.inputs["Alpha"])
        if spec.glow:
            links.new(image.outputs["Color"], shader.inputs["Emission Color"])


def _bump(spec, nodes, links, shader, height, distance: float) -> None:
    bump = nodes.new("ShaderNodeBump")
    bump.inputs["Strength"].default_value = min(1.0, spec.depth * 2)
    bump.inputs["Distance"].default_value = distance
    links.new(height, bump.inputs["Height"])
    links.new(bump.outputs[0], shader.inputs["Normal"])


def _place(nodes, links, scale) -> object:
    place, mapping = nodes.new("ShaderNodeTexCoord"), nodes.new("ShaderNodeMapping")
    mapping.inputs["Scale"].default_value = scale
    links.new(place.outputs["Object"], mapping.inputs[0])
    return mapping.outputs[0]


def _noise(spec, nodes, links, shader, size, *, detail: float = 2, stretch: float = 1) -> None:
    noise = nodes.new("ShaderNodeTexNoise")
    noise.inputs["Scale"].default_value = 1
    noise.inputs["Detail"].default_value = detail
    links.new(_place(nodes, links, (1 / size, 1 / size, stretch / size)), noise.inputs["Vector"])
    _bump(spec, nodes, links, shader, noise.outputs["Fac"], size * 0.5)


def _cast(spec, nodes, links, shader, size) -> None:
    _noise(spec, nodes, links, shader, size, detail=4)


def _brushed(spec, nodes, links, shader, size) -> None:
    _noise(spec, nodes, links, shader, size, stretch=14)


def _felt(spec, nodes, links, shader, size) -> None:
    _noise(spec, nodes, links, shader, size, detail=6)


def _leather(spec, nodes, links, shader, size) -> None:
    cells = nodes.new("ShaderNodeTexVoronoi")
    cells.feature = "SMOOTH_F1"
    cells.inputs["Scale"].default_value = 1
    links.new(_place(nodes, links, (1 / size,) * 3), cells.inputs["Vector"])
    _bump(spec, nodes, links, shader, cells.outputs["Distance"], size * 0.25)


def _waves(nodes, links, size, axis: str):
    wave = nodes.new("ShaderNodeTexWave")
    wave.bands_direction = axis
    wave.inputs["Scale"].default_value = 1
    # A wave texture's band is 2π/20 units long.
    links.new(_place(nodes, links, (0.314 / size,) * 3), wave.inputs["Vector"])
    return wave.outputs["Fac"]


def _weave(spec, nodes, links, shader, size) -> None:
    total = None
    for axis in "XYZ":
        value = _waves(nodes, links, size, axis)
        if total is not None:
            add = nodes.new("ShaderNodeMath")
            links.new(total, add.inputs[0])
            links.new(value, add.inputs[1])
            value = add.outputs[0]
        total = value
    _bump(spec, nodes, links, shader, total, size * 0.3)


def _fins(spec, nodes, links, shader, size) -> None:
    _bump(spec, nodes, links, shader, _waves(nodes, links, size, "X"), size)


def _carbon(spec, nodes, links, shader, size) -> None:
    checker = nodes.new("ShaderNodeTexChecker")
    checker.inputs["Scale"].default_value = 1
    checker.inputs["Color1"].default_value = (0.006, 0.006, 0.007, 1)
    checker.inputs["Color2"].default_value = (0.055, 0.057, 0.062, 1)
    links.new(_place(nodes, links, (1 / size,) * 3), checker.inputs["Vector"])
    links.new(checker.outputs["Color"], shader.inputs["Base Color"])


GRAINS = {
    "brushed": _brushed,
    "carbon": _carbon,
    "cast": _cast,
    "felt": _felt,
    "fine": _cast,
    "fins": _fins,
    "leather": _leather,
    "weave": _weave,
}
