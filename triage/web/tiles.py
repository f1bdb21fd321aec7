"""The tile map of the UK: one tile an area, placed by hand below.

A test holds that every area has a tile and that none stands twice.
"""

from __future__ import annotations

from dataclasses import dataclass

from triage.rules import rulebook


@dataclass(frozen=True)
class Tile:
    """Column and row from the north-west corner, counted from 1, and a short name."""

    area: str
    column: int
    row: int
    short: str


# A row a line, from north to south; a dot is the sea. Every short name is one area's.
_MAP = """
.   .   .   SCO .   .   .   .
.   .   .   .   NBL TYN .   .
NI  .   .   CMB DUR CLV .   .
.   .   .   LAN WYK NYK HUL .
.   .   MER GMA SYK NTT NEL .
.   NWA CHS STS DBY LEI LIN .
.   DPO SHR WMD WAR NTH CAM NFK
SWA GWT HWO GLO OXF BED HRT SFK
.   CDF AVN WIL BRK BKM LON ESX
.   SOM DOR HAM .   SRY CTY KEN
CON DEV .   .   IOW WSX ESU .
SCI .   .   .   .   .   .   .
"""
_SHORT = {
    "SCO": "police-scotland", "NBL": "northumbria-northumberland",
    "TYN": "northumbria-tyne-and-wear", "NI": "northern-ireland", "CMB": "cumbria",
    "DUR": "durham", "CLV": "cleveland", "LAN": "lancashire", "WYK": "west-yorkshire",
    "NYK": "north-yorkshire", "HUL": "humberside-yorkshire", "MER": "merseyside",
    "GMA": "greater-manchester", "SYK": "south-yorkshire", "NTT": "nottinghamshire",
    "NEL": "humberside-east-midlands", "NWA": "north-wales", "CHS": "cheshire",
    "STS": "staffordshire", "DBY": "derbyshire", "LEI": "leicestershire", "LIN": "lincolnshire",
    "DPO": "dyfed-powys", "SHR": "west-mercia-shropshire", "WMD": "west-midlands",
    "WAR": "warwickshire", "NTH": "northamptonshire", "CAM": "cambridgeshire", "NFK": "norfolk",
    "SWA": "south-wales-mid-and-west-wales", "GWT": "gwent",
    "HWO": "west-mercia-hereford-and-worcester", "GLO": "gloucestershire",
    "OXF": "thames-valley-oxfordshire", "BED": "bedfordshire", "HRT": "hertfordshire",
    "SFK": "suffolk", "CDF": "south-wales-south-wales", "AVN": "avon-and-somerset-avon",
    "WIL": "wiltshire", "BRK": "thames-valley-royal-berkshire",
    "BKM": "thames-valley-buckinghamshire", "LON": "metropolitan", "ESX": "essex",
    "SOM": "avon-and-somerset-devon-and-somerset", "DOR": "dorset",
    "HAM": "hampshire-south-central", "SRY": "surrey", "CTY": "city-of-london", "KEN": "kent",
    "CON": "devon-and-cornwall-cornwall", "DEV": "devon-and-cornwall-devon-and-somerset",
    "IOW": "hampshire-isle-of-wight", "WSX": "sussex-west-sussex", "ESU": "sussex-east-sussex",
    "SCI": "devon-and-cornwall-isles-of-scilly",
}  # fmt: skip


def _read() -> tuple[Tile, ...]:
    rows = [line.split() for line in _MAP.strip().splitlines()]
    return tuple(
        Tile(_SHORT[short], column, row, short)
        for row, line in enumerate(rows, 1)
        for column, short in enumerate(line, 1)
        if short != "."
    )


TILES = _read()


def missing() -> set[str]:
    """Areas without a tile: a test holds that there are none."""
    return set(rulebook().catalogue.areas) ^ {tile.area for tile in TILES}
