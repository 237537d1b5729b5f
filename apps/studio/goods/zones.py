"""What a cabin is made of, and which of it is colored afterwards."""

from apps.studio.goods.materials import Material

FACE = Material("#9a9894", roughness=0.5, grain="leather", size=9, depth=0.16)
BOLSTER = Material("#9a9896", roughness=0.5, grain="leather", size=9, depth=0.16)
SURROUND = Material("#565656", roughness=0.55, grain="leather", size=7, depth=0.12)
LINER = Material("#b4b2ae", roughness=0.95, grain="felt", size=4, depth=0.2)
# What a mask shows each zone in: the surround in white, the rest in one channel each.
ZONES = {FACE: (1, 0, 0), BOLSTER: (0, 1, 0), LINER: (0, 0, 1), SURROUND: (1, 1, 1)}
CARPET = Material("#202124", roughness=1, grain="felt", size=5, depth=0.5)
METAL = Material("#b9bcc0", metallic=1, roughness=0.3, grain="brushed", size=6, depth=0.06)
AMBIENT = Material("#5d86ff", roughness=0.3, glow=1.3)
HALF_WIDTH = 745.0
