# %% [markdown]
# # Foretrack in a notebook
# Every cell below runs in the tests, on the invented folder that comes with the package.

# %%
from importlib import resources
from tempfile import mkdtemp

import foretrack
from foretrack.foundation.errors import EvidenceError

exports = resources.files("foretrack.samples") / "mini"
lookout = foretrack.open(mkdtemp())

# %% [markdown]
# Read a folder of exports: one row per file, and read = kept + merged + rejected.

# %%
files = lookout.ingest(str(exports))
print(files[["file", "read", "kept", "merged", "rejected"]])

# %% [markdown]
# What was emerging as of 2022? The frame has one row per ranked concept.

# %%
ranked = lookout.scan(as_of=2022)
print(ranked[["rank", "label", "state", "growth", "n_recent"]].head())
print(ranked.attrs["n_not_enough_evidence"], "concepts more have not enough evidence")

# %% [markdown]
# And what was known three years earlier? Nothing later than 2019 is looked at.

# %%
earlier = lookout.scan(as_of=2019)
both = ranked.merge(earlier, on="concept", how="left", suffixes=("", "_2019"))
print(both[["label", "rank", "rank_2019"]].head())

# %% [markdown]
# From a number to the documents behind it.

# %%
first = ranked["concept"].iloc[0]
page = lookout.show(first, as_of=2022)
for document in page.evidence[:3]:
    print(document.year, document.title, document.doi)
why = lookout.explain(first, as_of=2022)
print(*why.state_because, sep="\n")

# %% [markdown]
# What belongs together, who leads, and what a person should look at. Too little evidence is an error that says what
# it needs.

# %%
technologies = lookout.technologies(as_of=2022)
print(technologies[["rank", "label", "stage", "n_recent"]].head())
print(lookout.positions(as_of=2022)[["rank", "label", "share", "share_low", "share_high"]].head())
print(lookout.candidates(as_of=2022)[["label", "stage", "proposed"]].head())
try:
    lookout.links(as_of=2022)
except EvidenceError as error:
    print(error)

# %% [markdown]
# A page to hand on.

# %%
report = lookout.report(f"{lookout.workspace.root}/report.html", as_of=2022)
print(report.stat().st_size > 10_000)
