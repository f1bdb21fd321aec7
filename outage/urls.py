"""The addresses of the staff panel, all under /staff/: the path its cookies are bound to."""

from __future__ import annotations

from django.contrib.auth import views as auth
from django.urls import path

from outage import (
    board,
    data_page,
    declare,
    draft_page,
    incident_page,
    organisation_page,
    record_page,
)

app_name = "staff"
urlpatterns = [
    path("", board.board, name="board"),
    path("sign-out/", auth.LogoutView.as_view(next_page="account_login"), name="sign-out"),
    path("mark/", board.mark, name="mark"),
    path("stay/", board.stay, name="stay"),
    path("declare/", declare.new, name="declare"),
    path("declare/changes/", declare.changed, name="changes"),
    path("drafts/<int:number>/", draft_page.draft, name="draft"),
    path("incidents/<slug:slug>/", incident_page.incident, name="incident"),
    path("incidents/<slug:slug>/amend/", incident_page.amend, name="amend"),
    path("incidents/<slug:slug>/renew/", incident_page.renew, name="renew"),
    path("incidents/<slug:slug>/adopt/", incident_page.adopt, name="adopt"),
    path("incidents/<slug:slug>/confirm/", incident_page.confirm, name="confirm"),
    path("incidents/<slug:slug>/stand-down/", incident_page.stand_down, name="stand-down"),
    path("incidents/<slug:slug>/add/", incident_page.add, name="add"),
    path("record/", record_page.record, name="record"),
    path("record.csv", record_page.as_csv, name="record-csv"),
    path("record.json", record_page.as_json, name="record-json"),
    path("replay/", record_page.replayed, name="replay"),
    path("data/", data_page.data, name="data"),
    path("data/tree.svg", data_page.tree, name="tree"),
    path("organisation/", organisation_page.organisation, name="organisation"),
]
