# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of a Weblate for one run of tests; what differs from its example."""

import os

from weblate.settings_example import *  # noqa: F403 - as Weblate's manual says

ROOT = os.environ["WEBLATE_ROOT"]
DATA_DIR = f"{ROOT}/data"
CACHE_DIR = f"{DATA_DIR}/cache"
STATIC_ROOT = f"{CACHE_DIR}/static"
SITE_DOMAIN = "localhost"
SECRET_KEY = "of a test"  # noqa: S105 - nobody else reaches it
DATABASES["default"].update(HOST="127.0.0.1", PORT=os.environ["WEBLATE_DATABASE"])  # noqa: F405 - of the example
CELERY_BROKER_URL = CELERY_RESULT_BACKEND = f"redis://127.0.0.1:{os.environ['WEBLATE_REDIS']}"
CACHES["default"]["LOCATION"] = f"{CELERY_BROKER_URL}/1"  # noqa: F405 - as above
CELERY_TASK_ALWAYS_EAGER = True
OTP_WEBAUTHN_RP_ID = "localhost"
OTP_WEBAUTHN_ALLOWED_ORIGINS = ["http://localhost"]
VCS_FILE_PROTOCOL = True
WEBLATE_MACHINERY = ()
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
LOGGING = {"version": 1}
CHECK_LIST = (
    "healthtopics_weblate.checks.HealthTopicsCheck",
    "healthtopics_weblate.checks.HealthTopicsHintCheck",
)
HEALTHTOPICS_COMMAND = (os.environ["HEALTHTOPICS"], "lsp")
