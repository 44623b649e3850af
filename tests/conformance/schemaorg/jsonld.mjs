// Runs jsonld.js in safe mode, where nothing is dropped without an error:
// {context, documents: {name: document}} in, findings and canonical N-Quads by name out.
import jsonld from 'jsonld';
import { text } from 'node:stream/consumers';

const { context, documents } = JSON.parse(await text(process.stdin));

async function documentLoader(url) {
  if (!/^https?:\/\/(www\.)?schema\.org\/?$/.test(url)) throw new Error(`${url} is not to be loaded`);
  return { contextUrl: null, documentUrl: url, document: { '@context': context } };
}

const findings = [];
const quads = {};
for (const [file, document] of Object.entries(documents)) {
  try {
    const options = { algorithm: 'RDFC-1.0', format: 'application/n-quads', safe: true, documentLoader };
    quads[file] = await jsonld.canonize(document, options);
  } catch (error) {
    const event = error.details?.event;
    findings.push({
      file,
      severity: 'error',
      message: event?.message ?? `${error.message} ${error.details?.cause?.message ?? ''}`.trim(),
      place: JSON.stringify(event?.details ?? {}),
    });
  }
}
process.stdout.write(JSON.stringify({ findings, quads }));
