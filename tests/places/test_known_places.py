"""Places that people of each nation name, and what is no place here: how many are known, as counts.

The lists were written by hand. A row is right where the area is offered first, or among the areas
of a name that several places share.
"""

from __future__ import annotations

import random
from time import thread_time

import pytest

from tests.conftest import Say
from triage import rules
from triage.places.finder import Finder
from triage.places.postcodes import Store

SCOTLAND = (
    "Airdrie|Clydebank|Irvine|Dumbarton|Bathgate|Alloa|Musselburgh|Dalkeith|Galashiels|Fraserburgh"
    "|Montrose|Helensburgh|Portree|Ullapool|Aviemore|Pitlochry|Rothesay|Campbeltown|Aberdeen|Dundee"
    "|Edinburgh|Glasgow|Inverness|Perth|Stirling|Paisley|East Kilbride|Livingston|Hamilton"
    "|Cumbernauld|Kirkcaldy|Dunfermline|Ayr|Kilmarnock|Greenock|Coatbridge|Glenrothes|Falkirk"
    "|Stornoway|Lerwick|Kirkwall|Oban|Fort William|Thurso|Wick|Elgin|Dumfries|Hawick"
)
WALES = {
    "north-wales": "Bangor|Caernarfon|Llandudno|Rhyl|Wrexham|Wrecsam|Holyhead|Caergybi|Llangefni"
    "|Yr Wyddgrug|Mold|Conwy|Betws-y-Coed|Bala|Y Bala|Dolgellau",
    "dyfed-powys": "Aberystwyth|Cardigan|Aberteifi|Carmarthen|Caerfyrddin|Llanelli|Haverfordwest"
    "|Hwlffordd|Tenby|Dinbych-y-pysgod|Brecon|Aberhonddu|Newtown|Welshpool|Y Trallwng|Hay-on-Wye",
    "gwent": "Newport|Casnewydd|Chepstow|Cas-gwent|Abergavenny|Y Fenni|Ebbw Vale",
    "south-wales-mid-and-west-wales": "Swansea|Abertawe|Neath|Castell-nedd|Port Talbot",
    "south-wales-south-wales": "Cardiff|Caerdydd|Barry|Pontypridd|Merthyr Tydfil|Bridgend",
}
NORTHERN_IRELAND = (
    "Belfast|Derry|Londonderry|Lisburn|Newry|Bangor|Armagh|Craigavon|Lurgan|Portadown|Ballymena"
    "|Newtownabbey|Carrickfergus|Coleraine|Omagh|Larne|Strabane|Limavady|Cookstown|Dungannon"
    "|Enniskillen|Banbridge|Downpatrick|Ballymoney|Antrim|Magherafelt|Newtownards|Holywood"
    "|Portrush|Ballycastle"
)
ENGLAND = {
    "avon-and-somerset-avon": "Bristol|Bath|Weston-super-Mare",
    "avon-and-somerset-devon-and-somerset": "Taunton|Yeovil|Bridgwater|Minehead",
    "bedfordshire": "Luton|Bedford|Dunstable",
    "cambridgeshire": "Cambridge|Peterborough|Ely",
    "cheshire": "Chester|Crewe|Warrington|Macclesfield",
    "city-of-london": "Barbican|Moorgate",
    "cleveland": "Middlesbrough|Hartlepool|Redcar|Stockton-on-Tees",
    "cumbria": "Carlisle|Kendal|Keswick|Barrow-in-Furness",
    "derbyshire": "Derby|Chesterfield|Buxton|Glossop|Hope Valley",
    "devon-and-cornwall-cornwall": "Truro|Penzance|Newquay|St Ives",
    "devon-and-cornwall-devon-and-somerset": "Exeter|Plymouth|Torquay|Barnstaple",
    "devon-and-cornwall-isles-of-scilly": "Isles of Scilly",
    "dorset": "Poole|Bournemouth|Weymouth",
    "durham": "Durham|Darlington|Bishop Auckland",
    "essex": "Colchester|Chelmsford|Southend-on-Sea|Stansted",
    "gloucestershire": "Gloucester|Cheltenham|Stroud",
    "greater-manchester": "Manchester|Bolton|Bury|Wigan",
    "hampshire-isle-of-wight": "Newport|Ryde|Cowes|Ventnor",
    "hampshire-south-central": "Southampton|Portsmouth|Winchester|Basingstoke",
    "hertfordshire": "Watford|St Albans|Stevenage",
    "humberside-east-midlands": "Grimsby|Scunthorpe",
    "humberside-yorkshire": "Hull|Beverley|Bridlington",
    "kent": "Canterbury|Dover|Maidstone|Gillingham",
    "lancashire": "Preston|Blackpool|Lancaster",
    "leicestershire": "Leicester|Loughborough|Oakham",
    "lincolnshire": "Lincoln|Boston|Skegness",
    "merseyside": "Liverpool|Southport|Birkenhead",
    "metropolitan": "London|Croydon|Kings Cross|Wembley",
    "norfolk": "Norwich|King's Lynn|Great Yarmouth|Watton",
    "north-yorkshire": "York|Harrogate|Scarborough|Whitby",
    "northamptonshire": "Northampton|Kettering|Corby",
    "northumbria-northumberland": "Berwick-upon-Tweed|Alnwick|Hexham|Holy Island",
    "northumbria-tyne-and-wear": "Newcastle|Sunderland|Gateshead",
    "nottinghamshire": "Nottingham|Mansfield|Newark",
}
COUNCILS = 60
WRONG = (
    "asdfgh|zzkq blorp|qwertyuiop|12345|!!!|🚓|;--|<script>|Xanadu|Narnia|Hogwarts|Zzyzx|Dublin"
    "|Paris|Berlin|Madrid|New York|Tokyo|Sydney|Lagos|Jersey|Guernsey|Isle of Man|Gibraltar|BFPO 57"
    "|ZZ9 9ZZ|QX1 1AA|SW99 9ZZ|LE99 9ZZ|EC9 9ZZ"
)


@pytest.fixture(scope="module")
def finder() -> Finder:
    return rules.finder()


def unknown(finder: Finder, names: str, area: str) -> list[str]:
    """The names that are not known to be in an area."""
    found = {name: finder.find(name) for name in names.split("|")}
    return [
        name
        for name, places in found.items()
        if places.guess or area not in [place.area for place in places.places]
    ]


def test_forty_eight_scottish_places_are_known(finder: Finder, say: Say) -> None:
    assert len(SCOTLAND.split("|")) == 48
    wrong = unknown(finder, SCOTLAND, "police-scotland")
    say(f"Scottish places: {48 - len(wrong)} of 48 known")
    assert not wrong


def test_thirty_places_of_northern_ireland_are_known(finder: Finder, say: Say) -> None:
    assert len(NORTHERN_IRELAND.split("|")) == 30
    wrong = unknown(finder, NORTHERN_IRELAND, "northern-ireland")
    say(f"places of Northern Ireland: {30 - len(wrong)} of 30 known")
    assert not wrong


@pytest.mark.parametrize(
    ("title", "least", "by_area"),
    [("Welsh places in both languages", 40, WALES), ("English places", 100, ENGLAND)],
)
def test_places_of_many_areas_are_known_in_their_own(
    finder: Finder, say: Say, title: str, least: int, by_area: dict[str, str]
) -> None:
    wrong = [name for area, names in by_area.items() for name in unknown(finder, names, area)]
    number = sum(len(names.split("|")) for names in by_area.values())
    say(f"{title}: {number - len(wrong)} of {number} known")
    assert number >= least
    assert not wrong


def test_sixty_councils_are_known_in_both_languages(finder: Finder, say: Say) -> None:
    areas = finder.catalogue.areas.values()
    every = [(c, area.slug) for area in areas for c in area.councils]
    some = random.Random(13).sample(every, COUNCILS)
    wrong = [
        name
        for council, area in some
        for name in {council.name.en, council.name.cy, f"{council.name.en} council"}
        if unknown(finder, name, area)
    ]
    say(f"councils in both languages: {COUNCILS} asked for, {len(wrong)} names unknown")
    assert not wrong


def test_what_is_no_place_here_is_never_certain(finder: Finder, say: Say) -> None:
    names = WRONG.split("|")
    wrong = [name for name in names if finder.find(name).certain]
    say(f"wrong or foreign: {len(names) - len(wrong)} of {len(names)} not taken for a place")
    assert len(names) == 30
    assert not wrong


def test_two_hundred_postcodes_on_borders_are_each_in_one_area(finder: Finder, say: Say) -> None:
    store = finder.postcodes
    assert isinstance(store, Store)
    units = [
        (f"{sector}{run[at : at + 2]}", area)
        for sector, runs in store.tables.units.items()
        for area, run in runs.items()
        for at in range(0, len(run), 2)
    ]
    some = random.Random(13).sample(units, 200)
    wrong = [code for code, area in some if finder.only(code).area != area]
    say(f"postcodes on borders: {200 - len(wrong)} of 200 right")
    assert not wrong


def test_the_finder_answers_in_two_milliseconds(finder: Finder, say: Say) -> None:
    names = [n for part in (*WALES.values(), *ENGLAND.values()) for n in part.split("|")]
    names += [f"near {n[:2]}{n[3:]} please" for n in names] + [n[:3] + n[4:] for n in names]
    assert finder.names
    took = []
    for name in names:
        begun = thread_time()
        finder.find(name)
        took.append(thread_time() - begun)
    late = sorted(took)[int(len(took) * 0.95)]
    say(f"the finder: p95 {late * 1e3:.2f} ms over {len(took)} names, right and misspelt")
    assert late < 2e-3
