"""The staff of the tests: organisations, operators, and a clean bulletin each time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from outage import bulletin
from outage.bulletin import Bulletin
from outage.models import Operator, Organisation, Role
from outage.publish import loader
from outage.statements.actor import Actor
from tests.cast import NOON

POLICE = ("police", "leicestershire")
KENT = ("police", "kent")


def organisation(slug: str, kind: str, services: list[str], footprints: list[str]) -> Organisation:
    return Organisation.objects.create(
        slug=slug, name=slug.replace("-", " ").title(), name_cy=f"{slug} (cy)", kind=kind,
        services=services, footprints=footprints,
    )  # fmt: skip


def operator(name: str, organisation: Organisation, role: Role = Role.EDITOR) -> Operator:
    user = get_user_model().objects.create_user(name, f"{name}@example.org")
    return Operator.objects.create(user=user, organisation=organisation, role=role)


@pytest.fixture(autouse=True)
def own_data(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Each test has its own data folder, and leaves no bulletin behind."""
    settings.DATA_DIR = tmp_path
    loader.bulletin_loader().forget()
    with bulletin.showing(Bulletin()):
        yield


@pytest.fixture
def force(db: None) -> Organisation:
    return organisation(
        "leicestershire-police", "answering-service", ["police"], ["police:leicestershire"]
    )


@pytest.fixture
def kent(db: None) -> Organisation:
    return organisation("kent-police", "answering-service", ["police"], ["police:kent"])


@pytest.fixture
def desk(db: None) -> Organisation:
    everyone = ["police", "fire", "ambulance", "coastguard"]
    return organisation("national-desk", "government", everyone, ["uk"])


@pytest.fixture
def carrier(db: None) -> Organisation:
    return organisation("carrier", "carrier", [], ["uk"])


@pytest.fixture
def ann(force: Organisation) -> Actor:
    """An editor of Leicestershire Police, at noon."""
    return Actor(operator("ann", force), NOON)


@pytest.fixture
def bob(force: Organisation) -> Actor:
    """Her colleague."""
    return Actor(operator("bob", force), NOON)


@pytest.fixture
def viv(force: Organisation) -> Actor:
    """A viewer of Leicestershire Police."""
    return Actor(operator("viv", force, Role.VIEWER), NOON)


@pytest.fixture
def kim(kent: Organisation) -> Actor:
    """An editor of Kent Police."""
    return Actor(operator("kim", kent), NOON)


@pytest.fixture
def nat(desk: Organisation) -> Actor:
    """A national operator."""
    return Actor(operator("nat", desk), NOON)


@pytest.fixture
def cab(carrier: Organisation) -> Actor:
    """An operator of a telephone company."""
    return Actor(operator("cab", carrier), NOON)
