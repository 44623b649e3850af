// One JSON object a line, in on stdin and out on stdout.
import { createInterface } from 'node:readline';

export async function* requests() {
  for await (const line of createInterface({ input: process.stdin })) {
    yield JSON.parse(line);
  }
}

export function answer(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
