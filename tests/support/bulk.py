"""Clients of `$bulk-publish` and `$export`, after the flow charts of the guide; they know no server.

https://hl7.org/fhir/uv/bulkdata/4.0.0-202609-ballot/publish.html#manifest-retrieval-flow
"""

import json
from typing import Any
from urllib.parse import urlencode

import httpx

Resource = dict[str, Any]
NDJSON = "application/fhir+ndjson"
FHIR = {"Accept": "application/fhir+json"}


class Dataset:
    """FHIR resources by type and id."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.resources: dict[str, Resource] = {}
        self.downloads: list[str] = []
        """The addresses of the files that were read."""

    def process(self, manifest: Resource) -> None:
        """Insert and update, then delete, in the order of the manifest."""
        for each in manifest.get("output", ()):
            lines = self._read(each)
            assert {line["resourceType"] for line in lines} == {each["type"]}
            ids = [line["id"] for line in lines]
            assert len(set(ids)) == len(ids), "a file has the latest version only"
            for line in lines:
                assert line["meta"]["lastUpdated"] <= manifest["transactionTime"]
            self.resources.update((f"{line['resourceType']}/{line['id']}", line) for line in lines)
        for each in manifest.get("deleted", ()):
            for line in self._read(each):
                assert (line["resourceType"], line["type"]) == ("Bundle", "transaction")
                assert line["meta"]["lastUpdated"] <= manifest["transactionTime"]
                for entry in line["entry"]:
                    assert entry["request"]["method"] == "DELETE"
                    self.resources.pop(entry["request"]["url"], None)

    def _read(self, file: Resource) -> list[Resource]:
        answer = self.client.get(file["url"], headers={"Accept": NDJSON})
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, NDJSON), answer.text[:500]
        assert "immutable" in answer.headers["Cache-Control"]
        self.downloads.append(file["url"])
        lines = [json.loads(line) for line in answer.text.splitlines()]
        assert (file["count"], file["fileSize"]) == (len(lines), len(answer.content))
        assert answer.content.endswith(b"\n")
        return lines


class BulkConsumer(Dataset):
    """Follows `$bulk-publish`."""

    def __init__(self, client: httpx.Client, base: str) -> None:
        super().__init__(client)
        self.root = f"{base}/$bulk-publish"
        self.page, self.etag = "", ""
        """The last page of the chain, which is polled."""
        self.starts = 0

    def start(self) -> None:
        """Begin a new dataset with the root."""
        self.starts += 1
        assert self.starts < 100, "the chain is closed again and again"
        self.resources = {}
        manifest, _ = self._get(self.root)
        assert manifest
        assert _next(manifest) != "#pending", "the root never says so"
        self._follow(manifest, self.root)

    def poll(self) -> None:
        """Look for something newer."""
        manifest, etag = self._get(self.page, self.etag)
        if manifest is None:
            return
        following = _next(manifest)
        if following == "#pending":
            self.etag = etag
        elif following == "#closed":
            self.start()
        else:
            changes, _ = self._get(following)
            assert changes
            self._follow(changes, following)

    def _follow(self, manifest: Resource, address: str) -> None:
        etag = ""
        while True:
            self.process(manifest)
            following = _next(manifest)
            if following.startswith("#"):
                break
            found, etag = self._get(following)
            assert found
            manifest, address = found, following
        if following == "#closed":
            self.start()
        else:
            assert following == "#pending"
            self.page, self.etag = address, etag

    def _get(self, address: str, etag: str = "") -> tuple[Resource | None, str]:
        answer = self.client.get(address, headers={"If-None-Match": etag} if etag else {})
        if answer.status_code == 304:
            return None, etag
        assert answer.status_code == 200, answer.text[:500]
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["Cache-Control"] == "public, max-age=10"
        manifest = answer.json()
        assert manifest["manifestType"].endswith("/StructureDefinition/BulkPublishManifest")
        assert manifest["requiresAccessToken"] is False
        assert manifest["outputFormat"] == NDJSON
        return manifest, answer.headers["ETag"]


def _next(manifest: Resource) -> str:
    (link,) = manifest["link"]
    assert link["relation"] == "next"
    return str(link["url"])


class ExportClient(Dataset):
    """Uses `$export`, each time for what changed since the last time."""

    def __init__(self, client: httpx.Client, base: str) -> None:
        super().__init__(client)
        self.base = base
        self.since = ""

    def export(self, **parameters: str) -> Resource:
        """Export what changed, keep it, and return the manifest."""
        if self.since:
            parameters["_since"] = self.since
        address = f"{self.base}/$export?{urlencode(parameters)}"
        begun = self.client.get(address, headers={**FHIR, "Prefer": "respond-async"})
        assert begun.status_code == 202, begun.text[:500]
        status = begun.headers["Content-Location"]
        answer = self.client.get(status, headers={"Accept": "application/json"})
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
        assert answer.headers["Expires"]
        manifest: Resource = answer.json()
        assert manifest["requiresAccessToken"] is False
        self.process(manifest)
        assert self.client.delete(status).status_code == 202
        self.since = manifest["transactionTime"]
        return manifest
