"""From two linear renders to every paint, and from light to pixels."""

from typing import Any

import numpy as np

from apps.studio.materials import LIGHT_COLOR, TINT_COLORS

Array = Any
# Khronos PBR Neutral. Source: https://github.com/KhronosGroup/ToneMapping/tree/main/PBR_Neutral
START = 0.8 - 0.04
DESATURATION = 0.15


def develop(light: Array, masks: Array, color: tuple[float, float, float]) -> Array:
    """
    Return the linear picture of a paint from a gray render whose channels saw it black, half and white.

    ``light`` and ``masks`` are (height, width, 3); see README for why this may be done.
    """
    black, white = light[..., 0:1], light[..., 2:3]
    picture = black + np.asarray(color, np.float32) * (white - black)
    for channel, tint in enumerate(TINT_COLORS):
        share = masks[..., channel : channel + 1]
        picture = picture * (1 - share + share * np.asarray(tint, np.float32))
    return picture * np.asarray(LIGHT_COLOR, np.float32)


def departure(light: Array) -> float:
    """Return by how much, on 99.9 % of the pixels, the halfway paint is off the line between black and white."""
    return float(np.percentile(np.abs(light[..., 1] - (light[..., 0] + light[..., 2]) / 2), 99.9))


def tone_map(light: Array) -> Array:
    """Map linear light to 0…1 with Khronos PBR Neutral: colors below the shoulder stay what they are."""
    light = np.maximum(light, 0)
    low = light.min(-1, keepdims=True)
    offset = np.where(low < 0.08, low - 6.25 * low * low, 0.04)
    color = light - offset
    peak = color.max(-1, keepdims=True)
    span = 1.0 - START
    squeezed = 1.0 - span * span / (np.maximum(peak, START) + span - START)
    pressed = color * squeezed / np.maximum(peak, 1e-6)
    share = 1.0 - 1.0 / (DESATURATION * (peak - squeezed) + 1.0)
    return np.where(peak < START, color, pressed * (1 - share) + squeezed * share)


def encode(light: Array) -> Array:
    """Return 8-bit sRGB of linear values in 0…1."""
    light = np.clip(light, 0, 1)
    coded = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return (coded * 255 + 0.5).astype(np.uint8)


def linear(swatch: str) -> tuple[float, float, float]:
    """Return the linear color of a swatch such as "#9C1C25"."""
    coded = [int(swatch[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in coded)
    return red, green, blue


def compensate(color: tuple[float, float, float]) -> tuple[float, float, float]:
    """
    Return the base color that looks like a swatch under the clear coat in this studio.

    Measured on lit doors: they return 0.79 of the base color plus a reflection of 0.03. The catalog's swatches are what
    people compare.
    """
    return tuple(min(1.0, channel * 1.06) for channel in color)  # type: ignore[return-value]
