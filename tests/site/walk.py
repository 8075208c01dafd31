"""Every page of the site with an address to look at it: what the browser tests, `make pictures` and the benchmark walk.

Whoever adds a page adds a line here; `test_walk.py` says which page has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stop:
    """One look at a page."""

    name: str
    """Name of its address in the site's `urls.py` or in a room's `PAGES`."""
    path: str
    """Behind the language; `{works}` and the like are keys that `filling.py` or a demo gives."""
    who: str = ""
    """Who looks: a role of the filled workspace, or nobody in particular."""
    picture: bool = True
    """Whether it shows the template as nothing else does; the others are further states for axe and the phone."""

    def at(self, keys: Mapping[str, str]) -> str:
        """The path with keys filled in."""
        return self.path.format(**keys)


OFFICER, AUDITOR, ADMINISTRATOR = "officer", "auditor", "administrator"
REVIEWER, MANAGER = "reviewer", "manager"

STOPS = (
    Stop("home", ""),
    Stop("home", "", OFFICER),
    Stop("tasks", "tasks/", OFFICER),
    Stop("records", "records/"),
    Stop("kind", "records/organisation/"),
    Stop("kind", "records/organisation/?sort_of=institute&sort=title", OFFICER),
    Stop("kind", "records/person/", picture=False),
    Stop("new", "records/organisation/new/", OFFICER),
    Stop("import", "records/organisation/import/", OFFICER),
    Stop("record", "record/{works}/"),
    Stop("record", "record/{works}/", OFFICER),
    Stop("record", "record/{long}/", OFFICER, picture=False),
    Stop("edit", "record/{works}/edit/", OFFICER),
    Stop("move", "record/{works}/move/close/", OFFICER),
    Stop("history", "record/{works}/history/", OFFICER),
    Stop("compare", "record/{works}/history/compare/", OFFICER),
    Stop("past", "record/{works}/history/1/", OFFICER),
    Stop("audit of", "record/{works}/audit/", AUDITOR),
    Stop("lists", "lists/"),
    Stop("series", "lists/invented-list/"),
    Stop("issue", "lists/invented-list/1/"),
    Stop("next issue", "lists/invented-list/next/", OFFICER),
    Stop("declare series", "series/new/?kind=organisation", OFFICER),
    Stop("change series", "lists/invented-list/change/", OFFICER, picture=False),
    Stop("next issue", "lists/invented-list/next/?find=listed", OFFICER, picture=False),
    Stop("reviewers", "record/{works}/reviewers/", OFFICER),
    Stop("erase record", "record/{works}/erase/", ADMINISTRATOR),
    Stop("rate target", "targets/cn-future-industries-2024/strength-2027/rate/", OFFICER),
    Stop(
        "declare indicator",
        "targets/cn-future-industries-2024/strength-2027/indicator/",
        OFFICER,
        picture=False,
    ),
    Stop("add value", "targets/cn-future-industries-2024/strength-2027/value/", OFFICER, picture=False),
    Stop("accounts", "accounts/", ADMINISTRATOR),
    Stop("invite", "accounts/invite/", ADMINISTRATOR),
    Stop("account", "accounts/{member}/", ADMINISTRATOR),
    Stop("give role", "accounts/{member}/role/", ADMINISTRATOR, picture=False),
    Stop("change account", "accounts/{member}/edit/", ADMINISTRATOR, picture=False),
    Stop("act on account", "accounts/{member}/erase/", ADMINISTRATOR),
    Stop("jobs", "jobs/", ADMINISTRATOR),
    Stop("api", "api/"),
    Stop("api resource", "api/records/?kind=organisation"),
    Stop("targets", "targets/"),
    Stop("target", "targets/cn-future-industries-2024/products-2025/"),
    Stop("alerts", "alerts/", OFFICER),
    Stop("rules", "watch/", OFFICER),
    Stop("rules", "watch/?record={works}", OFFICER),
    Stop("rule", "watch/{rule}/", OFFICER),
    Stop("mentions", "dossier/mentions/?of={works}", OFFICER),
    Stop("link", "dossier/link/?to={technology}", OFFICER),
    Stop("record", "record/{technology}/", OFFICER),
    Stop("suggest", "search/suggest/?q=inv"),
    Stop("duplicates", "duplicates/", OFFICER),
    Stop("search", "search/?q=batteries"),
    Stop("search", "search/?q=电池", OFFICER, picture=False),
    Stop("search", "search/?q=zzzzqq", picture=False),
    Stop("search", "search/", picture=False),
    Stop("audit", "audit/", AUDITOR),
    Stop("packs", "packs/"),
    Stop("pack", "packs/cn-future-industries-2024/"),
    Stop("pack entry", "packs/cn-future-industries-2024/energy/"),
    Stop("clauses", "clauses/"),
    Stop("profile", "account/profile/", OFFICER),
    Stop("account_login", "account/login/"),
    Stop("account_reset_password", "account/password/reset/", picture=False),
    Stop("account_email", "account/email/", OFFICER, picture=False),
    Stop("account_change_password", "account/password/change/", OFFICER, picture=False),
    Stop("mfa_index", "account/2fa/", OFFICER, picture=False),
    Stop("usersessions_list", "account/sessions/", OFFICER, picture=False),
    Stop("workload", "reviews/workload/", OFFICER),
    Stop("reviews", "reviews/", REVIEWER),
    Stop("review", "reviews/{review}/", REVIEWER),
    Stop("give task back", "reviews/{review}/back/", REVIEWER, picture=False),
    Stop("reviewer profile", "reviews/me/", REVIEWER),
    Stop("declare conflict", "reviews/me/conflict/", REVIEWER, picture=False),
    Stop("workload", "reviews/workload/", REVIEWER, picture=False),
    Stop("tasks", "tasks/", REVIEWER, picture=False),
    Stop("hand in", "calls/{open_call}/hand-in/", MANAGER),
    Stop("submission", "submissions/{reviewed}/", MANAGER),
    Stop("submission", "submissions/{selected}/", picture=False),
    Stop("submission", "submissions/{selected}/", MANAGER, picture=False),
    Stop("recommend", "calls/{open_call}/recommend/", OFFICER),
    Stop("calls", "calls/"),
    Stop("calls", "calls/?phase=cancelled", picture=False),
    Stop("call", "calls/{open_call}/"),
    Stop("call", "calls/{finished_call}/", OFFICER, picture=False),
    Stop("record", "record/{reviewing_call}/", OFFICER, picture=False),
    Stop("draw", "calls/{finished_call}/draws/{draw}/"),
    Stop("board", "calls/{reviewing_call}/board/", OFFICER),
    Stop("call submissions", "calls/{reviewing_call}/submissions/", OFFICER),
    Stop("judged submission", "calls/{reviewing_call}/submissions/{reviewed}/", OFFICER),
    Stop("stage reviewers", "calls/{reviewing_call}/stages/1/reviewers/", OFFICER),
    Stop("draw reviewers", "calls/{open_call}/stages/1/draw/", OFFICER, picture=False),
    Stop("assign reviewers", "calls/{reviewing_call}/stages/1/assign/", OFFICER, picture=False),
    Stop("stage conflicts", "calls/{reviewing_call}/stages/1/conflicts/", OFFICER, picture=False),
    Stop("stage tasks", "calls/{reviewing_call}/stages/1/tasks/", OFFICER),
    Stop("replace reviewer", "calls/{reviewing_call}/replace/{task}/", OFFICER, picture=False),
    Stop("standings", "calls/{reviewing_call}/stages/1/standings/", OFFICER),
    Stop("decide stage", "calls/{reviewing_call}/stages/1/decide/", OFFICER),
    Stop("objections", "calls/{finished_call}/objections/", OFFICER, picture=False),
    Stop("confirm selected", "calls/{finished_call}/confirm/", OFFICER, picture=False),
    Stop("replay", "calls/{finished_call}/replay/?again=on", OFFICER),
    Stop("lookout", "lookout/"),
    Stop("lookout", "lookout/?as-of=2017", OFFICER, picture=False),
    Stop("concepts", "lookout/concepts/"),
    Stop("concepts", "lookout/concepts/?state=emerging&sort=-growth", OFFICER, picture=False),
    Stop("concepts", "lookout/concepts/?as-of=2019", picture=False),
    Stop("concepts", "lookout/concepts/?words=zzzz", picture=False),
    Stop("concept", "lookout/concepts/glass-battery/"),
    Stop("concept", "lookout/concepts/vibration-qubit/", OFFICER, picture=False),
    Stop("concept documents", "lookout/concepts/glass-battery/documents/?year=2020"),
    Stop("concept leaders", "lookout/concepts/glass-battery/leaders/", picture=False),
    Stop("concept spellings", "lookout/concepts/glass-battery/spellings/", picture=False),
    Stop("technologies", "lookout/technologies/"),
    Stop("technology", "lookout/technologies/2020-moss-cathode/"),
    Stop("technology documents", "lookout/technologies/2020-moss-cathode/documents/", picture=False),
    Stop("technology leaders", "lookout/technologies/2020-moss-cathode/leaders/", picture=False),
    Stop("tracks", "lookout/tracks/"),
    Stop("track", "lookout/tracks/cn-future-industries-2024/new-energy-storage/"),
    Stop(
        "track leaders", "lookout/tracks/cn-future-industries-2024/new-energy-storage/leaders/", picture=False
    ),
    Stop("lookout map", "lookout/map/"),
    Stop("lookout map", "lookout/map/?colour=growth&q=zzzzqq", picture=False),
    Stop("radar", "lookout/radar/"),
    Stop("radar", "lookout/radar/?rings=growth", picture=False),
    Stop("compare years", "lookout/compare/"),
    Stop("scoreboard", "lookout/scoreboard/"),
    Stop("positions", "lookout/positions/"),
    Stop("links", "lookout/links/"),
    Stop("candidates", "lookout/candidates/"),
    Stop("candidate", "lookout/candidates/glass-battery/"),
    Stop("methods", "lookout/methods/"),
    Stop("document", "lookout/documents/{document}/"),
    Stop("enterprises", "enterprises/"),
    Stop("funnel", "enterprises/funnel/", OFFICER),
    Stop("assess", "enterprises/quality-sme/"),
    Stop("assess", "enterprises/high-tech/?on=2025-06-30", OFFICER, picture=False),
    Stop("assess table", "enterprises/quality-sme/table/"),
    Stop("enterprise years", "enterprises/quality-sme/of/{works}/", OFFICER),
    Stop("opportunities", "opportunities/"),
    Stop("opportunities", "opportunities/", "manager", picture=False),
    Stop("benchmarks", "opportunities/benchmarks/"),
    Stop("cases", "cases/"),
    Stop("cases", "cases/?q=melted&sort=change", picture=False),
    Stop("case", "cases/{case}/"),
    Stop("record", "record/{opportunity}/", "manager", picture=False),
    Stop("new", "records/opportunity/new/", "manager", picture=False),
)

NO_PAGE = {
    "front": "leads to the first page", "health": "for machines", "drawing program": "a script", "favicon": "a picture",
    "issue file": "a file", "series feed": "a feed", "public feed": "a feed", "private feed": "a feed",
    "assess template": "a file",
    "template": "a file", "export": "a file", "file": "a file", "acknowledge": "takes a form and leads back",
    "act on rule": "takes a form and leads back", "act on channel": "takes a form and leads back",
    "revoke token": "takes a form and leads back",
    "new token": "takes a form and shows the profile", "stop mails": "without the frame, tested in test_pages.py",
    "keep new": "keeps a draft and leads back", "keep edit": "keeps a draft and leads back",
    "keep move": "keeps a draft and leads back", "retry job": "takes a form and leads back",
    "job": "looked at in test_managing.py, where there is a job", "end role": "looked at in test_managing.py",
    "undo merge": "looked at in test_managing.py, where there is a merge",
    "compare issues": "looked at in test_managing.py, where there are two issues",
    "grow": "takes a form and leads to the form of what was made", "citation": "a file",
    "pair": "looked at in test_duplicates.py, where there is a pair",
    "end conflict": "looked at in tests/review, where there is one",
    "object": "looked at in tests/review, while a notice runs",
    "keep review": "keeps a draft and leads back", "remark": "takes a form and leads back", "handed file": "a file",
    "draw candidates": "a file", "answer objection": "looked at in test_officer_pages.py, where there is an objection",
}  # fmt: skip
"""Addresses that are no page of their own, and why."""
