"""The forms of a name: how names are compared, what may stand round one, how one is misspelt.

Nothing is looked up here: that is names.py.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from string import ascii_lowercase

QUALIFIER = re.compile(r"\s*\(([^)]*)\)\s*$")
# What may stand round a name without changing the place that is meant.
_BEFORE = (
    "the royal borough of|royal borough of|the london borough of|london borough of"
    "|the city of|city of|county borough of|borough of|county of|county|isle of|island of|the"
    "|i am in|im in|we are in|i live in|we live in|dw i yn|rydw i yn"
    "|in|near to|near|nr|by|at|close to|next to|opposite|outside|around|just outside|ger|wrth"
    "|central|greater|university of|prifysgol"
    "|dinas|cyngor dinas|cyngor sir|cyngor bwrdeistref sirol|cyngor bwrdeistref|cyngor|heddlu|sir"
    "|gwasanaeth tan ac achub|gwasanaeth ambiwlans|brigad dan|gorsaf"
)
_AFTER = (
    "city council|county council|borough council|district council|county borough council"
    "|metropolitan borough council|council|city|county|islands|island|district|borough"
    "|fire and rescue service|fire and rescue|fire service|fire brigade|fire"
    "|ambulance service|ambulance|police service|police force|police station|police|constabulary"
    "|city centre|town centre|high street|centre|railway station|train station|tube station"
    "|underground station|bus station|station|airport|university|hospital|uk|gb"
)
_TRIM_BEFORE = re.compile(rf"^(?:{_BEFORE}) (?=\S)")
_TRIM_AFTER = re.compile(rf"(?<=\S) (?:{_AFTER})$")
# With these taken off, what is left is where the thing is called after, not where it is.
LOOSE = re.compile(r"\b(?:university|prifysgol|hospital|airport)\b")
_SHORT: Mapping[str, str] = {
    "beds": "bedfordshire",
    "berks": "berkshire",
    "bucks": "buckinghamshire",
    "cambs": "cambridgeshire",
    "ches": "cheshire",
    "derbys": "derbyshire",
    "glos": "gloucestershire",
    "gloucs": "gloucestershire",
    "hants": "hampshire",
    "herefs": "herefordshire",
    "herts": "hertfordshire",
    "lancs": "lancashire",
    "leics": "leicestershire",
    "lincs": "lincolnshire",
    "mcr": "manchester",
    "bham": "birmingham",
    "mids": "midlands",
    "northants": "northamptonshire",
    "northumb": "northumberland",
    "notts": "nottinghamshire",
    "oxon": "oxfordshire",
    "salop": "shropshire",
    "shrops": "shropshire",
    "som": "somerset",
    "staffs": "staffordshire",
    "warks": "warwickshire",
    "wilts": "wiltshire",
    "worcs": "worcestershire",
    "yorks": "yorkshire",
    "e": "east",
    "n": "north",
    "s": "south",
    "w": "west",
}
# One ending that is written in many ways.
_ENDINGS = ("borough", "brough", "burgh", "boro", "bourough", "bury")
_SPACES = str.maketrans("-/,.()", "      ")


def plain(words: str) -> str:
    """Lower case, no accents, no punctuation, single spaces: how names are compared."""
    lower = words.lower().replace("&", " and ")
    if not lower.isascii():
        lower = unicodedata.normalize("NFKD", lower)
    kept = "".join(c for c in lower.translate(_SPACES) if c.isalnum() or c.isspace())
    return " ".join("saint" if word == "st" else word for word in kept.split())


def key_of(name: str) -> str:
    return plain(name).replace(" ", "")


def short_of(council: str) -> str:
    """The short name of a council: Edinburgh for City of Edinburgh."""
    short = _TRIM_AFTER.sub("", _TRIM_BEFORE.sub("", plain(council)))
    return council if short == plain(council) else short.title()


def forms_of(name: str) -> Iterable[str]:
    """A name as it was typed, then with less and less of what may stand round it."""
    seen: dict[str, None] = {}
    long = " ".join(_SHORT.get(word, word) for word in name.split())
    for bare in dict.fromkeys((name, long)):
        seen |= dict.fromkeys((bare, _TRIM_AFTER.sub("", bare), _TRIM_BEFORE.sub("", bare)))
        while (less := _TRIM_AFTER.sub("", _TRIM_BEFORE.sub("", bare))) != bare:
            seen[less] = None
            bare = less
    return seen


def spellings(key: str) -> Iterator[str]:
    """The same name with its ending written in another way: edinborough."""
    for ending in _ENDINGS:
        if key.endswith(ending):
            yield from (key.removesuffix(ending) + other for other in _ENDINGS if other != ending)


def first_slips(key: str) -> Iterator[str]:
    """One slip at the first letter: another, one too many, one too few, or two in each other's
    place. Further in, names of the same first letter are compared."""
    rest = key[1:]
    yield rest
    yield key[1] + key[0] + key[2:]
    for letter in ascii_lowercase:
        yield letter + rest
        yield letter + key
