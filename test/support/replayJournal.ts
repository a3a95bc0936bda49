/**
 * Run as a program: executes the journal in a file from nothing and prints where and when it thinks it is, then the
 * digest.
 */

import { readFileSync } from 'node:fs';
import { digestOf } from '../../src/core/engine/digest';
import { execute } from '../../src/core/engine/execute';
import { createState } from '../../src/core/engine/genesis';
import { decodeEntry, encodeEntry } from '../../src/sequencer/entryText';

const state = createState();
for (const text of readFileSync(process.argv[2] ?? '', 'utf8')
  .trimEnd()
  .split('\n')) {
  const entry = decodeEntry(text);
  if (encodeEntry({ ...entry, outcome: execute(state, entry) }) !== text)
    throw new Error(`Entry ${entry.seq} gives other events`);
}
const { timeZone, locale } = Intl.DateTimeFormat().resolvedOptions();
process.stdout.write(`${timeZone} ${locale} ${new Date(0).getTimezoneOffset()}\n${digestOf(state)}\n`);
