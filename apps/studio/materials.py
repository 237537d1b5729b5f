"""Every material of a car: what Cycles and glTF are told about it. Colors are linear RGB."""

from dataclasses import dataclass

Color = tuple[float, float, float]


@dataclass(frozen=True)
class Material:
    """
    A principled surface, without color: the studio is gray, see README.

    ``glow`` is its emission, ``tint`` makes it a thin pane that lets this share of the light through.
    """

    gray: float
    metal: float = 0.0
    rough: float = 0.4
    coat: float = 0.0
    specular: float = 0.5
    glow: float = 0.0
    tint: float = 0.0


# Materials that are colored, by the channel of the mask that finds them, and the tint they get when the picture is
# developed (README).
TINTS: tuple[tuple[str, ...], ...] = (("lamp_red", "red"), ("seat",))
TINT_COLORS: tuple[Color, ...] = ((1.0, 0.030, 0.022), (1.0, 0.88, 0.73))
# The studio's light is a little cool.
LIGHT_COLOR: Color = (0.985, 1.0, 1.018)

# The paint's base color comes from the option; this is what all paints share (see README, "One render, every paint").
# Red sees it black, blue sees it white; green, halfway, proves that the picture is linear in it.
PAINT_CHANNELS: Color = (0.0, 0.5, 1.0)
PAINT = Material(1.0, metal=0.42, rough=0.34, coat=1.0)
MATERIALS: dict[str, Material] = {
    "paint": PAINT,
    "glass": Material(0.009, rough=0.02, tint=0.70),
    "privacy": Material(0.006, rough=0.02, tint=0.34),
    "lens": Material(0.02, rough=0.02, tint=0.94),
    "smoked": Material(0.005, rough=0.02, tint=0.52),
    "black": Material(0.008, rough=0.85, specular=0.2),
    "gap": Material(0.004, rough=0.9, specular=0.0),
    "gloss": Material(0.007, rough=0.08, coat=0.5),
    "trim": Material(0.010, rough=0.22),
    "chrome": Material(0.63, metal=1.0, rough=0.14),
    "rail": Material(0.35, metal=1.0, rough=0.30),
    "lower": Material(0.016, rough=0.42, specular=0.4),
    "cladding": Material(0.020, rough=0.50, specular=0.35),
    "skid": Material(0.31, metal=0.9, rough=0.38),
    "lamp_floor": Material(0.012, metal=0.3, rough=0.28),
    "lamp_wall": Material(0.010, rough=0.25),
    "lamp_white": Material(0.9, rough=0.3, glow=7.0),
    "lamp_red": Material(0.5, rough=0.25, glow=4.0),
    "red": Material(0.20, rough=0.10, glow=0.12),
    "reflector": Material(0.56, metal=1.0, rough=0.16),
    "projector": Material(0.115, metal=0.6, rough=0.06, coat=1.0, glow=0.35),
    "mirror": Material(0.57, metal=1.0, rough=0.03),
    "plate": Material(0.64, rough=0.4),
    "seat": Material(0.30, rough=0.55, specular=0.3),
    "cabin": Material(0.029, rough=0.6, specular=0.3),
    "headliner": Material(0.45, rough=0.9, specular=0.1, glow=0.55),
    "screen": Material(0.012, rough=0.1, glow=0.05),
    "tire": Material(0.021, rough=0.58, specular=0.35),
    "wheel_dark": Material(0.018, metal=0.7, rough=0.38),
    "rim_bright": Material(0.59, metal=1.0, rough=0.22),
    "rim_painted": Material(0.036, metal=0.6, rough=0.28, coat=0.4),
    "disc": Material(0.34, metal=1.0, rough=0.30),
    "caliper": Material(0.06, rough=0.3, coat=0.5),
}
