"""Shuoye, the double-cab pickup."""

from dataclasses import replace

from apps.studio.specs.spec import Bed, Crease, End, Lamp, Panel, Recess, Stroke
from apps.studio.specs.suvs import YUANSHAN

FRONT = End(
    recesses=(
        Recess(outline=((-0.1, 0.42), (0.62, 0.42), (0.72, 0.48), (0.68, 0.56), (-0.1, 0.56)), depth=0.06, insert="mesh", pitch=0.055, floor="cladding"),
        Recess(outline=((0.86, 0.47), (1.00, 0.47), (1.02, 0.60), (0.89, 0.61)), depth=0.05, round=0.02, floor="black"),
    ),
    panels=(
        Panel(outline=((-0.1, 0.70), (0.98, 0.70), (1.13, 0.76), (1.13, 0.965), (0.60, 0.985), (-0.1, 0.985)), round=0.025, raised=0.004),
        Panel(outline=((-0.1, 0.315), (0.52, 0.315), (0.60, 0.395), (-0.1, 0.395)), round=0.015, material="skid", raised=0.014),
    ),
    lamps=(
        Lamp(
            outline=((0.68, 0.725), (0.98, 0.725), (1.10, 0.77), (1.10, 0.945), (0.68, 0.955)),
            round=0.02,
            depth=0.04,
            strokes=(Stroke(((0.98, 0.745), (0.715, 0.745), (0.715, 0.935), (1.08, 0.930)), 0.016),),
            projectors=((0.82, 0.838, 0.052, 0.040), (0.955, 0.838, 0.052, 0.040)),
        ),
    ),
    strokes=(Stroke(((-0.1, 0.840), (0.64, 0.840)), 0.014), Stroke(((-0.1, 0.735), (0.62, 0.735)), 0.008, "chrome"), Stroke(((-0.1, 0.955), (0.62, 0.955)), 0.008, "chrome")),
    badge=0.84,
    badge_size=0.085,
)
REAR = End(
    recesses=(Recess(outline=((-0.1, 0.56), (0.27, 0.56), (0.30, 0.72), (-0.1, 0.72)), depth=0.03, soft=0.016, floor="cladding"),),
    lamps=(
        Lamp(
            outline=((0.80, 0.80), (0.96, 0.80), (1.03, 0.84), (1.03, 1.12), (0.80, 1.12)),
            round=0.015,
            strokes=(
                Stroke(((0.98, 0.825), (0.835, 0.825), (0.835, 1.095), (1.00, 1.095)), 0.014, "lamp_red"),
                Stroke(((0.90, 0.90), (0.90, 1.02)), 0.05, "red"),
            ),
            cover="smoked",
        ),
    ),
    panels=(Panel(outline=((-0.1, 0.86), (0.46, 0.86), (0.46, 0.98), (-0.1, 0.98)), round=0.02, material="paint", raised=-0.004),),
    badge=0.92,
    badge_size=0.05,
)
SHUOYE = replace(
    YUANSHAN,
    name="shuoye",
    body="pickup",
    length=5.42,
    width=1.98,
    height=1.865,
    wheelbase=3.26,
    front_axle=0.93,
    wheel_radius=0.412,
    clearance=0.235,
    top=((0, 1.00), (0.05, 1.04), (0.28, 1.10), (0.8, 1.15), (1.3, 1.185), (1.9, 1.195), (2.8, 1.195), (3.6, 1.195), (4.2, 1.20), (4.8, 1.21), (5.35, 1.215), (5.6, 1.21)),
    roof=(
        *((0.6, 0.85), (1.0, 1.07), (1.36, 1.32), (1.69, 1.57), (2.02, 1.785), (2.5, 1.865), (3.0, 1.872), (3.42, 1.85)),
        *((3.62, 1.77), (3.70, 1.45), (3.76, 1.1), (3.86, 0.7)),
    ),
    plan=((-0.1, 0.87), (0.2, 0.93), (0.6, 0.965), (1.1, 0.97), (1.8, 0.97), (2.6, 0.97), (3.4, 0.975), (4.2, 0.975), (4.8, 0.968), (5.2, 0.945), (5.5, 0.90)),
    section=((0.19, -0.08), (0.27, -0.045), (0.36, -0.024), (0.5, -0.008), (0.66, 0), (0.8, 0), (0.92, 0), (1.03, -0.006), (1.13, -0.018), (1.22, -0.04), (1.34, -0.09)),
    nose=((0.19, 0.20), (0.28, 0.08), (0.36, 0.02), (0.48, 0.0), (0.62, 0.004), (0.76, 0.014), (0.90, 0.022), (0.98, 0.035), (1.03, 0.065), (1.09, 0.13), (1.2, 0.3)),
    tail=((0.19, 0.26), (0.30, 0.12), (0.42, 0.03), (0.52, 0.0), (0.64, 0.0), (0.72, 0.025), (0.82, 0.04), (0.95, 0.035), (1.08, 0.02), (1.18, 0.01), (1.3, 0.03), (1.8, 0.1)),
    greenhouse=((0.5, 0.82), (1.2, 0.85), (1.8, 0.875), (2.6, 0.89), (3.4, 0.885), (4.1, 0.86), (5, 0.80)),
    glass=replace(
        YUANSHAN.glass,
        belt=((0.9, 1.205), (1.5, 1.195), (2.5, 1.205), (3.4, 1.225), (4.2, 1.235), (5.4, 1.235)),
        rear=3.52,
        slant=-0.08,
        pillars=(2.50,),
        front=1.06,
        header=1.98,
        back_from=3.60,
        back_to=3.76,
        bright=False,
        roof_panel=False,
    ),
    creases=(
        Crease(line=((-0.1, 0.94), (0.8, 1.02), (2, 1.035), (3, 1.04), (4, 1.045), (5.4, 1.05)), depth=0.020),
        Crease(line=((-0.1, 0.56), (1.2, 0.56), (2.6, 0.57), (4, 0.59), (5.4, 0.61)), depth=0.014, sharp=0.05, fade=0.26),
    ),
    doors=(1.46, 2.54, 3.60),
    front=FRONT,
    rear=REAR,
    arch_gap=0.055,
    arch_power=2.5,
    flare=0.016,
    haunch_z=0.86,
    haunch_front=0.016,
    haunch_rear=0.018,
    nose_corner=(0.06, 0.38),
    nose_power=6.5,
    tail_corner=(0.03, 0.10),
    crown=0.05,
    shoulder_round=0.06,
    rear_round=0.04,
    front_round=0.06,
    backlight_bow=0.06,
    tumblehome=(0.33, 0.12),
    greenhouse_tail=0.03,
    sill=0.47,
    cladding=0.062,
    bonnet=((0.0, 0.68), (0.3, 0.75), (0.7, 0.80), (1.2, 0.82), (1.7, 0.82), (2.1, 0.82)),
    bonnet_above=1.03,
    tailgate=(0.78, 0.74),
    rails=False,
    spoiler=None,
    bed=Bed(start=3.80, end=5.30, half_width=0.78, floor=0.82),
    tire_width=0.265,
    seat_rows=(2.36, 3.16),
    extras={"plate_z": 0.64, "mirror_height": 0.085, "rear_cladding": 0.16, "plate_lean": 0.0},
)
CARS = (SHUOYE,)
