"""Third-party tools that check FHIR: each takes many documents in one run.

A document's name says which release of FHIR it is in: `fhir/r4/…` or `fhir/r5/…`.
"""

import json
import re
import subprocess
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from fhir.resources import get_fhir_model_class as r5_model
from fhir.resources.R4B import get_fhir_model_class as r4b_model
from jsonschema import Draft6Validator
from lxml import etree
from pydantic import ValidationError

from conformance.support.findings import ERROR, WARNING, Documents, Finding

Findings = Mapping[str, list[Finding]]
"""By document; also of those without any."""

HERE: Final = Path(__file__).parent
HAPI: Final = HERE.parent / "hapi" / "target"
MODULES: Final = HERE / "node_modules"
_R4_DEFINITIONS = MODULES / "@medplum" / "definitions" / "dist" / "fhir" / "r4"
_XHTML = "{http://www.w3.org/1999/xhtml}"


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool, for some releases of FHIR."""

    name: str
    versions: tuple[str, ...]
    version: Callable[[], str]
    """Which version of the tool is installed."""
    checks: str
    """What it checks, in a sentence."""
    run: Callable[[Documents], Findings]


def version_of(name: str) -> str:
    """Return the release of FHIR that a document is in, by its name: `r4` or `r5`."""
    return name.split("/")[1]


def of_version(documents: Documents, version: str) -> Documents:
    return {name: document for name, document in documents.items() if version_of(name) == version}


def run_hapi(documents: Documents, definitions: Documents) -> Findings:
    """Ask the HL7 validation engine; `definitions` are the definitions that it may use."""
    lines = [
        {"version": version_of(name), "name": name, "document": document, "definition": is_definition}
        for is_definition, each in ((True, definitions), (False, documents))
        for name, document in each.items()
    ]
    command = ["java", "-cp", f"{HAPI / 'classes'}:{HAPI / 'lib' / '*'}", "healthtopics.conformance.Validate"]
    return _gathered("hapi", documents, converse(command, lines))


def run_medplum(documents: Documents) -> Findings:
    """Validate R4 as Medplum's server does before it stores a resource."""
    lines = [{"name": name, "document": document} for name, document in documents.items()]
    return _gathered("medplum", documents, converse(["node", HERE / "medplum.mjs"], lines))


def run_fhirpath(documents: Documents) -> Findings:
    """Evaluate the invariants that the standard's StructureDefinitions state."""
    answers: list[dict[str, Any]] = []
    for version in ("r4", "r5"):
        lines = [
            {"name": name, "document": document} for name, document in of_version(documents, version).items()
        ]
        with tempfile.NamedTemporaryFile("w", suffix=".json") as definitions:
            json.dump(_structure_definitions(version), definitions)
            definitions.flush()
            answers += converse(["node", HERE / "invariants.mjs", version, definitions.name], lines)
    return _gathered("fhirpath", documents, answers)


def run_typescript(documents: Documents) -> Findings:
    """Compile each resource as a constant of its type in @types/fhir."""
    found: dict[str, list[Finding]] = {name: [] for name in documents}
    with tempfile.TemporaryDirectory() as folder:
        names = {f"d{index}.ts": name for index, name in enumerate(documents)}
        for file, name in names.items():
            (Path(folder) / file).write_text(_as_typescript(documents[name], version_of(name)), "utf-8")
        options = {
            "strict": True,
            "noEmit": True,
            "module": "esnext",
            "moduleResolution": "bundler",
            "skipLibCheck": True,
            "types": [],
            "paths": {"fhir/*": [str(MODULES / "@types" / "fhir" / "*")]},
        }
        project = Path(folder) / "tsconfig.json"
        project.write_text(json.dumps({"compilerOptions": options, "files": list(names)}), "utf-8")
        run = subprocess.run(
            [MODULES / ".bin" / "tsc", "--pretty", "false", "-p", project],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
    for line in run.stdout.splitlines():
        if match := re.fullmatch(r"(d[0-9]+\.ts)\(([0-9]+),[0-9]+\): (error TS[0-9]+: .*)", line):
            name = names[match[1]]
            found[name].append(Finding(name, "typescript", ERROR, match[3], f"line {match[2]}"))
        elif not line.startswith(" "):
            raise AssertionError(run.stdout)
    assert run.returncode in (0, 1, 2), run.stderr
    return found


def run_jsonschema(documents: Documents) -> Findings:
    """Validate each resource against its own definition in HL7's JSON Schema."""
    found: dict[str, list[Finding]] = {name: [] for name in documents}
    for name, document in documents.items():
        for place, resource in _resources(document):
            validator = _schema_of(version_of(name), str(resource.get("resourceType")))
            if validator is None:
                found[name].append(Finding(name, "jsonschema", ERROR, "no resource type", place))
                continue
            found[name] += [
                Finding(name, "jsonschema", ERROR, error.message[:300], f"{place}{error.json_path[1:]}")
                for error in validator.iter_errors(resource)
            ]
    return found


def run_fhir_resources(documents: Documents) -> Findings:
    """Build the pydantic models; R4 documents are read as R4B, the package has no R4."""
    found: dict[str, list[Finding]] = {name: [] for name in documents}
    for name, document in documents.items():
        model_of = {"r4": r4b_model, "r5": r5_model}[version_of(name)]
        try:
            model_of(document["resourceType"]).model_validate_json(json.dumps(document))
        except ValidationError as error:
            found[name] += [
                Finding(name, "fhir.resources", ERROR, each["msg"], ".".join(map(str, each["loc"])))
                for each in error.errors(include_url=False)
            ]
        except KeyError as error:  # how it refuses a resource type that it does not know
            found[name].append(Finding(name, "fhir.resources", ERROR, f"no resource type: {error}"))
    return found


def run_xhtml(documents: Documents) -> Findings:
    """Validate every narrative against HL7's schema of the XHTML that FHIR lets through."""
    found: dict[str, list[Finding]] = {name: [] for name in documents}
    schema = _xhtml_schema()
    for name, document in documents.items():
        for div in _divs(document):
            try:
                is_valid = schema.validate(etree.fromstring(div))
            except etree.XMLSyntaxError as error:
                found[name].append(Finding(name, "fhir-xhtml", ERROR, str(error), div[:80]))
                continue
            if not is_valid:
                found[name].append(Finding(name, "fhir-xhtml", ERROR, str(schema.error_log), div[:80]))
    return found


def search(resources: Iterable[Mapping[str, Any]], queries: Iterable[str]) -> dict[str, list[str]]:
    """Load R4 resources into Medplum's repository; return what each query finds, as `Type/id`."""
    line = {"name": "", "resources": list(resources), "queries": list(queries)}
    answers = converse(["node", HERE / "search.mjs"], [line])
    return {answer["query"]: sorted(answer["found"]) for answer in answers}


def converse(command: Sequence[str | Path], lines: Iterable[object]) -> list[dict[str, Any]]:
    """Give JSON lines to a program, and return those that it answers."""
    run = subprocess.run(
        command,
        input="\n".join(json.dumps(line) for line in lines),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode == 0, run.stderr[-4000:]
    return [json.loads(line) for line in run.stdout.splitlines()]


def _gathered(tool: str, documents: Documents, answers: Iterable[Mapping[str, Any]]) -> Findings:
    """Sort the errors and warnings by document; what is only for information is left out."""
    found: dict[str, list[Finding]] = {name: [] for name in documents}
    for answer in answers:
        severity = ERROR if answer["severity"] == "fatal" else answer["severity"]
        if severity in (ERROR, WARNING):
            message = f"{answer['id']}: {answer['message']}" if answer.get("id") else answer["message"]
            found[answer["name"]].append(Finding(answer["name"], tool, severity, message, answer["place"]))
    return found


def _resources(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield "", document
    for index, entry in enumerate(document.get("entry", ())):
        if "resource" in entry:
            yield f"entry[{index}].resource", entry["resource"]


def _divs(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, member in value.items():
            if key == "div" and isinstance(member, str):
                yield member
            else:
                yield from _divs(member)
    elif isinstance(value, list):
        for member in value:
            yield from _divs(member)


def _as_typescript(document: Mapping[str, Any], version: str) -> str:
    """Return one constant a resource; a union of types would blur the errors."""
    lines = [f'import type * as F from "fhir/{version}";']
    for number, (_, resource) in enumerate(_resources(document)):
        shown = dict(resource)
        if resource is document and document["resourceType"] == "Bundle":
            shown["entry"] = [
                {key: value for key, value in entry.items() if key != "resource"}
                for entry in document.get("entry", ())
            ]
        lines.append(f"const c{number}: F.{resource.get('resourceType')} = {json.dumps(shown)};")
    return "\n".join([*lines, "export {};", ""])


@cache
def _schema_of(version: str, type_: str) -> Draft6Validator | None:
    schema = _json_schema(version)
    if type_ not in schema["definitions"]:
        return None
    # A resource within another is judged by itself; the union of all types would bury its errors.
    definitions = {**schema["definitions"], "ResourceList": {}}
    return Draft6Validator({"$ref": f"#/definitions/{type_}", "definitions": definitions})


@cache
def _json_schema(version: str) -> dict[str, Any]:
    text = (
        (_R4_DEFINITIONS / "fhir.schema.json").read_bytes()
        if version == "r4"
        else _r5_core()["package/openapi/fhir.schema.json"]
    )
    schema: dict[str, Any] = json.loads(text)
    return schema


@cache
def _structure_definitions(version: str) -> list[dict[str, Any]]:
    """Return what the standard says of its own types; profiles of them are left out."""
    if version == "r4":
        bundles = [
            json.loads((_R4_DEFINITIONS / name).read_bytes())
            for name in ("profiles-types.json", "profiles-resources.json")
        ]
        resources = [entry["resource"] for bundle in bundles for entry in bundle["entry"]]
    else:
        resources = [
            json.loads(text)
            for name, text in _r5_core().items()
            if name.startswith("package/StructureDefinition-")
        ]
    return [
        each
        for each in resources
        if each["resourceType"] == "StructureDefinition" and each.get("derivation") != "constraint"
    ]


@cache
def _r5_core() -> dict[str, bytes]:
    """Return the files of HL7's package of R5 that are used here, out of HAPI's resources."""
    wanted = re.compile(
        r"package/(StructureDefinition-.*|openapi/fhir\.schema\.json|xml/(fhir-xhtml|xml)\.xsd)"
    )
    [jar] = (HAPI / "lib").glob("hapi-fhir-validation-resources-r5-*.jar")
    with zipfile.ZipFile(jar) as archive:
        package = archive.read("org/hl7/fhir/r5/packages/hl7.fhir.r5.core-5.0.0.tgz")
    with tarfile.open(fileobj=BytesIO(package)) as files:
        return {
            member.name: content.read()
            for member in files
            if wanted.fullmatch(member.name) and (content := files.extractfile(member))
        }


@cache
def _xhtml_schema() -> etree.XMLSchema:
    with tempfile.TemporaryDirectory() as folder:
        for name in ("fhir-xhtml.xsd", "xml.xsd"):
            (Path(folder) / name).write_bytes(_r5_core()[f"package/xml/{name}"])
        return etree.XMLSchema(etree.parse(Path(folder) / "fhir-xhtml.xsd"))


@cache
def npm_version(package: str) -> str:
    return str(json.loads((MODULES / package / "package.json").read_bytes())["version"])


@cache
def hapi_version() -> str:
    def of(jar: str) -> str:
        [path] = (HAPI / "lib").glob(f"{jar}-[0-9]*.jar")
        return path.stem.removeprefix(f"{jar}-")

    return f"{of('hapi-fhir-validation')} (HL7 core {of('org.hl7.fhir.validation')})"
