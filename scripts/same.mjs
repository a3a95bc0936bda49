#!/usr/bin/env node
// The guard of a pure move: `npm run same -- <commit> [day …]` plays the example days with the code of a commit and
// with the code of the working tree, and compares schema.graphql, what a day prints (its digest included) and its
// journal, byte by byte. It says where they differ, and ends with 1 if they do. What a commit came to is kept, so that
// it is played once.

import { spawnSync } from 'node:child_process';
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const PARTS = ['src', 'prisma', 'prisma.config.ts', 'package.json', '.swcrc']; // what a day is played with
const SCHEMA = 'schema.graphql';
const HASH = 65; // characters of an entry's hash, with the space behind it
const MOST = 1024 ** 3; // of what a program prints

const [name, ...named] = process.argv.slice(2);
if (!name) {
  console.error('npm run same -- <commit> [day …]');
  process.exit(2);
}
const commit = git('rev-parse', '--verify', `${name}^{commit}`).trim();
const days = named.length > 0 ? named : daysOf(root);

let differences = 0;
compareSchemas();
if (git('diff', '--name-only', commit, '--', 'package-lock.json') !== '')
  console.log('package-lock.json differs: both are played with the packages installed here.');
const kept = join(root, 'node_modules', '.novate', 'same', commit);
const work = mkdtempSync(join(tmpdir(), 'novate-same-'));
try {
  let before; // program of the commit
  let after; // program of the working tree
  for (const day of days) {
    if (!existsSync(join(kept, day))) {
      before ??= program(join(work, 'before'), extract);
      mkdirSync(kept, { recursive: true });
      renameSync(play(before, day), join(kept, day));
    }
    after ??= program(join(work, 'after'), copy);
    compareDay(day, join(kept, day), play(after, day));
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
if (differences > 0) process.exitCode = 1;
else console.log(`The same as ${name}.`);

function compareSchemas() {
  if (git('show', `${commit}:${SCHEMA}`) === readFileSync(join(root, SCHEMA), 'utf8')) return;
  const [added, removed] = git('diff', '--numstat', commit, '--', SCHEMA).split('\t');
  const place = git('diff', '-U0', commit, '--', SCHEMA).match(/^@@ [^@]*\+(\d+)/m)?.[1];
  differs(
    `${SCHEMA}, from line ${place}: ${added} lines added, ` +
      `${removed === '0' ? 'none taken away' : `${removed} taken away`}`,
  );
}

function compareDay(day, before, after) {
  const said = firstDifference(readFileSync(join(before, 'said')), readFileSync(join(after, 'said')));
  if (said) differs(`${day}, printed line ${said.line}`, said);
  const entry = firstDifference(readFileSync(join(before, 'journal')), readFileSync(join(after, 'journal')), HASH);
  if (entry) differs(`${day}, entry ${entry.line} of the journal`, entry);
  if (!said && !entry) console.log(`${day}: ${digestIn(join(after, 'said'))}`);
}

function differs(what, { before, after } = {}) {
  differences += 1;
  console.log(`DIFFERENT  ${what}`);
  if (before !== undefined) console.log(`  before: ${before}\n  after:  ${after}`);
}

/**
 * The line in which two texts part, and some of both from shortly before the place; of what opens a line the place is
 * none.
 */
function firstDifference(one, other, opening = 0) {
  if (one.equals(other)) return undefined;
  const same = (at) => at < one.length && at < other.length && one[at] === other[at];
  let [at, line, start] = [0, 1, 0];
  for (; same(at); at += 1) if (one[at] === 10) [line, start] = [line + 1, at + 1];
  if (at - start < opening) at = start + opening;
  while (same(at)) at += 1;
  const begin = Math.max(start, at - 60);
  const around = (bytes) =>
    bytes
      .subarray(begin, at + 140)
      .toString('utf8')
      .split('\n')[0];
  return { line, before: around(one), after: around(other) };
}

function digestIn(path) {
  return readFileSync(path, 'utf8').trim().split('\n').at(-1);
}

/** Plays a day; answers with the folder of what it printed and of its journal, an entry a line behind its hash. */
function play(cli, day) {
  const house = mkdtempSync(join(work, 'house-'));
  const folder = mkdtempSync(join(work, 'day-'));
  print(join(folder, 'said'), [cli, 'replay', day, '--quiet', '--keep', house]);
  print(join(folder, 'journal'), [cli, 'journal', '--data', house]);
  rmSync(house, { recursive: true, force: true });
  return folder;
}

function print(path, args) {
  const file = openSync(path, 'w');
  const { DATABASE_URL: _, ...env } = process.env; // the house of a day stands in a folder
  const { status } = spawnSync(process.execPath, ['--enable-source-maps', ...args], {
    env,
    stdio: ['ignore', file, 'inherit'],
  });
  closeSync(file);
  if (status === 0) return;
  console.error(`${args.slice(1).join(' ')} failed.`);
  process.exit(2);
}

/** Builds the program of a tree in a folder, without checking its types; answers with the file to run. */
function program(folder, fill) {
  mkdirSync(folder);
  fill(folder);
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  must('prisma', [join(root, 'node_modules', 'prisma', 'build', 'index.js'), 'generate'], folder);
  for (const path of readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.ts') || path.endsWith('.d.ts')) continue;
    const file = join(folder, 'src', path);
    const { code } = transformSync(readFileSync(file, 'utf8'), { filename: file, configFile: join(folder, '.swcrc') });
    const target = join(folder, 'dist', path.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, code);
  }
  return join(folder, 'dist', 'main', 'cli.js');
}

function extract(folder) {
  const archive = join(folder, 'tree.tar');
  git('archive', '-o', archive, commit, ...PARTS);
  must('tar', ['-xf', archive, '-C', folder], folder, 'tar');
}

function copy(folder) {
  for (const part of PARTS) cpSync(join(root, part), join(folder, part), { recursive: true });
}

function must(what, args, cwd, command = process.execPath) {
  const { status, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status === 0) return;
  console.error(`${what} failed: ${stderr}`);
  process.exit(2);
}

function git(...args) {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: MOST });
  if (status === 0) return stdout;
  console.error(stderr.trim());
  process.exit(2);
}

function daysOf(folder) {
  const files = readdirSync(join(folder, 'src', 'interop', 'examples'));
  return files.filter((file) => /^\d{4}-\d{2}-\d{2}\.json$/.test(file)).map((file) => file.replace('.json', ''));
}
