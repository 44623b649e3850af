// Asks ICU, which Node carries, whether it knows the languages that the documents name:
// {documents: {name: document}} in, findings out.
import { text } from 'node:stream/consumers';

const { documents } = JSON.parse(await text(process.stdin));
const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });
const findings = [];

function isKnown(tag) {
  try {
    return names.of(tag) !== undefined;
  } catch {
    return false;
  }
}

function visit(file, value, place) {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    const tags = ['inLanguage', '@language'].includes(name) ? [member].flat() : [];
    for (const tag of tags) {
      if (!isKnown(tag)) {
        const message = `ICU knows no language ${JSON.stringify(tag)}`;
        findings.push({ file, severity: 'error', message, place: `${place}/${name}` });
      }
    }
    visit(file, member, `${place}/${name}`);
  }
}

for (const [file, document] of Object.entries(documents)) visit(file, document, '');
process.stdout.write(JSON.stringify({ findings, version: `Node ${process.versions.node.split(".")[0]}` }));
