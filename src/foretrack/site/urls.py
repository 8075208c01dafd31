"""Every address of the site. The language is the first part of a page's address.

An address of a page ends with a slash; without it, `.json` and `.csv` behind it are kept free for the page's data.
"""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path

from foretrack.api.assembling import api_addresses
from foretrack.api.pages import PAGES as API_PAGES
from foretrack.site.pages import (
    accounts,
    alerts,
    dossier,
    drafts,
    duplicates,
    forms,
    governing,
    history,
    home,
    imports,
    jobs,
    judging,
    lists,
    packs,
    profile,
    records,
    rules,
    search,
    series,
    tables,
    targets,
)
from foretrack.site.rooms import ROOMS
from foretrack.web.assets import drawing

KEY = r"(?P<key>[0-9A-HJKMNP-TV-Z]{26})"
"""Key of a record; any other spelling is no address."""

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.front, name="front"),
    path("healthz", home.health, name="health"),
    path("favicon.ico", home.icon),
    path("assets/vega-<str:version>.js", drawing, name="drawing program"),
    path("", include("foretrack.site.feeds")),
    path("api/v1/", include(api_addresses([routes for room in ROOMS for routes in room.ROUTES]))),
    *(one for room in ROOMS for one in getattr(room, "OPEN", ())),
    path("lists/<slug:name>/<int:number>/<str:file>", lists.issue_file, name="issue file"),
    re_path(
        r"^lists/(?P<name>[-a-z0-9_]{1,80})/atom\.(?P<language>en|zh)\.xml$",
        lists.series_feed,
        name="series feed",
    ),
    *i18n_patterns(
        path("", home.home, name="home"),
        *(page for room in ROOMS for page in room.PAGES),
        path("tasks/", home.tasks, name="tasks"),
        path("records/", home.records, name="records"),
        path("records/<slug:kind>/aid/", forms.aid, name="form aid"),
        path("records/<slug:kind>/", tables.kind_table, name="kind"),
        path("records/<slug:kind>/new/", forms.new, name="new"),
        path("records/<slug:kind>/new/draft/", drafts.keep_new, name="keep new"),
        path("records/<slug:kind>/import/", imports.take_in, name="import"),
        path("records/<slug:kind>/template/", imports.template, name="template"),
        path("records/<slug:kind>/export/", imports.download, name="export"),
        path("lists/", lists.series_list, name="lists"),
        path("series/new/", series.declare, name="declare series"),
        path("lists/<slug:name>/", lists.series, name="series"),
        path("lists/<slug:name>/change/", series.change, name="change series"),
        path("lists/<slug:name>/compare/", series.compare, name="compare issues"),
        path("lists/<slug:name>/next/", lists.next_issue, name="next issue"),
        path("lists/<slug:name>/<int:number>/", lists.issue, name="issue"),
        path("targets/", targets.targets, name="targets"),
        path("targets/<slug:pack_id>/<str:target_id>/", targets.target, name="target"),
        path("targets/<slug:pack_id>/<str:target_id>/rate/", judging.rate_target, name="rate target"),
        path(
            "targets/<slug:pack_id>/<str:target_id>/indicator/",
            judging.new_indicator,
            name="declare indicator",
        ),
        path("targets/<slug:pack_id>/<str:target_id>/value/", judging.new_value, name="add value"),
        path("alerts/", alerts.alerts, name="alerts"),
        path("alerts/<str:key>/acknowledge/", alerts.acknowledge_alert, name="acknowledge"),
        path("watch/", rules.rules, name="rules"),
        re_path(rf"^watch/{KEY}/$", rules.rule, name="rule"),
        re_path(
            rf"^watch/{KEY}/(?P<act>end|pause|resume|change|mail|hook|address)/$",
            rules.act_on,
            name="act on rule",
        ),
        re_path(
            rf"^watch/{KEY}/channel/(?P<channel>[0-9A-HJKMNP-TV-Z]{{26}})/(?P<act>stop|resume)/$",
            rules.act_on_channel,
            name="act on channel",
        ),
        re_path(rf"^record/{KEY}/edit/$", forms.change, name="edit"),
        re_path(rf"^record/{KEY}/edit/draft/$", drafts.keep_change, name="keep edit"),
        re_path(rf"^record/{KEY}/history/$", history.revisions, name="history"),
        re_path(rf"^record/{KEY}/history/compare/$", history.compare, name="compare"),
        re_path(rf"^record/{KEY}/history/(?P<number>[1-9][0-9]{{0,8}})/$", history.earlier, name="past"),
        re_path(rf"^record/{KEY}/audit/$", history.audit_of, name="audit of"),
        re_path(rf"^record/{KEY}/file/(?P<sha256>[0-9a-f]{{64}})/$", history.file, name="file"),
        re_path(rf"^record/{KEY}/reviewers/$", governing.reviewers, name="reviewers"),
        re_path(rf"^record/{KEY}/unmerge/$", governing.undo_merge, name="undo merge"),
        re_path(rf"^record/{KEY}/erase/$", governing.erase_record, name="erase record"),
        path("accounts/", accounts.accounts, name="accounts"),
        path("accounts/invite/", accounts.invite_person, name="invite"),
        re_path(rf"^accounts/{KEY}/$", accounts.account, name="account"),
        re_path(rf"^accounts/{KEY}/role/$", accounts.give_role, name="give role"),
        re_path(
            rf"^accounts/{KEY}/role/(?P<number>[1-9][0-9]{{0,8}})/end/$", accounts.end_role, name="end role"
        ),
        re_path(rf"^accounts/{KEY}/edit/$", accounts.change_account, name="change account"),
        re_path(
            rf"^accounts/{KEY}/(?P<act>close|reopen|factor|erase)/$", accounts.act_on, name="act on account"
        ),
        path("jobs/", jobs.jobs, name="jobs"),
        path("jobs/<uuid:task>/", jobs.job, name="job"),
        path("jobs/<uuid:task>/retry/", jobs.retry, name="retry job"),
        path("duplicates/", duplicates.queue, name="duplicates"),
        path("duplicates/<int:number>/", duplicates.judge_pair, name="pair"),
        path("search/", search.find, name="search"),
        path("search/suggest/", search.suggest, name="suggest"),
        path("dossier/mentions/", dossier.mentions, name="mentions"),
        path("dossier/link/", dossier.choose, name="link"),
        path("audit/", history.audit, name="audit"),
        path("clauses/", packs.clauses, name="clauses"),
        re_path(rf"^record/{KEY}/$", records.record, name="record"),
        re_path(rf"^record/{KEY}/move/(?P<transition>[a-z0-9-]{{1,40}})/$", records.move_record, name="move"),
        re_path(
            rf"^record/{KEY}/move/(?P<transition>[a-z0-9-]{{1,40}})/draft/$",
            drafts.keep_move,
            name="keep move",
        ),
        *API_PAGES,
        path("packs/", packs.packs, name="packs"),
        path("packs/<slug:pack_id>/", packs.pack, name="pack"),
        path("packs/<slug:pack_id>/<path:entry_id>/", packs.pack_entry, name="pack entry"),
        path("account/profile/", profile.profile, name="profile"),
        path("account/profile/token/", profile.new_token, name="new token"),
        path("account/profile/token/<int:number>/revoke/", profile.revoke, name="revoke token"),
        path("admin/", admin.site.urls),
        path("account/", include("allauth.urls")),
    ),
]

handler400 = "foretrack.web.failures.bad_request"
handler403 = "foretrack.web.failures.denied"
handler404 = "foretrack.web.failures.not_found"
handler429 = "foretrack.web.failures.too_many"
"""The throttle of allauth looks for it here."""
handler500 = "foretrack.web.failures.server_error"
