"""The addresses of the staff panel, all under /staff/: the path its cookies are bound to."""

from __future__ import annotations

from django.contrib.auth import views as auth
from django.urls import path

from outage.panel.views import (
    board,
    data,
    declare,
    draft,
    incident,
    join,
    organisation,
    record,
    shift,
    told,
    training,
)

app_name = "staff"
urlpatterns = [
    path("", board.board, name="board"),
    path("join/<str:token>/", join.join, name="join"),
    path("sign-out/", auth.LogoutView.as_view(next_page="account_login"), name="sign-out"),
    path("mark/", board.mark, name="mark"),
    path("mute/", board.mute, name="mute"),
    path("stay/", board.stay, name="stay"),
    path("declare/", declare.new, name="declare"),
    path("declare/changes/", declare.changed, name="changes"),
    path("typed/", declare.keep_typed, name="typed"),
    path("typed/drop/", declare.drop_typed, name="typed-drop"),
    path("drafts/<int:number>/", draft.draft, name="draft"),
    path("incidents/<slug:slug>/", incident.incident, name="incident"),
    path("incidents/<slug:slug>/amend/", incident.amend, name="amend"),
    path("incidents/<slug:slug>/renew/", incident.renew, name="renew"),
    path("incidents/<slug:slug>/adopt/", incident.adopt, name="adopt"),
    path("incidents/<slug:slug>/confirm/", incident.confirm, name="confirm"),
    path("incidents/<slug:slug>/stand-down/", incident.stand_down, name="stand-down"),
    path("incidents/<slug:slug>/take-back/", incident.take_back, name="take-back"),
    path("incidents/<slug:slug>/reopen/", incident.reopen, name="reopen"),
    path("incidents/<slug:slug>/template/", incident.template, name="template"),
    path("incidents/<slug:slug>/add/", incident.add, name="add"),
    path("additions/<int:number>/", incident.addition, name="addition"),
    path("templates/<int:number>/drop/", declare.drop_template, name="template-drop"),
    path("record/", record.record, name="record"),
    path("record.csv", record.as_csv, name="record-csv"),
    path("record.json", record.as_json, name="record-json"),
    path("replay/", record.replayed, name="replay"),
    path("data/", data.data, name="data"),
    path("data/tree.svg", data.tree, name="tree"),
    path("practise/", training.training, name="training"),
    path("hand-over/", shift.hand_over, name="hand-over"),
    path("hand-over/<int:number>/read/", shift.read_note, name="hand-over-read"),
    path("incidents/<slug:slug>/review/", shift.review, name="review"),
    path("told/", told.told, name="told"),
    path("worker.js", told.worker, name="worker"),
    path("app.webmanifest", told.manifest, name="manifest"),
    path("organisation/", organisation.organisation, name="organisation"),
]
