import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { createRedactor } from '../../src/index.ts';
import { plainTexts, secretTexts } from './labelled-set.ts';

const redactor = createRedactor();

it('finds what is secret and leaves the rest, as the labelled set says', () => {
  const missed: string[] = [];
  const wrong: string[] = [];
  let [hits, secretCount] = [0, 0];
  for (const { text, secrets } of [...secretTexts, ...plainTexts]) {
    const found = redactor.test(text);
    const redacted = redactor.redact(text).text;
    for (const secret of secrets) {
      secretCount += 1;
      // Found is only what leaves nothing: neither of its halves may be left.
      const half = secret.slice(0, Math.ceil(secret.length / 2));
      const rest = secret.slice(half.length);
      if (redacted.includes(half) || (rest.length > 3 && redacted.includes(rest))) missed.push(text);
      else hits += 1;
    }
    for (const { start, end } of found) {
      const piece = text.slice(start, end);
      if (!secrets.some((secret) => piece.includes(secret) || secret.includes(piece)))
        wrong.push(`${piece} in ${text}`);
    }
  }
  const precision = hits / (hits + wrong.length);
  const recall = hits / secretCount;
  console.log(
    `redaction: ${secretTexts.length} texts with ${secretCount} secrets, ${plainTexts.length} without; ` +
      `precision ${(precision * 100).toFixed(1)} %, recall ${(recall * 100).toFixed(1)} %`,
  );
  for (const text of [...missed.map((each) => `missed: ${each}`), ...wrong.map((each) => `wrong: ${each}`)]) {
    console.log(`  ${text.slice(0, 160).replaceAll('\n', '⏎')}`);
  }
  expect(precision).toBeGreaterThanOrEqual(0.98);
  expect(recall).toBeGreaterThanOrEqual(0.97);
});

it('leaves this repository as it is: code, documents and a lockfile full of hashes', () => {
  const root = fileURLToPath(new URL('../../../..', import.meta.url));
  const folders = ['packages/session-core/src', 'packages/proc-guard/src', 'services/diary-api/src', 'docs'];
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  files.push(join(root, 'pnpm-lock.yaml'), join(root, 'README.md'));
  const found: string[] = [];
  let lines = 0;
  for (const file of files) {
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      lines += 1;
      for (const { kind, start, end } of redactor.test(line)) {
        found.push(
          `${kind} ${JSON.stringify(line.slice(start, end))} in ${file.slice(root.length)}: ${line.trim().slice(0, 100)}`,
        );
      }
    }
  }
  console.log(
    `redaction: ${found.length} findings in ${lines} lines of ${files.length} files of this repository`,
  );
  for (const each of found) console.log(`  ${each}`);
  expect(lines).toBeGreaterThan(10_000);
  expect(found.length / lines).toBeLessThan(1 / 5_000);
});
