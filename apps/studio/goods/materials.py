"""What goods are made of: color (sRGB), shine and grain."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Material:
    """
    A surface.

    ``grain`` names its relief (a key of ``GRAINS`` in ``surfaces.py``),
    ``size`` its length in thousandths of the picture's width, ``depth`` its strength; ``drawing`` names a drawing of
    ``drawings.py`` laid on by its uvs; ``glow`` is how much it shines by itself.
    """

    color: str
    metallic: float = 0
    roughness: float = 0.5
    coat: float = 0
    clear: float = 0
    glow: float = 0
    grain: str = ""
    size: float = 8
    depth: float = 0.2
    drawing: str = ""

    def tinted(self, color: str) -> "Material":
        return replace(self, color=color)


STEEL = Material("#b9bcc0", metallic=1, roughness=0.28)
TURNED_STEEL = Material("#b4b7bb", metallic=1, roughness=0.32, grain="brushed", size=6, depth=0.12)
CHROME = Material("#dfe1e4", metallic=1, roughness=0.07)
ALUMINUM = Material("#c3c6ca", metallic=1, roughness=0.36)
CAST_ALUMINUM = Material("#a9acb0", metallic=1, roughness=0.52, grain="cast", size=7, depth=0.12)
ANODIZED = Material("#2a2c30", metallic=0.9, roughness=0.38)
CAST_IRON = Material("#636568", metallic=0.85, roughness=0.62, grain="cast", size=6, depth=0.3)
BLACK_STEEL = Material("#34363a", metallic=0.4, roughness=0.45)
ZINC = Material("#cfcdbf", metallic=1, roughness=0.38)
BRASS = Material("#c9a45a", metallic=1, roughness=0.3)
COPPER = Material("#b87450", metallic=1, roughness=0.3)
CERAMIC = Material("#f1efe9", roughness=0.18, coat=0.6)
RUBBER = Material("#37373a", roughness=0.68, grain="fine", size=4, depth=0.08)
ABS = Material("#3a3c41", roughness=0.46, grain="fine", size=3.5, depth=0.06)
GLOSS_BLACK = Material("#101113", roughness=0.09, coat=0.6)
WHITE_PLASTIC = Material("#eceded", roughness=0.34)
MILK = Material("#e9e7de", roughness=0.38, clear=0.25)
GLASS = Material("#e6edf2", roughness=0.02, clear=1)
DARK_GLASS = Material("#0b0c0e", roughness=0.03, coat=1)
FABRIC = Material("#3a3d42", roughness=0.9, grain="weave", size=7, depth=0.35)
FELT = Material("#2c2e31", roughness=1, grain="felt", size=6, depth=0.6)
LEATHER = Material("#26262a", roughness=0.5, grain="leather", size=9, depth=0.22)
PAPER = Material("#e4d9bd", roughness=0.85, grain="fine", size=3, depth=0.06)
FOAM = Material("#2b2c2f", roughness=0.95, grain="felt", size=4, depth=0.5)
CARBON = Material("#17181a", roughness=0.28, coat=1, grain="carbon", size=7)
PAINT = Material("#1746d1", roughness=0.32, coat=1)
BRAND_BLUE = "#1746d1"
SIGNAL_RED = "#c32a1e"
SIGNAL_ORANGE = "#ef6a12"


def plastic(color: str, roughness: float = 0.36) -> Material:
    return Material(color, roughness=roughness)


def lacquer(color: str) -> Material:
    return Material(color, roughness=0.3, coat=1)


def drawing(name: str, roughness: float = 0.35, glow: float = 0) -> Material:
    """The material of a printed face or, with a glow, of a screen."""
    return Material("#ffffff", roughness=roughness, glow=glow, drawing=name)
