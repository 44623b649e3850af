# SPDX-License-Identifier: Apache-2.0
"""The checks of `healthtopics` in Weblate; `healthtopics` itself runs as a separate process."""
