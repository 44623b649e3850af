// Uses a FHIR server with stock clients: {client, base, edition, type, count, missing} in;
// {read, found, resolved, missing: {status, said}} out, resources as "Type/id".
import { Client } from 'fhir-kit-client';
import smart from 'fhirclient';
import { answer, requests } from './lines.mjs';

const clients = {
  'fhir-kit-client': async ({ base, edition, type, count, missing }) => {
    const client = new Client({ baseUrl: base });
    const read = await client.read({ resourceType: 'Composition', id: edition });
    const found = [];
    // The parameters in the body, as we advise.
    const options = { postSearch: true };
    let bundle = await client.search({ resourceType: type, searchParams: { _count: count }, options });
    while (bundle) {
      found.push(...bundle.entry.map(({ resource }) => resource));
      bundle = await client.nextPage({ bundle });
    }
    const resolved = await Promise.all(references(read).map((reference) => client.resolve({ reference })));
    const { response } = await refusal(client.read({ resourceType: 'Composition', id: missing }));
    return { read, found, resolved, missing: { status: response.status, said: response.data } };
  },
  fhirclient: async ({ base, edition, type, count, missing }) => {
    // Outside of an application of SMART nobody logs in: it needs neither request, answer nor session.
    const client = smart({}, {}, {}).client(base);
    const read = await client.request(`Composition/${edition}`);
    const found = await client.request(`${type}?_count=${count}`, { pageLimit: 0, flat: true });
    const resolved = await Promise.all(references(read).map((reference) => client.request(reference)));
    const { status, message } = await refusal(client.request(`Composition/${missing}`));
    // It keeps the body of an error as the end of the message only.
    const said = JSON.parse(message.slice(message.indexOf('\n\n')));
    return { read, found, resolved, missing: { status, said } };
  },
};

function references(value) {
  if (value === null || typeof value !== 'object') {
    return [];
  }
  const own = typeof value.reference === 'string' ? [value.reference] : [];
  return [...own, ...Object.values(value).flatMap(references)];
}

function refusal(promise) {
  return promise.then(() => Promise.reject(new Error('it was answered')), (error) => error);
}

const name = ({ resourceType, id }) => `${resourceType}/${id}`;

for await (const request of requests()) {
  const { read, found, resolved, missing } = await clients[request.client](request);
  answer({
    read: name(read),
    found: found.map(name),
    resolved: resolved.map(name),
    missing: { status: missing.status, said: missing.said.issue[0].details.text },
  });
}
