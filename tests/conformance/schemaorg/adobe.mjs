// Runs @adobe/structured-data-validator: {vocabulary, documents: {name: document}} in, findings out.
import Validator from '@adobe/structured-data-validator';
import WebAutoExtractor from '@marbec/web-auto-extractor';
import { text } from 'node:stream/consumers';

const { vocabulary, documents } = JSON.parse(await text(process.stdin));
const findings = [];
for (const [file, document] of Object.entries(documents)) {
  // As it stands in a page. Escaped like this, no text of ours can end the script element.
  const json = JSON.stringify(document).replace(/</g, '\\u003c');
  const page = `<html><head><script type="application/ld+json">${json}</script></head><body></body></html>`;
  const extracted = new WebAutoExtractor({ addLocation: true, embedSource: ['rdfa', 'microdata'] }).parse(page);
  for (const issue of await new Validator(vocabulary).validate(extracted)) {
    findings.push({
      file,
      severity: issue.severity === 'ERROR' ? 'error' : 'warning',
      message: issue.issueMessage,
      place: (issue.path ?? []).map((step) => `${step.property ?? step.type}[${step.index ?? 0}]`).join('/'),
    });
  }
}
process.stdout.write(JSON.stringify({ findings }));
