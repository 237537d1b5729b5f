"""Printed faces: labels, screens and scales, drawn with Pillow and cached in the system's temporary directory."""

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONTS = Path("/usr/share/fonts/opentype/noto")
BLUE, INK, WHITE, GRAY = "#1746d1", "#14171c", "#ffffff", "#8b93a0"
NAME_ZH, NAME_EN = "星驰", "XINGCHI"

DRAWINGS: dict[str, Callable[[], Image.Image]] = {}


def drawn(name: str) -> Callable:
    def register(make: Callable[[], Image.Image]) -> Callable[[], Image.Image]:
        DRAWINGS[name] = make
        return make

    return register


@cache
def draw(name: str) -> Path:
    """The PNG of a drawing; ``kind:words:…`` draws a label of that kind."""
    kind, *words = name.split(":")
    image = DRAWINGS[kind](*words)
    target = Path(tempfile.gettempdir()) / "studio-drawings" / f"{abs(hash(name))}.png"
    target.parent.mkdir(exist_ok=True)
    image.save(target)
    return target


@cache
def font(size: int, weight: str = "Bold") -> ImageFont.FreeTypeFont:
    # The third face of the collection is Simplified Chinese.
    return ImageFont.truetype(str(FONTS / f"NotoSansCJK-{weight}.ttc"), size, index=2)


def mark(image: Image.Image, x: float, y: float, size: float, color: str = WHITE) -> None:
    """The brand's four-pointed star around a point."""
    star = [(0, -14), (3.2, -4.6), (13, 0), (3.2, 4.6), (0, 14), (-3.2, 4.6), (-13, 0), (-3.2, -4.6)]
    ImageDraw.Draw(image).polygon([(x + px * size / 28, y + py * size / 28) for px, py in star], fill=color)


def text(
    image: Image.Image, x: float, y: float, words: str, size: int, color: str = WHITE, weight: str = "Bold"
) -> None:
    ImageDraw.Draw(image).text((x, y), words, font=font(size, weight), fill=color, anchor="mm")


@drawn("plate")
def plate(title: str, subtitle: str = "", ground: str = BLUE, ink: str = WHITE, shape: str = "wide") -> Image.Image:
    """A product's label: the brand's mark and name above, what it is below."""
    width, height = {"wide": (1000, 500), "tall": (700, 900), "strip": (1400, 320), "square": (800, 800)}[shape]
    image = Image.new("RGBA", (width, height), ground)
    canvas = ImageDraw.Draw(image)
    if shape == "strip":
        mark(image, 150, height / 2, 150, ink)
        text(image, 420, height / 2 - 10, NAME_ZH, 150, ink)
        text(image, 980, height / 2 - 50, title, 96, ink)
        text(image, 980, height / 2 + 70, subtitle, 60, ink, "Regular")
        return image
    middle = width / 2
    mark(image, middle, height * 0.2, height * 0.22, ink)
    text(image, middle, height * 0.42, NAME_ZH, int(height * 0.13), ink)
    canvas.line([(width * 0.2, height * 0.54), (width * 0.8, height * 0.54)], fill=ink, width=4)
    text(image, middle, height * 0.67, title, int(min(height * 0.14, width * 0.9 / max(len(title), 1) * 1.3)), ink)
    text(image, middle, height * 0.83, subtitle, int(height * 0.075), ink, "Regular")
    return image


@drawn("star")
def star(color: str = WHITE) -> Image.Image:
    image = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    mark(image, 200, 200, 380, color)
    return image


def fitting(line: str, largest: float) -> int:
    """The size at which a line fits 950 pixels."""
    return int(min(largest, 950 / max(1, sum(1 if ord(c) > 255 else 0.62 for c in line))))


@drawn("words")
def words(line: str, color: str = WHITE, second: str = "") -> Image.Image:
    """Letters alone, without a ground."""
    image = Image.new("RGBA", (1000, 300 if not second else 500), (0, 0, 0, 0))
    size = fitting(line, 200)
    text(image, 500, 150, line, size, color)
    if second:
        text(image, 500, 370, second, fitting(second, size * 0.7), color, "Regular")
    return image


@drawn("phone")
def phone(charge: str) -> Image.Image:
    """A phone that charges."""
    image = Image.new("RGBA", (680, 960), "#0e1420")
    canvas = ImageDraw.Draw(image)
    canvas.ellipse((140, 230, 540, 630), outline="#2d3c5a", width=26)
    canvas.arc((140, 230, 540, 630), -90, 205, fill="#5d8dff", width=26)
    text(image, 340, 420, charge, 110)
    text(image, 340, 740, "无线充电中", 64, "#aeb9cf", "Regular")
    return image


@drawn("jug")
def jug(title: str, subtitle: str) -> Image.Image:
    """A bottle's label: a pale field with a blue sash."""
    image = Image.new("RGBA", (760, 1000), "#f4f6f9")
    canvas = ImageDraw.Draw(image)
    canvas.polygon([(0, 0), (760, 0), (760, 260), (0, 380)], fill=BLUE)
    canvas.polygon([(0, 380), (760, 260), (760, 290), (0, 410)], fill="#f2a51d")
    mark(image, 170, 150, 170)
    text(image, 430, 130, NAME_ZH, 130)
    text(image, 380, 560, title, int(min(150, 700 / len(title))), INK)
    text(image, 380, 710, subtitle, 84, INK, "Regular")
    text(image, 380, 890, NAME_EN, 64, GRAY)
    return image


@drawn("gauge")
def gauge(_unused: str = "") -> Image.Image:
    """A pressure gauge with its needle in the green."""
    image = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    canvas = ImageDraw.Draw(image)
    canvas.ellipse((4, 4, 296, 296), fill="#f6f7f8")
    for start, color in ((150, "#c8201f"), (230, "#2f9a4a"), (310, "#e9a21d")):
        canvas.arc((40, 40, 260, 260), start, start + 80, fill=color, width=44)
    canvas.line((150, 150, 160, 60), fill=INK, width=12)
    canvas.ellipse((132, 132, 168, 168), fill=INK)
    return image


@drawn("map")
def map_(_unused: str = "") -> Image.Image:
    """A navigation screen in portrait."""
    image = Image.new("RGBA", (700, 1500), "#dfe7ea")
    canvas = ImageDraw.Draw(image)
    canvas.polygon([(0, 900), (700, 700), (700, 1010), (0, 1180)], fill="#b9d8ef")
    for line in ([(0, 300), (700, 180)], [(120, 0), (220, 1500)], [(560, 0), (480, 1500)], [(0, 640), (700, 560)]):
        canvas.line(line, fill="#ffffff", width=46)
    canvas.line([(240, 1500), (190, 900), (200, 620), (520, 580), (540, 260)], fill="#2f6bff", width=34, joint="curve")
    canvas.polygon([(190, 870), (150, 960), (195, 940), (240, 960)], fill=BLUE)
    canvas.rounded_rectangle((30, 60, 670, 250), 36, fill="#14335f")
    text(image, 350, 120, "前方 300 米右转", 66)
    text(image, 350, 200, "星驰大道", 48, "#b9cdf2", "Regular")
    return image


@drawn("cluster")
def cluster(_unused: str = "") -> Image.Image:
    """The center screen: navigation left, music and climate right."""
    image = Image.new("RGBA", (1600, 950), "#0f1522")
    canvas = ImageDraw.Draw(image)
    canvas.rounded_rectangle((30, 30, 980, 810), 40, fill="#1a2740")
    for line in ([(30, 300), (980, 180)], [(250, 30), (360, 810)], [(760, 30), (680, 810)], [(30, 620), (980, 520)]):
        canvas.line(line, fill="#2d4066", width=34)
    canvas.line([(350, 805), (310, 600), (700, 545), (730, 210), (980, 180)], fill="#4d86ff", width=26, joint="curve")
    canvas.ellipse((285, 575, 340, 630), fill=WHITE)
    canvas.rounded_rectangle((70, 70, 520, 190), 28, fill=BLUE)
    text(image, 295, 130, "2.4 km  右转", 56)
    canvas.rounded_rectangle((1010, 30, 1570, 400), 40, fill="#1d2433")
    canvas.rounded_rectangle((1050, 80, 1240, 270), 24, fill="#c96a4a")
    text(image, 1410, 130, "星河漫游", 52)
    text(image, 1410, 210, "夜行电台", 38, "#9fb0cc", "Regular")
    canvas.line([(1050, 340), (1530, 340)], fill="#3a465e", width=10)
    canvas.line([(1050, 340), (1290, 340)], fill="#4d86ff", width=10)
    canvas.rounded_rectangle((1010, 430, 1570, 810), 40, fill="#1d2433")
    text(image, 1290, 530, "续航 568 km", 72)
    canvas.rounded_rectangle((1060, 610, 1520, 660), 25, fill="#2b364c")
    canvas.rounded_rectangle((1060, 610, 1420, 660), 25, fill="#3fcf8e")
    text(image, 1290, 740, "电量 82%", 46, "#9fb0cc", "Regular")
    for k, word in enumerate(("车辆", "导航", "24.5°", "音乐", "应用")):
        text(image, 200 + 300 * k, 880, word, 50, WHITE if k == 2 else "#9fb0cc")
    return image


@drawn("card")
def card(capacity: str) -> Image.Image:
    """A memory card's print."""
    image = Image.new("RGBA", (600, 820), "#1d1f24")
    canvas = ImageDraw.Draw(image)
    canvas.rectangle((0, 0, 600, 240), fill=BLUE)
    mark(image, 110, 120, 120)
    text(image, 370, 120, NAME_EN, 74)
    text(image, 300, 410, capacity, 230)
    text(image, 300, 580, "GB  高耐久", 74, "#c8cdd6", "Regular")
    text(image, 300, 730, "U3  V30  A2", 64, "#8b93a0", "Regular")
    return image


@drawn("driver")
def driver(_unused: str = "") -> Image.Image:
    """The screen behind the steering wheel: speed, gear, range."""
    image = Image.new("RGBA", (1400, 500), "#0b0f18")
    canvas = ImageDraw.Draw(image)
    text(image, 700, 210, "68", 230)
    text(image, 700, 380, "km/h", 64, "#9fb0cc", "Regular")
    for k, gear_ in enumerate("PRND"):
        text(image, 160 + 80 * k, 120, gear_, 72, WHITE if gear_ == "D" else "#4a5874")
    canvas.polygon([(560, 500), (640, 420), (760, 420), (840, 500)], fill="#23406f")
    text(image, 270, 300, "568 km", 84)
    text(image, 270, 400, "剩余续航", 50, "#9fb0cc", "Regular")
    text(image, 1140, 180, "智能辅助", 64, "#6f9bff")
    text(image, 1140, 300, "24.5°C", 76)
    text(image, 1140, 400, "09:41", 58, "#9fb0cc", "Regular")
    return image


@drawn("report")
def report(_unused: str = "") -> Image.Image:
    """A service report: lines with ticks."""
    image = Image.new("RGBA", (900, 1230), "#fbfbfa")
    canvas = ImageDraw.Draw(image)
    mark(image, 110, 110, 110, BLUE)
    text(image, 430, 112, "星驰 服务检测报告", 62, INK)
    canvas.line([(60, 200), (840, 200)], fill=BLUE, width=6)
    for row, words_ in enumerate(("三电系统", "制动系统", "轮胎与底盘", "空调与滤芯", "灯光与雨刮", "油液检查")):
        y = 300 + 130 * row
        text(image, 250, y, words_, 50, INK, "Regular")
        canvas.line([(60, y + 64), (840, y + 64)], fill="#d5dae2", width=3)
        canvas.line([(700, y), (730, y + 28), (790, y - 36)], fill="#2f9a4a", width=14, joint="curve")
    text(image, 620, 1150, "技师签字", 44, GRAY, "Regular")
    return image
