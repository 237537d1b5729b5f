"""Yunzhou, the MPV: one box, a short bonnet, sliding doors."""

from dataclasses import replace

from apps.studio.specs.spec import Crease, End, Lamp, Panel, Recess, Stroke
from apps.studio.specs.yuanshan import YUANSHAN

FRONT = End(
    recesses=(
        Recess(
            outline=((-0.1, 0.33), (0.46, 0.33), (0.60, 0.42), (0.62, 0.62), (0.56, 0.76), (-0.1, 0.78)),
            depth=0.045,
            round=0.05,
            insert="bars",
            pitch=0.052,
            insert_material="chrome",
        ),
        Recess(
            outline=((-0.1, 0.215), (0.70, 0.215), (0.80, 0.265), (-0.1, 0.285)), depth=0.05, insert="slats", pitch=0.03
        ),
        Recess(outline=((0.98, 0.30), (1.06, 0.30), (1.09, 0.50), (1.02, 0.55)), depth=0.045, round=0.02),
    ),
    lamps=(
        Lamp(
            outline=((0.66, 0.795), (1.02, 0.800), (1.42, 0.885), (1.38, 0.915), (1.00, 0.868), (0.66, 0.845)),
            strokes=(Stroke(((0.68, 0.830), (1.00, 0.850), (1.37, 0.900)), 0.011),),
            projectors=((0.80, 0.817, 0.036, 0.011), (0.90, 0.822, 0.036, 0.011), (1.00, 0.829, 0.036, 0.011)),
        ),
        Lamp(
            outline=((0.92, 0.56), (0.96, 0.55), (1.05, 0.76), (1.02, 0.775)),
            round=0.010,
            depth=0.02,
            strokes=(Stroke(((0.945, 0.575), (1.027, 0.752)), 0.014),),
        ),
    ),
    strokes=(Stroke(((-0.1, 0.822), (0.63, 0.818)), 0.011, "chrome"),),
    badge=0.575,
    badge_size=0.085,
)
REAR = End(
    recesses=(
        Recess(outline=((-0.1, 0.68), (0.27, 0.68), (0.32, 0.85), (-0.1, 0.85)), depth=0.03, soft=0.016, floor="paint"),
        Recess(outline=((-0.1, 0.25), (0.60, 0.25), (0.70, 0.32), (-0.1, 0.33)), depth=0.04),
    ),
    panels=(Panel(outline=((-0.1, 0.985), (0.80, 0.985), (1.06, 0.99), (1.06, 1.085), (-0.1, 1.085)), round=0.02),),
    lamps=(
        Lamp(
            outline=((-0.1, 1.005), (0.80, 1.005), (1.04, 1.01), (1.04, 1.065), (-0.1, 1.065)),
            round=0.012,
            strokes=(
                Stroke(((-0.1, 1.036), (1.02, 1.040)), 0.012, "lamp_red"),
                *(
                    Stroke(((s, 1.016), (s + 0.03, 1.058)), 0.006, "red")
                    for s in (0.60, 0.66, 0.72, 0.78, 0.84, 0.90, 0.96)
                ),
            ),
            cover="smoked",
        ),
    ),
    strokes=(Stroke(((-0.1, 0.42), (0.80, 0.43), (1.05, 0.46)), 0.011, "chrome"),),
    badge=0.93,
    badge_size=0.055,
)
YUNZHOU = replace(
    YUANSHAN,
    name="yunzhou",
    body="mpv",
    length=5.235,
    width=1.99,
    height=1.79,
    wheelbase=3.12,
    front_axle=0.93,
    wheel_radius=0.382,
    clearance=0.15,
    top=(
        (0, 0.86),
        (0.05, 0.90),
        (0.20, 0.985),
        (0.5, 1.055),
        (0.9, 1.09),
        (1.6, 1.095),
        (2.6, 1.095),
        (3.8, 1.10),
        (4.6, 1.11),
        (5.0, 1.115),
        (5.24, 1.11),
        (5.4, 1.09),
    ),
    roof=(
        *(
            (-0.08, 0.66),
            (0.33, 0.88),
            (0.74, 1.12),
            (1.14, 1.36),
            (1.54, 1.585),
            (1.98, 1.74),
            (2.6, 1.80),
            (3.4, 1.81),
            (4.2, 1.80),
        ),
        *((4.74, 1.775), (4.98, 1.71), (5.10, 1.50), (5.19, 1.22), (5.28, 0.95)),
    ),
    plan=(
        (-0.1, 0.86),
        (0.2, 0.925),
        (0.6, 0.965),
        (1.1, 0.975),
        (1.9, 0.975),
        (2.9, 0.98),
        (3.7, 0.983),
        (4.4, 0.982),
        (4.8, 0.965),
        (5.1, 0.93),
        (5.4, 0.88),
    ),
    section=tuple((z - 0.045, w) for z, w in YUANSHAN.section),
    nose=(
        (0.12, 0.16),
        (0.20, 0.06),
        (0.27, 0.015),
        (0.38, 0.0),
        (0.50, 0.0),
        (0.64, 0.012),
        (0.76, 0.03),
        (0.84, 0.055),
        (0.90, 0.10),
        (0.97, 0.18),
        (1.1, 0.36),
    ),
    tail=(
        *(
            (0.12, 0.22),
            (0.21, 0.10),
            (0.30, 0.03),
            (0.42, 0.0),
            (0.56, 0.0),
            (0.68, 0.015),
            (0.80, 0.03),
            (0.94, 0.025),
        ),
        *((1.04, 0.012), (1.12, 0.01), (1.22, 0.02), (1.4, 0.03), (1.8, 0.08)),
    ),
    greenhouse=(
        (0.3, 0.80),
        (1.0, 0.85),
        (1.8, 0.885),
        (2.8, 0.90),
        (3.8, 0.90),
        (4.5, 0.888),
        (5.0, 0.85),
        (5.4, 0.79),
    ),
    glass=replace(
        YUANSHAN.glass,
        belt=((0.5, 1.06), (1.1, 1.07), (2.2, 1.085), (3.3, 1.09), (4.4, 1.10), (5.2, 1.11)),
        rear=4.93,
        slant=0.10,
        pillars=(1.30, 2.52, 3.92),
        front=0.55,
        header=1.78,
        back_from=4.97,
        back_to=5.32,
        privacy_from=2.52,
    ),
    creases=(
        Crease(line=((-0.1, 0.80), (0.8, 0.905), (2, 0.955), (3, 0.965), (4.2, 0.97), (5.3, 0.975)), depth=0.020),
        Crease(
            line=((-0.1, 0.36), (1.2, 0.36), (2.4, 0.37), (3.8, 0.385), (5.3, 0.42)), depth=0.014, sharp=0.05, fade=0.30
        ),
    ),
    doors=(1.36, 2.56, 3.86),
    front=FRONT,
    rear=REAR,
    arch_power=2.0,
    haunch_z=0.72,
    haunch_front=0.010,
    haunch_rear=0.008,
    nose_corner=(0.10, 0.42),
    nose_power=5.5,
    tail_corner=(0.05, 0.14),
    tumblehome=(0.26, 0.14),
    windshield_bow=0.50,
    front_round=0.07,
    sill=0.28,
    cladding=0.0,
    bonnet=((0.0, 0.60), (0.3, 0.70), (0.6, 0.76), (0.9, 0.80), (1.3, 0.82), (2.0, 0.82)),
    bonnet_front=0.16,
    bonnet_above=0.905,
    tailgate=(0.76, 0.60),
    rails=False,
    sliding_door=True,
    spoiler=(4.82, 5.03),
    tire_width=0.245,
    seat_rows=(2.10, 3.10, 4.12),
    extras={
        "plate_z": 0.765,
        "mirror_height": 0.078,
        "mirror_back": 0.84,
        "rail_end": 4.60,
        "rear_cladding": 0.06,
        "plate_lean": 0.05,
        "track_z": 1.035,
    },
)
