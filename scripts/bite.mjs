#!/usr/bin/env node
// Whether the tests bite: `npm run bite -- [id …] [--sample <n>] [--seed <n>]`. For each clause of an acceptance point
// or a ruling, test/acceptance.json names the test that shows it, and a switch: a piece of the sources, and what stands
// there when the rule is off. A test passes as the sources are, and fails with the rule switched off. All of it runs in
// copies; nothing here changes.

import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const STORIES = 'test/scenarios/scenarios.test.ts'; // plays every story; each is a test with the name of its file
const NOT_COPIED = new Set(['.git', 'node_modules', 'dist', 'dist-bench', 'dist-attack']);
const LONGEST = 180_000; // ms of one run: with its rule switched off a test may never end
const MOST_COPIES = 4;

const acceptance = JSON.parse(readFileSync(join(root, 'test', 'acceptance.json'), 'utf8'));
const clauses = chosen();
const folder = mkdtempSync(join(tmpdir(), 'novate-bite-'));
const running = new Set(); // groups of processes
process.on('exit', () => {
  for (const group of running) stop(group);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

const intact = new Map(); // what a test comes to as the sources are: once for all clauses that it shows
const left = [...clauses];
let blunt = 0;
const copies = Array.from({ length: Math.min(MOST_COPIES, cpus().length, clauses.length) }, (_, i) =>
  copied(join(folder, `${i}`)),
);
await Promise.all(copies.map(work));
console.log(`${clauses.length - blunt} passed, ${blunt} failed`);
process.exitCode = blunt > 0 ? 1 : 0;

/** The clauses that were asked for: those of some points, or so many of all. */
function chosen() {
  const options = { sample: { type: 'string' }, seed: { type: 'string', default: '1' } };
  const { values, positionals } = parseArgs({ allowPositionals: true, options });
  const all = Object.entries(acceptance).flatMap(([id, list]) =>
    Array.isArray(list) ? list.map((each) => ({ id, ...each })) : [],
  );
  const unknown = positionals.filter((id) => !all.some((each) => each.id === id));
  if (unknown.length > 0) {
    console.error(`test/acceptance.json has no clause of ${unknown.join(', ')}.`);
    process.exit(1);
  }
  const asked = positionals.length > 0 ? all.filter(({ id }) => positionals.includes(id)) : all;
  return values.sample === undefined ? asked : sampleOf(asked, Number(values.sample), Number(values.seed));
}

/** So many of a list, the same for the same seed (mulberry32). */
function sampleOf(list, many, seed) {
  let state = seed | 0;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const keyed = list.map((each) => [random(), each]).sort(([a], [b]) => a - b);
  return keyed.slice(0, many).map(([, each]) => each);
}

/** The project again, but for what is installed and built. */
function copied(to) {
  for (const name of readdirSync(root))
    if (!NOT_COPIED.has(name)) cpSync(join(root, name), join(to, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(to, 'node_modules'));
  return to;
}

async function work(copy) {
  for (let next = left.shift(); next; next = left.shift()) {
    const wrong = await wrongWith(copy, next);
    if (wrong !== undefined) blunt++;
    console.log(
      wrong === undefined ? `bites  ${next.id}: ${next.clause}` : `BLUNT  ${next.id}: ${next.clause}\n       ${wrong}`,
    );
  }
}

/** What is wrong with the test of a clause, if anything is. */
async function wrongWith(copy, { test, name, switch: { file, find, put } }) {
  const called = name === undefined ? test : `${test}, “${name}”`;
  if (!intact.has(called)) intact.set(called, outcomeOf(copy, test, name));
  const on = await intact.get(called);
  if (!on.ran) return `${called}: nothing runs.`;
  if (on.failed) return `${called} fails as the sources are.`;
  const path = join(copy, file);
  const text = readFileSync(path, 'utf8');
  if (text.split(find).length !== 2) return `${file} does not have “${find}” exactly once.`;
  writeFileSync(
    path,
    text.replace(find, () => put),
  );
  const off = await outcomeOf(copy, test, name);
  writeFileSync(path, text);
  if (off.late) return `${called} does not end with the rule switched off.`;
  if (!off.ran) return `${called} cannot be run with the rule switched off.`;
  return off.failed ? undefined : `${called} passes with the rule switched off.`;
}

/** Whether the test ran in a copy, and failed. */
function outcomeOf(copy, test, name) {
  const isStory = test.endsWith('.yaml');
  const only = isStory ? test.replace('test/scenarios/', '') : name;
  const result = join(copy, 'bite-result.json');
  rmSync(result, { force: true });
  const args = [
    join('node_modules', 'jest', 'bin', 'jest.js'),
    isStory ? STORIES : test,
    '--runInBand',
    '--json',
    '--outputFile',
    result,
  ];
  const child = spawn(process.execPath, [...args, '--testNamePattern', escaped(only)], {
    cwd: copy,
    stdio: 'ignore',
    detached: true,
  });
  return new Promise((resolve) => {
    let late = false;
    running.add(child.pid);
    const end = () => stop(child.pid);
    const timer = setTimeout(() => {
      late = true;
      end();
    }, LONGEST);
    child.on('close', () => {
      clearTimeout(timer);
      end(); // what the test had started
      running.delete(child.pid);
      resolve({ late, ...readResult(result) });
    });
  });
}

function stop(group) {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {} // it has ended
}

function readResult(path) {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(path, 'utf8'));
    return { ran: numPassedTests + numFailedTests > 0, failed: numFailedTests > 0 };
  } catch {
    return { ran: false, failed: false };
  }
}

function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
