"""What Spanish says about numbers, units, dates and polarity."""

from typing import Final

from healthtopics.reading.lexicon import Words

SPANISH: Final = Words(
    cardinals={
        "cero": 0, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8,
        "nueve": 9, "diez": 10, "once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15,
        "dieciséis": 16, "diecisiete": 17, "dieciocho": 18, "diecinueve": 19, "veinte": 20,
        "veintiuno|veintiún|veintiuna": 21, "veintidós": 22, "veintitrés": 23, "veinticuatro": 24,
        "veinticinco": 25, "veintiséis": 26, "veintisiete": 27, "veintiocho": 28, "veintinueve": 29,
        "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70, "ochenta": 80,
        "noventa": 90, "doscientos|doscientas": 200, "trescientos|trescientas": 300,
        "cuatrocientos|cuatrocientas": 400, "quinientos|quinientas": 500, "seiscientos|seiscientas": 600,
        "setecientos|setecientas": 700, "ochocientos|ochocientas": 800, "novecientos|novecientas": 900,
        "docena": 12, "media docena": 6, "medio millón": 500_000,
        "triple|triples|triplica|triplican|triplicar|triplicado": 3,
    },
    vague_cardinals={
        "uno|una sola|un solo|una vez|única|único|unos|unas": 1,
        "ambos|ambas|par|pareja|doble|dobles|duplica|duplican": 2,
        "duplicar|duplicado|duplicada|los dos|las dos|mellizos|gemelos": 2, "docenas|decenas": 12,
        "cientos|centenares": 100, "miles|millares": 1000,
        "cuádruple": 4, "quincena": 15, "otro|otra": 1,
    },
    ordinals={
        "vigésimo|vigésima": 20, "trigésimo|trigésima": 30, "duodécimo|duodécima": 12,
    },
    vague_ordinals={
        "primero|primera|primer|primeros|primeras": 1, "segunda|segundas|segundo": 2,
        "tercero|tercera|tercer|terceros|terceras": 3, "cuarta|cuarto": 4, "quinto|quinta": 5,
        "sexto|sexta": 6, "séptimo|séptima": 7, "octavo|octava": 8, "noveno|novena": 9, "décimo|décima": 10,
        "undécimo|undécima": 11,
    },
    parts={
        "mitad": 1 / 2, "tercio|tercios|tercera parte|terceras partes": 1 / 3,
        "cuarta parte|cuartas partes": 1 / 4, "quinta parte|quintas partes": 1 / 5, "sexta parte": 1 / 6,
        "octava parte": 1 / 8, "décima parte": 1 / 10, "tres cuartos": 3 / 4, "un cuarto de": 1 / 4,
        "un quinto de": 1 / 5, "un décimo de": 1 / 10,
    },
    vague_parts={
        "medio|media|medios|medias|semi": 1 / 2, "cuartos": 1 / 4, "a la mitad|a mitad": 1 / 2,
    },
    scales={
        "cien|ciento": 100, "mil": 1000, "millón|millones": 1e6, "billón|billones": 1000000000000.0,
        "trillón": 1e+18,
    },
    periods={
        "quincenal|quincenales|quincenalmente": (2, "week"),
        "bimestral|bimestrales|bimestralmente": (2, "month"),
        "trimestral|trimestrales|trimestralmente": (3, "month"),
        "semestral|semestrales|semestralmente": (6, "month"),
        "un día sí y otro no|un día sí y un día no|un día sí, un día no|día por medio": (2, "day"),
        "en días alternos|días alternos|un día sí y uno no|pasando un día": (2, "day"),
        "una semana sí y otra no|semana por medio|semanas alternas": (2, "week"),
        "mes por medio": (2, "month"), "año por medio|años alternos": (2, "year"),
    },
    articles="un|una",
    units={
        "ug": "microgramo|microgramos", "mg": "miligramo|miligramos", "g": "gramo|gramos",
        "kg": "kilogramo|kilogramos|kilo|kilos", "oz": "onza|onzas|onza líquida|onzas líquidas",
        "lb": "libra|libras", "ml": "mililitro|mililitros", "l": "litro|litros",
        "dl": "decilitro|decilitros",
        "tsp": "cucharadita|cucharaditas|cdta|cdtas|cdita|cucharilla|cucharillas",
        "tbsp": "cucharada|cucharadas|cda|cdas|cucharada sopera|cucharadas soperas", "cup": "taza|tazas",
        "glass": "vaso|vasos|copa|copas", "pint": "pinta|pintas", "gallon": "galón|galones",
        "mm": "milímetro|milímetros", "cm": "centímetro|centímetros", "m": "metro|metros",
        "km": "kilómetro|kilómetros", "in": "pulgada|pulgadas", "ft": "pie|pies", "yd": "yarda|yardas",
        "mile": "milla|millas", "c": "grados celsius|grados centígrados|grados c|celsius|centígrados",
        "f": "grados fahrenheit|grados f|fahrenheit", "degree": "grado|grados",
        "%": "por ciento|puntos porcentuales", "iu": "unidad internacional|unidades internacionales",
        "u": "unidad|unidades", "meq": "miliequivalente|miliequivalentes", "mmol": "milimol|milimoles",
        "mmhg": "milímetros de mercurio", "kcal": "caloría|calorías|kilocalorías", "s": "segundo|segundos",
        "min": "minuto|minutos", "h": "hora|horas", "day": "día|días|días hábiles",
        "week": "semana|semanas", "month": "mes|meses", "year": "año|años|añitos",
        "decade": "década|décadas", "night": "noche|noches",
        "tablet": "tableta|tabletas|pastilla|pastillas|comprimido|comprimidos|píldora|píldoras",
        "capsule": "cápsula|cápsulas", "drop": "gota|gotas",
        "puff": "inhalación|inhalaciones|bocanada|bocanadas|soplo|soplos",
        "spray": (
            "rociada|rociadas|pulverización|pulverizaciones|atomización|atomizaciones|aplicación"
            "|aplicaciones|disparo|disparos|rocío|rocíos"
        ),
        "patch": "parche|parches", "dose": "dosis|toma|tomas",
        "shot": "inyección|inyecciones|vacuna|vacunas|pinchazo|pinchazos", "time": "vez|veces",
        "serving": "porción|porciones", "pack": "paquete|paquetes|cajetilla|cajetillas", "kg2": "kg/m2",
    },
    pers={
        "day": (
            "al día|por día|cada día|diario|diarios|diaria|diarias|diariamente|todos los días|a diario"
            "|por noche|cada noche|todas las noches|/día|/dia|a cada día"
        ),
        "week": (
            "a la semana|por semana|cada semana|semanal|semanales|semanalmente|todas las semanas|/semana"
        ),
        "month": "al mes|por mes|cada mes|mensual|mensuales|mensualmente|todos los meses|/mes",
        "year": "al año|por año|cada año|anual|anuales|anualmente|todos los años",
        "h": "por hora|a la hora|cada hora|/hora|la hora", "min": "por minuto|al minuto|cada minuto",
    },
    before={
        ">": (
            "al menos|por lo menos|como mínimo|un mínimo de|mínimo de|mínimo|más de|más del|mayor de"
            "|mayores de|adultos mayores de|personas mayores de|adulto mayor de|mayor que|mayores que"
            "|mayor a|mayores a|superior a|superior al|superiores al|superiores a|por encima de"
            "|no menos de|a partir de|pasa de|pasan de|supera|superan|supere|superen|exceda|excede"
            "|mínimo por|cuando menos|arriba de|después de los|pasados los|más allá de|más de los"
            "|desde los|por arriba de|mayores de los|los mayores de|o mayores de|o mayor de|o más de"
            "|o superior a"
            "|y más de|y mayores de"
        ),
        "<": (
            "como máximo|un máximo de|máximo de|máximo|menos de|menos del|menor de|menores de|menor que"
            "|menores que|menor a|menores a|inferior a|inferior al|inferiores al|inferiores a"
            "|por debajo de|hasta|no más de|no mayor de|no mayor a|a lo sumo|no supere|no superar"
            "|no exceda|no exceder|no pase de|no mayores de|a más tardar|debajo de|a lo más|no superior a"
            "|no debe exceder|no debe superar|sin exceder|sin superar|no sobrepase|menos que|antes de los"
            "|cuando mucho|hasta un máximo de|no excede|no supera|no exceden|no superan|no más que"
            "|no deben superar|no deben exceder|no se deben exceder|no se deben superar|o menores de"
            "|o menor de|o menos de|o inferior a|y menos de|y menores de"
        ),
        "@": "cada|a cada",
    },
    after={
        ">": (
            "o más|o mayor|o mayores|o superior|o superiores|en adelante|como mínimo|por lo menos"
            "|al menos|y más|o más alta|o más alto|o más años|o más tarde|o por encima|o más altas"
            "|y mayores|mínimo|o por arriba|o después"
        ),
        "<": (
            "o menos|o menor|o menores|o inferior|o inferiores|como máximo|a lo sumo|y menos|o más baja"
            "|o más bajo|o antes|y menores|máximo|a lo más"
        ),
    },
    months=(
        "enero|ene", "febrero|feb", "marzo|mar", "abril|abr", "mayo", "junio|jun", "julio|jul",
        "agosto|ago", "septiembre|setiembre|sept|sep", "octubre|oct", "noviembre|nov", "diciembre|dic",
    ),
    weekdays=(
        "lunes", "martes", "miércoles", "jueves", "viernes", "sábado|sábados", "domingo|domingos",
    ),
    times={
        "mediodía": 720, "medio día": 720, "medianoche": 0, "media noche": 0,
    },
    half_days={
        "a": "de la mañana|de la madrugada", "p": "de la tarde|del mediodía", "n": "de la noche",
    },
    orders={
        "apply": "aplique|ponga|unte|frote", "breastfeed": "amamante|dé el pecho|lacte",
        "breathe": "respire", "call": "llame|telefonee", "change": "cambie|modifique",
        "chew": "mastique|masque", "crush": "triture|aplaste|machaque|muela|parta|rompa", "cut": "corte",
        "double": "duplique|doble|tome el doble|tome una dosis doble", "drink": "beba|tome|ingiera",
        "drive": "conduzca|maneje", "eat": "coma|ingiera|consuma|tome", "give": "dé|administre|dele",
        "inject": "inyecte|aplique|administre", "keep": "guarde|mantenga|conserve|almacene",
        "leave": "deje", "lift": "levante|cargue|alce", "mix": "mezcle|combine", "move": "mueva|traslade",
        "open": "abra", "put": "ponga|coloque|introduzca|meta|inserte",
        "remove": "quite|retire|saque|extraiga", "rub": "frote|rasque|masajee|restriegue",
        "see": "consulte|acuda|vea|visite|vaya", "share": "comparta", "shake": "sacuda|agite|zarandee",
        "sleep": "duerma", "smoke": "fume", "start": "empiece|comience|inicie",
        "stop": "deje|suspenda|interrumpa|pare|abandone", "swallow": "trague", "swim": "nade",
        "take": "tome|use|utilice|emplee|ingiera", "tell": "diga|informe|avise|pregunte|consulte",
        "touch": "toque", "try": "intente|pruebe|trate", "wash": "lave|enjuague|limpie",
        "wear": "use|lleve|póngase|vista",
    },
    musts={
        "only": (
            "solo|sólo|sola|solos|solas|solamente|únicamente|exclusivamente|exclusivo|exclusiva|único|única"
            "|únicos|únicas|apenas|nada más|más que|sino|salvo|excepto|menos|limita|limite|limitan|máximo"
            "|simplemente|hasta|a menos que|a no ser que|por sí|meramente|pocos|pocas|poco"
        ),
        "even": (
            "aunque|aun|aún|incluso|a pesar|pese|si bien|así|siquiera|por más|por mucho|ni|también|todavía"
        ),
        "both": (
            "ambos|ambas|dos|los dos|las dos|otro|otra|cada|tanto|uno y otro|una y otra|2|par|bilateral"
            "|bilaterales"
            "|ojos|oídos|orejas|manos|pies|brazos|piernas|lados|riñones|pulmones|senos|mamas|pechos|ovarios"
            "|padres|rodillas|caderas|mamá|madre"
        ),
    },
    exceptions=(
        "salvo|salvo que|salvo si|salvo cuando|excepto|excepto que|excepto si|excepto cuando|a menos que"
        "|a no ser que|como no sea que|con tal de que no"
    ),
    substitutes=(
        "mantenga|mantener|manténgase|mantenerse|permanezca|permanecer|quédese|quede|asegúrese"
        "|preste atención|calma|tranquilo|tranquila|todas|todos|siempre|siga|sigue|siguen|continúe|continúa"
        "|primero|fuera|solamente|tire|bote|retire|aparte|proteja|rechace|reemplace|sustituya|lávese|mal|peor|despacio"
    ),
    concords="nunca|jamás|tampoco",
    negations=(
        "no|no solo|no sólo|no solamente|sin|sin apretar|sin vacunar|sin controlar|ya no"
        "|no pasteurizado|no pasteurizada|no pasteurizados"
        "|sin pasteurizar|sin cocinar|sin cocer|evitar|evite|eviten|evítelo|evítela|evítelos|evítelas"
    ),
    exclusions=(
        "solo si|sólo si|solamente si|únicamente si|solo cuando|sólo cuando|solo después|espere a que"
        "|espere hasta que|espere a|solo bajo|sólo bajo|únicamente bajo|solo con|sólo con|únicamente con"
        "|solo por indicación"
    ),
    echoes="nadie|nada|ningún|ninguno|ninguna|ningunos|ningunas|ni|ni siquiera",
    denials=(
        "no solo|no sólo|no solamente|casi nunca|hasta que no"
        "|hasta que|no dude|no olvide|no se olvide|no olvidar|no lo olvide|o no|sin duda|sin importar"
        "|evitarse|evita|evitan|evitando|deje el|deje la|deje su|dejar el|dejar la|dejar su|deje de"
        "|dejar de|deja de|dejan de|dejado de|dejó de|suspender|suspenda"
        "|suspende|interrumpa|interrumpir|abstenerse|absténgase|imposible|incapaz|incapaces|incapacidad"
        "|raro|rara|raras|raros|raramente|rara vez|raras veces|poco|poca|pocos|pocas|apenas|casi|falta"
        "|faltan|faltar|falte|faltas|carece|carecen|carencia|libre|libres|ausencia|ausente|desconoce"
        "|desconocen|desconocido|desconocida|desconocidos|desconocidas|ignora|ignorar|ignore"
        "|imposibilidad|inseguro|insegura|inseguros|peligroso|peligrosa|peligrosos|peligrosas|fracaso"
        "|fracasan|falla|fallan|falle|fallo|omita|omitir|omite|omitió|salte|saltarse|saltar|olvida|olvidó"
        "|diferente|diferentes|distinto|distinta|distintos|distintas|falso|falsa|falsos|falsas|prohibido"
        "|prohibida|prohíbe|contraindicado|contraindicada|contraindicados|contraindicadas|prevenir"
        "|previene|previenen|prevenirse|impedir|impide|impiden|impida|niega|negar|rechaza|rechace"
        "|rechazar|en lugar de|en vez de|independientemente|innecesario|innecesaria|inusual|inusuales"
        "|insuficiente|insuficientes|incorrecto|incorrecta|incompleto|ilegal|lejos|aléjese|alejado"
        "|alejada|mantenerse alejado|difícil|difíciles|solo|sólo|solamente|únicamente|descarta|descartar"
        "|frecuente|frecuentes|común|comunes|vacío|exento|exenta|escaso|escasa|además de|cruda|crudo"
        "|crudos|crudas|contrario|aparte|deseche|no se sabe|casi no|no poder|espere|esperar|espera"
        "|esperando|en caso de duda"
        "|ante la duda|si duda|abstinencia|posponer|posponga|aplazar|aplace|renunciar|renuncie|desaparece"
        "|desaparecen|desaparecer|prescindir|prescinda"
        "|ante la duda|si duda"
        "|ignoran|ignoraba|deséchelo|deséchela|deséchelos|deséchelas|tírelo|tírela|tírelos|tírelas|bótelo"
        "|bótela|desechar|sin perder tiempo|sin demora|sin esperar|sin tardar|sin dudar|sin dilación"
        "|ayune|ayunar|ayunas|en ayunas|ayuno|fuera del alcance|fuera de su alcance|aleje|alejar"
        "|poco común|poco comunes|poco frecuente|poco frecuentes|poco habitual|poco habituales|poco saludable"
        "|poco saludables|pocas veces|casi nadie|casi ninguno|casi ninguna|muy poco|muy poca|muy pocos"
        "|muy pocas|demasiado poco|demasiada poca"
    ),
    denying=(
        r"\b(?:in(?:activ|acepta|adecu|alcanz|apropi|capa|comod|complet|consci|consta|controla|dolor[oa]"
        r"|correct|curab|deseab|doloro|efica|estab|evitab|explic|fertil|frecuen|habitu|móvil|mune"
        r"|necesari|ofensiv|segur|sensib|somni|suficien|tolera|usua|útil|visib)|im(?:pidi|posib"
        r"|potenc|prob|propi|pruden)|ir(?:regul|revers)|des(?:acons|activ|agradi"
        r"|cafein|cart|conoc|contin|control|cremad|graf|grasad|hidrat|nutri)|discontin|antidoping"
        r"|analf|anormal|asintom)\w*"
    ),
    neutral=(
        "de cada|por cada|en cada|sin embargo|no obstante|más o menos|mayor parte|mayoría|adulto mayor"
        "|adultos mayores|personas mayores|persona mayor|por el medio|por medio|en medio|medio ambiente"
        "|a medias|cada vez más|cada vez menos|cada vez|cada vez que|sobre todo|sobre el|sobre la"
        "|sobre los|sobre las|sobre su|sobre sus|además|más información|después de todo|ante todo"
        "|para más|de nada|cuarto de baño|un cuarto de baño|en su cuarto|su cuarto|un cuarto oscuro"
        "|a lo largo|día a día"
        "|hoy en día|algún día|otro día|en cuanto|ante nada|en primer lugar|por primera vez|a la vez"
        "|de una vez|tal vez|una y otra vez|alguna vez|de vez en cuando|a veces|otra vez|cada una"
        "|cada uno|uno mismo|una misma|bajo en|los mayores|tarde o temprano|esta tarde|la tarde"
        "|resfriado común"
        "|así mismo|lo mismo que|hoy mismo|triple viral|bajo control|bajo el"
        "|bajo la|bajo supervisión|bajo los|bajo las|bajo su|bajo techo|bajo de|más bien|el bajo vientre"
        "|bajo vientre|segundo plano"
    ),
    poles={
        "+time": "después|tras|posterior|posteriormente|luego",
        "-time": "antes|previo|previa|previamente|anterior|anteriores|anteriormente",
        "+amount": (
            "duplica|duplican|duplicar|duplique|duplicado|duplicada|doble|dobles|el doble|triplica|triplican"
            "|exceso|en exceso|demasiado|demasiada|más|mayor|mayores|alto|alta|altos|altas|elevado"
            "|elevada|elevados|elevadas|superior"
            "|superiores|o más|y más|sube|suben|subir|suba|subió|crece|crecen|ganar peso|gana peso|ganan peso"
            "|gane peso|engordar|engorda|engordan|engorde"
        ),
        "-amount": (
            "menos|o menos|y menos|menor|menores|bajo|baja|bajos|bajas|bajar|bajan|baje|bajó|inferior"
            "|inferiores|poco"
            "|poca|pocos|pocas|mínimo|mínima|leve|leves|más bajo|más baja|más bajos|más bajas|más pequeño"
            "|más corto|más pequeña|más corta|más jóvenes|más joven|más débil|más leve|más leves|limitar"
            "|perder peso|pierde peso|pierden peso|pierda peso|pérdida de peso|adelgazar|adelgaza|adelgazan"
            "|adelgace|limite|abajo|débil|débiles|descenso|más pequeños|más pequeñas|ligero|ligera"
            "|escaso|escasa"
        ),
        "+route": "por la boca|por boca|por vía oral|vía oral|oral|orales|bucal|trague",
        "-route": (
            "intravenoso|intravenosa|vía intravenosa|inyección|inyecciones|inyectable|inyectado|inyectada"
            "|inyecte|inyectar|rectal|subcutánea|subcutáneo|intramuscular|en la vena|en una vena|por la vena"
        ),
        "+exposure": "externo|externa|externos|externas|externamente|exterior",
        "-exposure": "interno|interna|internos|internas|internamente|interior",
        "+chill": (
            "en el refrigerador|en la nevera|en el frigorífico|dentro del refrigerador|refrigere|refrigerado"
            "|refrigerada|refrigerar"
        ),
        "-chill": (
            "fuera del refrigerador|fuera de la nevera|fuera del frigorífico|a temperatura ambiente"
            "|sin refrigerar|sin refrigeración"
        ),
        "+generation": "adulto|adultos|adulta|adultas|persona adulta|personas adultas",
        "-generation": (
            "niño|niños|niña|niñas|bebé|bebés|lactante|lactantes|hijo|hijos|hija|hijas|menores de edad"
            "|infantil|infantiles|pequeños"
        ),
        "+waiting": (
            "espere|esperar|espera|esperen|esperando|demore|demorar|tarde en|posponga|posponer|aplace|aplazar"
            "|postergue|postergar"
        ),
        "-waiting": (
            "de inmediato|inmediatamente|enseguida|en seguida|cuanto antes|lo antes posible|de una vez"
            "|lo más pronto posible|ahora mismo|ya mismo|sin demora|sin esperar|sin tardar|sin dudar"
            "|sin dilación|sin perder tiempo|no dude"
        ),
        "+forgetting": "olvide|olvidar|olvida|olvidó|olvidarse|olvídese",
        "-forgetting": (
            "recuerde|recordar|acuérdese|acordarse|asegúrese|no olvide|no se olvide|no olvidar|no lo olvide"
        ),
        "+ending": (
            "desaparece|desaparecen|desaparezca|desaparezcan|desaparecer|desapareció|se quita|se va|se pasa"
            "|se le quita|se quite|se le pasa"
        ),
        "-ending": (
            "persiste|persisten|persista|persistan|persistir|persistente|sigue|siguen|continúa|continúan"
        ),
        "-course": (
            "persiste|persisten|siente mal|sentirse mal|sintiéndose mal|sigue mal|sigue igual|siguen igual"
        ),
        "+safety": "seguro|segura|seguros|seguras|seguridad|inofensivo|inofensiva|a salvo|inocuo",
        "-safety": (
            "inseguro|insegura|inseguros|inseguras|peligroso|peligrosa|peligrosos|peligrosas|peligro"
            "|dañino|dañina|dañinos|dañinas|nocivo|nociva|perjudicial|riesgoso|riesgosa"
        ),
        "+going": (
            "empiece|empezar|empieza|empiezan|comience|comenzar|comienza|comienzan|inicie|iniciar|inicia"
            "|continúe|continuar|continúa|siga|seguir|sigue|tome|use|coma|beba"
        ),
        "-going": (
            "deje|dejar|deja|dejó|dejado|dejan|suspenda|suspender|suspende|pare|parar|interrumpa"
            "|interrumpir|detener|detenga|detiene|discontinúe|cese|termine"
        ),
        "+often": "siempre", "-often": "nunca|jamás|raramente|rara vez|casi nunca",
        "+warmth": "caliente|calientes|calor|tibia|tibio|tibias|tibios|cálido|cálida|templada",
        "-warmth": (
            "frío|fría|fríos|frías|fresco|fresca|hielo|helado|helada|resfriado|resfriados|resfrío|catarro"
        ),
        "+side": "derecho|derecha", "-side": "izquierdo|izquierda",
        "+fullness": "estómago lleno|con alimentos|con comida|con las comidas|con la comida",
        "-fullness": "estómago vacío|en ayunas|ayunas|ayuno",
        "+test": "positivo|positiva|positivos|positivas", "-test": "negativo|negativa|negativos|negativas",
        "+access": "permite|permiten|permitir|permitido", "-access": "prohíbe|prohíben|prohibido|prohibida",
        "+daytime": (
            "por la mañana|en la mañana|de la mañana|por las mañanas|cada mañana|todas las mañanas"
        ),
        "-daytime": (
            "por la noche|en la noche|de noche|por las noches|cada noche|todas las noches|de la noche"
            "|al acostarse|antes de acostarse|a la hora de acostarse|antes de dormir|por la tarde"
            "|de la tarde|a la hora de dormir|al dormir|nocturno|nocturna"
        ),
        "+limit": "como máximo|a lo sumo|a lo más|cuando mucho|máximo|máxima|máximos|máximas",
        "-limit": "como mínimo|al menos|por lo menos|cuando menos|mínimo|mínima|mínimos|mínimas",
        "+order": "primero|primera|primer|primeros|primeras|inicial|principio",
        "-order": "último|última|últimos|últimas|final",
        "+count": (
            "la mayoría|mayoría|mayor parte|muchos|muchas|casi todos|casi todas|casi todo el mundo"
            "|gran parte|numerosos|numerosas"
        ),
        "-count": (
            "pocos|pocas|muy pocos|muy pocas|minoría|unos pocos|unas pocas|casi nadie|casi ninguno"
            "|casi ninguna"
        ),
        "+rarity": (
            "fuera de lo común|poco común|poco comunes|poco frecuente|poco frecuentes|poco habitual"
            "|poco habituales|raro|rara|raros|raras|rara vez|raras veces|raramente|infrecuente"
            "|infrecuentes|inusual|inusuales|pocas veces|casi nunca|excepcional|excepcionales"
        ),
        "-rarity": (
            "común|comunes|comúnmente|frecuente|frecuentes|frecuentemente|con frecuencia|a menudo"
            "|habitual|habituales|muchas veces"
        ),
        "+exception": "salvo|excepto|a excepción|con excepción|excepción|salvo que|excepto que|menos",
        "-exception": "ni siquiera|incluso|incluido|incluida|incluidos|incluidas|inclusive",
        "+only": "solo|sólo|solamente|únicamente|exclusivamente|único|única",
        "-only": "no solo|no sólo|no solamente|no únicamente",
        "+excess": "demasiado|demasiada|demasiados|demasiadas|exceso|en exceso|excesivo|excesiva",
        "-excess": (
            "muy poco|muy poca|muy pocos|muy pocas|demasiado poco|demasiada poca|demasiado pocos"
            "|insuficiente|insuficientes|poco|poca"
        ),
        "+speed": (
            "acelera|aceleran|acelerar|de repente|repentino|repentina|súbito|súbita|repentinamente"
            "|súbitamente|bruscamente|de golpe|enseguida|de inmediato|rápido|rápida|rápidos|rápidas"
            "|rápidamente|acelerado|acelerada|deprisa|de prisa|velozmente"
        ),
        "-speed": (
            "ralentiza|ralentizar|enlentece|enlentecer|retrasa|retrasar|retarda|frena|frenar|desacelera"
            "|más lento|más lenta|lento|lenta|lentos|lentas|lentamente|despacio|poco a poco|gradual"
            "|gradualmente"
        ),
        "+posture": "boca arriba|de espaldas|bocarriba",
        "-posture": "boca abajo|bocabajo",
        "+earliness": "temprano|temprana|tempranos|tempranas|tempranamente|pronto|precoz|precoces|antes",
        "-earliness": "tarde|más tarde|tardío|tardía|tardíos|tardías|tardíamente",
        "+length": "largo plazo|largo|larga|largos|largas|prolongado|prolongada|mucho tiempo",
        "-length": "corto plazo|corto|corta|cortos|cortas|breve|breves|brevemente|poco tiempo",
        "+lean": "hacia adelante|hacia delante",
        "-lean": "hacia atrás|para atrás",
        "+height": (
            "por encima de|por encima|encima|encima de|por arriba de|arriba de|más arriba|superior"
            "|superiores|arriba|alto|alta"
        ),
        "-height": (
            "por debajo de|por debajo|debajo|debajo de|más abajo|inferior|inferiores|abajo|baja|bajo"
            "|lumbar|cintura|bajo vientre|el bajo vientre"
        ),
        "+tightness": (
            "apretar|apriete|apretando|apretadamente|ajustado|ajustada|ajustados|ajustadas|apretado"
            "|apretada|apretados|apretadas|ceñido|ceñida"
        ),
        "-tightness": (
            "sin apretar|aflojar|afloje|suelto|suelta|sueltos|sueltas|holgado|holgada|holgados|holgadas"
            "|flojo|floja"
        ),
        "+dryness": "seco|seca|secos|secas",
        "-dryness": "húmedo|húmeda|húmedos|húmedas|mojado|mojada|mojados|mojadas",
        "+hardness": "duro|duros|superficie dura|firme|firmes|rígido|rígida",
        "-hardness": "blando|blanda|blandos|blandas|suave|suaves",
        "+opening": "abierto|abierta|abiertos|abiertas",
        "-opening": "cerrado|cerrada|cerrados|cerradas",
        "+severity": (
            "abundante|abundantes|copioso|copiosa|pesado|pesada|pesados|pesadas|grave|graves|intenso"
            "|intensa|intensos|intensas|fuerte|fuertes|severo|severa|gravemente"
        ),
        "-severity": "leve|leves|levemente|ligero|ligera|ligeros|ligeras",
        "+age": (
            "mayor|mayores|anciano|anciana|ancianos|ancianas|adultos mayores|adulto mayor"
            "|personas mayores|persona mayor|más edad|edad avanzada"
        ),
        "-age": "joven|jóvenes|más joven|más jóvenes|menor|menores",
        "+place": "fuera|afuera|al aire libre|en el exterior",
        "-place": "dentro|adentro|en interiores|en el interior",
        "+ease": "fácil|fáciles|fácilmente|con facilidad|facilidad",
        "-ease": "difícil|difíciles|difícilmente|dificultad|dificultades",
        "+health": "saludable|saludables|sano|sana|sanos|sanas",
        "-health": "poco saludable|poco saludables|malsano|malsana|dañino|dañina",
        "+strength": "fuerte|fuertes",
        "-strength": "débil|débiles",
        "+likeness": "mismo|misma|mismos|mismas|igual|iguales",
        "-likeness": "diferente|diferentes|distinto|distinta|distintos|distintas",
        "+thickness": "grueso|gruesa|gruesos|gruesas|espeso|espesa",
        "-thickness": "delgado|delgada|delgados|delgadas|fino|fina|finos|finas",
        "+malignancy": "maligno|maligna|malignos|malignas|canceroso|cancerosa|cancerosos|cancerosas",
        "-malignancy": "benigno|benigna|benignos|benignas",
        "+wakefulness": "despierto|despierta|despiertos|despiertas",
        "-wakefulness": "dormido|dormida|dormidos|dormidas",
        "+rawness": (
            "crudo|cruda|crudos|crudas|poco cocido|poco cocida|poco cocidos|poco cocidas|sin cocinar"
            "|sin cocer"
            "|no pasteurizado|no pasteurizada|no pasteurizados|sin pasteurizar"
        ),
        "-rawness": (
            "cocido|cocida|cocidos|cocidas|cocinado|cocinada|cocinados|cocinadas"
            "|pasteurizado|pasteurizada|pasteurizados|pasteurizadas"
        ),
        "+activity": "activo|activa|activos|activas",
        "-activity": "inactivo|inactiva|inactivos|inactivas|sedentario|sedentaria|sedentarios|sedentarias",
        "+consciousness": "consciente|conscientes",
        "-consciousness": "inconsciente|inconscientes",
        "+protection": "protegido|protegida|protegidos|protegidas",
        "-protection": "desprotegido|desprotegida|desprotegidos|desprotegidas",
        "+vaccination": "vacunado|vacunada|vacunados|vacunadas",
        "-vaccination": "sin vacunar",
        "+control": "controlado|controlada|controlados|controladas",
        "-control": "descontrolado|descontrolada|descontrolados|descontroladas|sin controlar",
        "+stability": "estable|estables",
        "-stability": "inestable|inestables",
        "+regularity": "regular|regulares|regularmente",
        "-regularity": "irregular|irregulares|irregularmente",
        "+completeness": "completo|completa|completos|completas|completamente|por completo",
        "-completeness": "incompleto|incompleta|incompletos|incompletas",
        "+effect": "eficaz|eficaces|efectivo|efectiva|efectivos|efectivas",
        "-effect": "ineficaz|ineficaces",
        "+possibility": "posible|posibles",
        "-possibility": "imposible|imposibles",
        "+men": "hombre|hombres|varón|varones|masculino|masculina|masculinos|masculinas",
        "-men": "mujer|mujeres|femenino|femenina|femeninos|femeninas",
        "+boys": "niño|niños|varón|varones|chico|chicos", "-boys": "niña|niñas|chica|chicas",
        "+direction": "hacia arriba", "-direction": "hacia abajo",
        "+breath": "inhale|inhalar|inspire|inspirar|tome aire",
        "-breath": "exhale|exhalar|espire|espirar|suelte el aire",
        "+cover": "cubierto|cubierta|cubiertos|cubiertas|tapado|tapada|tapados|tapadas",
        "-cover": (
            "descubierto|descubierta|descubiertos|descubiertas|destapado|destapada|destapados"
            "|destapadas"
        ),
        "+width": (
            "ensancha|ensanchan|ensanchar|ensanche|dilata|dilatan|dilatar|dilatado|dilatada|dilatados"
            "|dilatadas|ancho|ancha|anchos|anchas"
        ),
        "-width": (
            "estrecha|estrechan|estrechar|estreche|estrecho|estrechos|estrechas|estrechamiento|angosto"
            "|angosta|angostos|angostas|constriñe|constriñen"
        ),
        "+inflow": "entra|entran|entrar|ingresa|ingresan|ingresar|hacia el interior",
        "-inflow": "sale|salen|salir|fluya fuera|fluye fuera|fluyen fuera|hacia el exterior",
        "+origin": "heredado|heredada|heredados|heredadas|hereditario|hereditaria|hereditarios|hereditarias",
        "-origin": "adquirido|adquirida|adquiridos|adquiridas",
        "+bending": "flexione|flexionar|flexionado|flexionada|doblar|doble|doblado|doblada|dobladas",
        "-bending": (
            "estire|estirar|estirado|estirada|estiradas|enderece|enderezar|extienda|extender|extendida"
        ),
        "+push": "empuje|empujar|empuja|oprima|oprimir|presione|presionar|pulse",
        "-push": "jale|jalar|jala|hale|halar|tire de|tirar de",
        "+normality": "normal|normales",
        "-normality": "anormal|anormales|fuera de lo normal|poco normal",
        "+visibility": "visible|visibles",
        "-visibility": "invisible|invisibles",
        "+will": "voluntario|voluntaria|voluntarios|voluntarias|voluntariamente",
        "-will": "involuntario|involuntaria|involuntarios|involuntarias|involuntariamente",
        "+fertility": "fértil|fértiles",
        "-fertility": "infértil|infértiles|estéril|estériles",
        "+location": "interno|interna|internos|internas|interior|interiores|internamente",
        "-location": "externo|externa|externos|externas|exterior|exteriores|externamente",
        "+front": "delante|delante de|enfrente|enfrente de|frente a",
        "-front": "detrás|detrás de",
        "+mothers": "madre|madres|mamá|mamás",
        "-mothers": "padre|papá",
        "+sisters": "hermana|hermanas",
        "-sisters": "hermano",
        "+daughters": "hija|hijas",
        "-daughters": "hijo",
        "+maturity": "adulto|adulta|adultos|adultas",
        "-maturity": "niño|niña|niños|niñas",
        "+standing": "de pie|levántese|levantarse|párese",
        "-standing": "siéntese|sentarse|sentado|sentada",
        "+power": "encienda|encender|prenda|prender|encendido|encendida",
        "-power": "apague|apagar|apagado|apagada",
        "+survival": "sobrevive|sobreviven|sobrevivir|sobrevivió|sobrevivieron",
        "-survival": "muere|mueren|morir|murió|murieron|fallece|fallecen|fallecer|falleció",
        "+memory": "recuerde|recordar|recuerda|recuerdan|acuérdese",
        "-memory": "olvide|olvidar|olvida|olvidan|olvidó",
        "+advantage": "ventaja|ventajas",
        "-advantage": "desventaja|desventajas",
        "+aftermath": (
            "posnatal|postnatal|posparto|postparto|posmenopáusica|posmenopáusicas|postmenopáusica"
            "|postmenopáusicas|posmenopausia|postmenopausia|posoperatorio|postoperatorio"
        ),
        "-aftermath": "prenatal|prenatales|premenopáusica|premenopáusicas|premenopausia|preoperatorio",
        "+solidity": "sólido|sólida|sólidos|sólidas",
        "-solidity": "líquido|líquida|líquidos|líquidas",
        "+permanence": "permanente|permanentes|permanentemente|definitivo|definitiva",
        "-permanence": (
            "temporal|temporales|temporalmente|temporario|temporaria|transitorio|transitoria|pasajero"
            "|pasajera|provisional"
        ),
        "+directness": "directo|directa|directos|directas|directamente",
        "-directness": "indirecto|indirecta|indirectos|indirectas|indirectamente",
        "+smoothness": "liso|lisa|lisos|lisas",
        "-smoothness": "áspero|áspera|ásperos|ásperas|rugoso|rugosa",
        "+turning": "sentido contrario|sentido antihorario|sentido opuesto",
        "-turning": "sentido de las agujas|sentido de las manecillas|sentido horario",
        "+symmetry": "asimétrico|asimétrica|asimétricos|asimétricas",
        "-symmetry": "simétrico|simétrica|simétricos|simétricas",
        "+legality": "legal|legales|legalmente",
        "-legality": "ilegal|ilegales|ilegalmente",
        "+filling": "vejiga llena",
        "-filling": "vejiga vacía",
        "+acceptance": "acepta|aceptan|aceptar|acepte",
        "-acceptance": "rechaza|rechazan|rechazar|rechace",
        "+reversal": "reversible|reversibles",
        "-reversal": "irreversible|irreversibles",
        "+sensitivity": "sensible a|sensibles a",
        "-sensitivity": "resistente a|resistentes a",
        "+depth": "profundo|profunda|profundos|profundas|hondo|honda|profundamente",
        "-depth": "superficial|superficiales|superficialmente|poco profundo|poco profunda",
        "+until": "hasta|hasta que|antes|mientras",
        "-until": "después|una vez que",
    },
    stems={
        "aumen": "+amount", "incre": "+amount", "eleva": "+amount", "dismi": "-amount", "reduc": "-amount",
        "reduz": "-amount", "mejor": "+course", "empeo": "-course", "agrav": "-course", "desce": "-amount",
    },
    range_joins="a|al|hasta|hasta los|hasta las|a los|a las|-",
    between_joins="y|y los|y las|y el",
    betweens="entre|entre los|entre las|entre el|entre un",
    list_joins="o|u|y|e|por|y/o|o de|o los|y los|y las",
    proportion_joins="de cada|de|en|por cada|entre|en cada",
    fraction_joins="y",
    tens_joins="y",
    of_joins="de|del",
    per_joins="por",
    units_before={"week": "semana|semanas", "day": "día|días", "month": "mes|meses"},
    stages=(
        "estadio|estadío|etapa|tipo|grado|clase|fase|factor|nivel|estadios|tipos|etapas|nervio|grupo"
        "|categoría"
    ),
)  # fmt: skip
