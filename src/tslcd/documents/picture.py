"""Pictures of the network: an overview, and one per district, laid out here so that the template only prints.

Sites stand in rows between the providers. A primary uplink is a thick whole line, a secondary one thin and dashed: the
difference is readable without colour. Districts are areas of operation: those of the units that sites were set up for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tslcd import addressing, circuits, model, units
from tslcd.documents.addressing import by_number
from tslcd.documents.document import ASSUMED, LIFE_CYCLES

WIDTH, ROW, BOX, BOX_HEIGHT, BAR, TOP = 1160, 46, 480, 36, 90, 130
MARGIN = 20
LEFT, RIGHT = (WIDTH - BOX) // 2, (WIDTH + BOX) // 2


@dataclass(frozen=True)
class Line:
    """An uplink from a site to a provider."""

    site_id: str
    provider: str
    kind: str  # primary or secondary: the class that its style follows from
    x1: int
    x2: int
    y: int
    label: str
    label_x: int
    label_y: int


@dataclass(frozen=True)
class Node:
    """A site, or with class `area` a whole district."""

    id: str
    kind: str
    x: int
    y: int
    text_x: int
    name_y: int
    detail_y: int
    name: str
    detail: str
    says: str


@dataclass(frozen=True)
class Bar:
    """A provider beside the sites, from the first to the last row."""

    name: str
    label: str
    x: int
    y: int
    height: int
    text_x: int
    text_y: int


@dataclass(frozen=True)
class Picture:
    """Everything that the template prints; lengths in pixels."""

    name: str
    title: str
    description: str
    subtitle: str
    height: int
    foot_y: int
    bars: tuple[Bar, ...]
    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]
    width: int = WIDTH
    box: int = BOX
    box_height: int = BOX_HEIGHT
    bar: int = BAR


def pictures(network: model.Network, as_of: date) -> list[Picture]:
    """The overview, then a picture per district; every site is a node of exactly one of them."""
    known = units.by_id(network)
    areas: dict[str, list[model.Router]] = {}
    for router in by_number(network):
        if router.hostname.endswith("-r1"):
            areas.setdefault(_area(known, router), []).append(router)
    centre = areas.pop("", [])
    found = [_overview(network, as_of, centre, {known[area]: sites for area, sites in areas.items()})]
    for area, sites in areas.items():
        unit = known[area]
        title = f"{unit.kind} {unit.name}: các điểm và đường truyền"
        drawing = _Drawing(network)
        drawing.sites(sites)
        found.append(drawing.picture(f"network_{unit.code}", _titled(title), as_of))
    return found


def _area(known: dict[str, model.Unit], router: model.Router) -> str:
    """Id of the district, or of whatever is above the communes, that a site belongs to; empty for the rest."""
    unit = known.get(router.site.unit or "")
    return "" if unit is None else unit.id if unit.level == "district" else unit.parent or unit.id


def _overview(
    network: model.Network, as_of: date, centre: Sequence[model.Router], areas: dict[model.Unit, list[model.Router]]
) -> Picture:
    drawing = _Drawing(network)
    drawing.sites(centre)
    for unit, sites in areas.items():
        drawing.area(unit, sites)
    return drawing.picture("network", "Toàn mạng: trung tâm dữ liệu, điểm dự phòng, sở ngành và các huyện", as_of)


class _Drawing:
    """Rows from top to bottom."""

    def __init__(self, network: model.Network) -> None:
        self._network = network
        self._providers = list(network.province.providers)
        self._nodes: list[Node] = []
        self._lines: list[Line] = []
        self._assumed = False

    def sites(self, routers: Sequence[model.Router]) -> None:
        """A row per site with its uplinks."""
        for router in routers:
            y = TOP + ROW * len(self._nodes)
            site, plan = router.site, self._network.province.addressing
            prefix = f"{addressing.site_v4(plan, site.number)}" + (f" ({ASSUMED})" if plan.assumed else "")
            state = "" if site.life_cycle == "active" else f", {LIFE_CYCLES[site.life_cycle]}"
            detail = f"{router.site_id}, số {site.number}, {prefix}{state}"
            kind = "site" if router.in_service else "site decommissioned"
            self._nodes.append(_node(f"site-{router.site_id}", kind, y, label=site.name, detail=detail, says=detail))
            for line in circuits.of_site(self._network, router) if router.in_service else ():
                if not line.separate:
                    self._line(line, y + BOX_HEIGHT // 2)

    def area(self, unit: model.Unit, routers: Sequence[model.Router]) -> None:
        """A row for a whole district, which has a picture of its own."""
        serving = [router for router in routers if router.in_service]
        two = sum(len(router.uplinks) > 1 for router in serving)
        detail = f"{len(serving)} điểm: {two} điểm hai đường truyền, {len(serving) - two} điểm một đường"
        name = f"{unit.kind} {unit.name}"
        says = f"{detail}; xem network_{unit.code}.svg"
        y = TOP + ROW * len(self._nodes)
        self._nodes.append(_node(f"area-{unit.id}", "area", y, label=_titled(name), detail=detail, says=says))

    def picture(self, name: str, title: str, as_of: date) -> Picture:
        """What has been drawn, between the providers."""
        bottom = TOP + ROW * len(self._nodes)
        mark = f" Ghi chú “{ASSUMED}”: chưa được xác nhận." if self._assumed else ""
        counts = f"{sum(node.kind != 'area' for node in self._nodes)} điểm, {len(self._lines)} đường truyền."
        return Picture(
            name=name,
            title=title,
            subtitle=f"Mạng truyền số liệu chuyên dùng cấp II, tỉnh Lào Cai. Tính đến ngày {as_of}.{mark}",
            description=f"{counts} Nét liền đậm: đường chính. Nét đứt mảnh: đường dự phòng.{mark}",
            height=bottom + 40,
            foot_y=bottom + 20,
            bars=tuple(self._bar(index, bottom) for index in range(len(self._providers))),
            nodes=tuple(self._nodes),
            lines=tuple(self._lines),
        )

    def _edge(self, index: int) -> int:
        """Left edge of a provider's bar: the first one at the left, the second at the right, further ones inside."""
        step = index // 2 * (BAR + MARGIN)
        return MARGIN + step if index % 2 == 0 else WIDTH - MARGIN - BAR - step

    def _bar(self, index: int, bottom: int) -> Bar:
        provider = self._network.province.providers[self._providers[index]]
        x = self._edge(index)
        middle = x + BAR // 2
        return Bar(self._providers[index], provider.name, x, TOP, bottom - TOP - 10, middle, TOP - 10)

    def _line(self, line: circuits.Line, y: int) -> None:
        index = self._providers.index(line.provider)
        left = index % 2 == 0
        x1, x2 = (LEFT, self._edge(index) + BAR) if left else (RIGHT, self._edge(index))
        guess = f" ({ASSUMED})" if line.contract.assumed else ""
        self._assumed = self._assumed or line.contract.assumed
        kind, rank = ("primary", "chính") if line.purpose == "primary" else ("secondary", "dự phòng")
        label = f"{rank} {line.rate_mbps} Mbit/s{guess}"
        self._lines.append(Line(line.site_id, line.provider, kind, x1, x2, y, label, (x1 + x2) // 2, y - 5))


def _titled(text: str) -> str:
    return text[0].upper() + text[1:]


def _node(name: str, kind: str, y: int, *, label: str, detail: str, says: str) -> Node:
    return Node(name, kind, LEFT, y, WIDTH // 2, y + 15, y + 30, label, detail, says)
