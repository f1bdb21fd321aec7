"""seeds/signals.toml -> the thresholds of early warning, or every fault at once."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from triage.engine.catalogue import Catalogue
from triage.seeds.problems import SeedProblem, SeedsError, explain, unknown
from triage.signals.detection import SignalRules, Window

FILE = "signals.toml"
_Whole = Annotated[int, Field(ge=1, le=366)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WindowEntry(_Part):
    """A window, with the false alarms that the simulation gave it."""

    minutes: Annotated[int, Field(ge=1, le=120)]
    floor: Annotated[int, Field(ge=2, le=1000)]
    chance: Annotated[float, Field(gt=0, lt=0.01)]
    false_alarms_a_month: Annotated[float, Field(ge=0)]


class UsualEntry(_Part):
    """How the usual is reckoned."""

    dispersion: Annotated[float, Field(gt=0, le=1000)]
    weeks: Annotated[int, Field(ge=1, le=52)]
    lean_hours: Annotated[float, Field(gt=0)]
    least_an_hour: Annotated[float, Field(gt=0)]


class OperatorsEntry(_Part):
    """When operators are told, and for how long counts are kept."""

    quiet_minutes: _Whole
    national_areas: _Whole
    mute_minutes: _Whole
    keep_days: _Whole


class SearchEntry(_Part):
    """What people type when a number fails."""

    says: Annotated[tuple[str, ...], Field(min_length=1)]


class SignalsFile(_Part):
    """The whole file."""

    window: Annotated[tuple[WindowEntry, ...], Field(min_length=1)]
    usual: UsualEntry
    operators: OperatorsEntry
    counted_as: dict[str, str]
    search: SearchEntry


def read_signal_rules(folder: Path, catalogue: Catalogue) -> SignalRules:
    """The thresholds. Raises SeedsError with every fault that is found."""
    name = f"{folder.name}/{FILE}"
    try:
        rows = tomllib.loads((folder / FILE).read_text(encoding="utf-8"))
        found = SignalsFile.model_validate(rows)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SeedsError([SeedProblem(name, "", f"is not TOML: {error}")]) from error
    except ValidationError as error:
        keys = [*SignalsFile.model_fields, *WindowEntry.model_fields, *UsualEntry.model_fields,
                *OperatorsEntry.model_fields]  # fmt: skip
        raise SeedsError(
            [SeedProblem(name, "", explain(e, keys)) for e in error.errors()]
        ) from error
    named = {*found.counted_as, *found.counted_as.values()} - set(catalogue.channels)
    if named:
        raise SeedsError(
            [
                SeedProblem(name, "counted_as", unknown("channel", c, catalogue.channels))
                for c in sorted(named)
            ]
        )
    return _rules(found)


def _rules(found: SignalsFile) -> SignalRules:
    windows = sorted(found.window, key=lambda w: w.minutes)
    return SignalRules(
        windows=tuple(Window(w.minutes, w.floor, w.chance) for w in windows),
        dispersion=found.usual.dispersion,
        lean_hours=found.usual.lean_hours,
        least_an_hour=found.usual.least_an_hour,
        weeks=found.usual.weeks,
        quiet_minutes=found.operators.quiet_minutes,
        national_areas=found.operators.national_areas,
        mute_minutes=found.operators.mute_minutes,
        keep_days=found.operators.keep_days,
        counted_as=found.counted_as,
        failing=found.search.says,
    )
