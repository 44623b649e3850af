"""The words of feeds, pages and cards."""

from typing import Final

from healthtopics.delivery.message import Wording

TITLE: Final = Wording(en="Health topics", es="Temas de salud")
RESULTS: Final = Wording(en="Results for {asked}", es="Resultados para {asked}")
NO_RESULTS: Final = Wording(
    en="There is no health topic on this.", es="No hay ningún tema de salud sobre esto."
)
BROADER: Final = Wording(
    en="There is no topic on exactly {code}. This one covers more than that.",
    es="No hay un tema específico sobre {code}. Este es más general.",
)
RELATED: Final = Wording(
    en="There is no topic with the name {name}. This one may be about something else.",
    es="No hay ningún tema con el nombre {name}. Este puede tratar de otra cosa.",
)
UPDATED: Final = Wording(en="Last updated", es="Última actualización")
ALSO_IN: Final = Wording(en="Also in", es="También en")
ELSEWHERE: Final = Wording(en="Available only in another language", es="Disponible solo en otro idioma")
READ: Final = Wording(en="Read the whole page", es="Lea la página completa")
CARD: Final = Wording(en="Information for the patient: {title}", es="Información para el paciente: {title}")
LANGUAGES: Final = {"en": "English", "es": "Español"}
"""Names of languages in themselves; others are shown by their tags."""
