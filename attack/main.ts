/**
 * `npm run attack`: starts a house in a folder that is thrown away, attacks it over loopback in every way there is
 * here, and looks after each whether it is alive, answers, conserves money, and holds no more than before.
 *   --short           a few seconds of each
 *   --seconds NUMBER  how long each attack lasts at most (default: 120)
 *   --seed NUMBER     another seed strikes otherwise
 *   --only NAME       one attack alone
 */

import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import type { Attack, Effort, Target } from './attack';
import { ATTACKS } from './attacks';
import { harmOf, heldBy } from './house';
import { newFolder, removeFolder, startHouse } from './running';

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    seconds: { type: 'string', default: '120' },
  },
});

const effort: Effort = {
  seed: Number(values.seed),
  seconds: values.short ? 4 : Number(values.seconds),
  strikes: values.short ? 600 : 200_000,
};

const chosen = ATTACKS.filter(({ name }) => values.only === undefined || values.only === name);
if (chosen.length === 0)
  throw new Error(`There is no such attack; there are: ${ATTACKS.map(({ name }) => name).join(', ')}.`);

/** Attacks once; returns what went wrong. */
async function attacked(
  attack: Attack,
  target: Target,
): Promise<{ strikes: number; wrong: readonly string[]; skipped?: string }> {
  try {
    const before = await heldBy(target);
    const { strikes, failures, skipped } = await attack.run(target, effort);
    const wrong = [...failures, ...(await harmOf(target, before))];
    return skipped === undefined ? { strikes, wrong } : { strikes, wrong, skipped };
  } catch (error) {
    return { strikes: 0, wrong: [String(error)] };
  }
}

async function main(): Promise<void> {
  const data = await newFolder();
  const house = await startHouse({ data });
  const table = new Table({ head: ['attack', 'strikes', 'seconds', 'came to'], style: { head: [], border: [] } });
  let [passed, failed] = [0, 0];
  for (const attack of chosen) {
    process.stderr.write(`${attack.name}: ${attack.sentence} …\n`);
    const began = performance.now();
    const { strikes, wrong, skipped } = await attacked(attack, house.target);
    if (wrong.length > 0) failed += 1;
    else if (skipped === undefined) passed += 1;
    const cameTo = wrong.join('\n') || (skipped === undefined ? 'nothing' : `SKIPPED: ${skipped}`);
    table.push([attack.name, strikes, ((performance.now() - began) / 1000).toFixed(1), cameTo]);
  }
  const code = await house.stop();
  if (code === 0) passed += 1;
  else failed += 1;
  table.push(['its end', '', '', code === 0 ? 'it closed in order' : `it ended with ${code}`]);
  await removeFolder(data);
  process.stdout.write(`${table.toString()}\nSeed ${effort.seed}\n${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}

void main();
