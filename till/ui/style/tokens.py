"""Design tokens: every colour and size of the till. Light and dark are two sets of the same."""

from dataclasses import dataclass

GRID = 8
GAP = 2 * GRID
MARGIN = 3 * GRID
TOUCH_MIN = 48
TOUCH = 56
TILE_WIDTH_MIN, TILE_HEIGHT = 160, 128
RAIL_WIDTH = 96
STATUS_HEIGHT = 48
BASKET_WIDTH_MIN, BASKET_WIDTH_MAX = 336, 448
RADIUS_SMALL, RADIUS, RADIUS_LARGE = 8, 12, 16

TEXT_SECONDARY, TEXT_BODY, TEXT_TITLE = 14, 16, 20
TEXT_AMOUNT, TEXT_TOTAL, TEXT_CODE, TEXT_BALANCE, TEXT_CHANGE = 24, 32, 44, 56, 96
ICON, ICON_SMALL, ICON_LARGE = 24, 20, 40

CONTRAST_TEXT, CONTRAST_AMOUNT = 4.5, 7.0


@dataclass(frozen=True)
class Tokens:
    """One set of colours, as #RRGGBB. A `_soft` colour is the ground its meaning stands on."""

    name: str
    canvas: str
    surface: str
    sunken: str
    pressed: str
    line: str
    line_strong: str
    ink: str
    ink_soft: str
    accent: str
    accent_pressed: str
    accent_soft: str
    on_accent: str
    off: str
    on_off: str
    accepted: str
    accepted_soft: str
    attention: str
    attention_soft: str
    refused: str
    refused_soft: str
    kind_value: str
    kind_service: str
    kind_ticket: str
    kind_goods: str


LIGHT = Tokens(
    name="light",
    canvas="#F4F3EF",
    surface="#FFFFFF",
    sunken="#EEECE6",
    pressed="#E4E1D9",
    line="#DEDBD3",
    line_strong="#87837A",
    ink="#191B1F",
    ink_soft="#54575D",
    accent="#2B44B5",
    accent_pressed="#21358F",
    accent_soft="#E9EDFB",
    on_accent="#FFFFFF",
    off="#E4E1D9",
    on_off="#5F625F",
    accepted="#0B5733",
    accepted_soft="#E1F2E8",
    attention="#6B4200",
    attention_soft="#FBEBCB",
    refused="#8E1B16",
    refused_soft="#FCE5E2",
    kind_value="#E4E8FA",
    kind_service="#F1E4F6",
    kind_ticket="#DCEFF2",
    kind_goods="#F3EADB",
)

DARK = Tokens(
    name="dark",
    canvas="#101215",
    surface="#1A1D22",
    sunken="#23272E",
    pressed="#2E333C",
    line="#30353E",
    line_strong="#7A8290",
    ink="#F3F4F6",
    ink_soft="#AEB4BE",
    accent="#9DB1FF",
    accent_pressed="#B9C7FF",
    accent_soft="#222A47",
    on_accent="#0D1330",
    off="#2A2F37",
    on_off="#9AA1AC",
    accepted="#8CDDAE",
    accepted_soft="#14301F",
    attention="#F5C972",
    attention_soft="#382A0C",
    refused="#FFB0A8",
    refused_soft="#43191A",
    kind_value="#29325A",
    kind_service="#3D2947",
    kind_ticket="#17383E",
    kind_goods="#3B3122",
)

THEMES = {theme.name: theme for theme in (LIGHT, DARK)}


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
