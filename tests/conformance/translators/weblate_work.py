# SPDX-License-Identifier: GPL-3.0-or-later
"""What people do in a Weblate; it runs within Weblate's own Python, and prints what it saw as JSON."""

import json
import subprocess
import sys
from pathlib import Path

import django

django.setup()

from weblate.auth.models import User  # noqa: E402 - Django must be set up before
from weblate.trans.models import Component, Project  # noqa: E402 - as above
from weblate.utils.state import STATE_TRANSLATED  # noqa: E402 - as above

plan = json.loads(sys.argv[1])
repository, outside, english = plan["repository"], plan["outside"], plan["english"]
CATALOGUE = "locales/es/LC_MESSAGES/miscarriage.po"


def git(*words: str) -> str:
    return subprocess.run(["git", "-C", outside, *words], check=True, capture_output=True, text=True).stdout


ann = User.objects.create_user("ann", "ann@example.org", "secret", full_name="Ann")
topics = Project.objects.create(
    name="Topics", slug="topics", web="https://example.org", set_language_team=False
)
shipped = json.loads(Path(outside, "locales/weblate.json").read_text())["results"]
(settings,) = [each for each in shipped if each["slug"] == "miscarriage"]
component = Component.objects.create(
    project=topics,
    vcs="git",
    repo=f"file://{repository}",
    push=f"file://{repository}",
    branch="main",
    enforced_checks=["healthtopics"],
    **settings,
)
spanish = component.translation_set.get(language_code="es")
seen = {"checks": sorted({check.name for unit in spanish.unit_set.all() for check in unit.check_set.all()})}


def translate(source: str, target: str) -> dict[str, object]:
    unit = spanish.unit_set.get(source=source)
    unit.translate(ann, target, STATE_TRANSLATED)
    unit = spanish.unit_set.get(source=source)
    return {
        "is_translated": unit.translated,
        "checks": {check.name: str(check.get_description()) for check in unit.check_set.all()},
    }


seen["wrong"] = translate(english, plan["wrong"])
seen["right"] = translate(english, plan["right"])
spanish.commit_pending("test", ann)
component.push_repo(None)
git("pull", "--quiet")
seen["diff"] = git("diff", "--unified=0", "HEAD~1", "--", CATALOGUE)

# Somebody else, in another minute, while a commit waits here.
file = Path(outside, CATALOGUE)
text = file.read_text()
dated = next(line for line in text.splitlines() if line.startswith('"PO-Revision-Date'))
text = text.replace(dated, '"PO-Revision-Date: 2031-01-01 00:00+0000\\n"')
file.write_text(text.replace(plan["before"], plan["after"]))
git("commit", "--quiet", "--all", "--message", "Outside")
git("push", "--quiet")
translate(english, plan["again"])
spanish.commit_pending("test", ann)
seen["merged"] = component.do_update(None)
seen["alerts"] = [alert.name for alert in component.alert_set.all()]
seen["both"] = Path(component.full_path, CATALOGUE).read_text()
print(json.dumps(seen))  # noqa: T201 - the answer
