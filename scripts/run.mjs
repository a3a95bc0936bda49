#!/usr/bin/env node
// Runs the project from a fresh clone: installs, generates and builds what is missing or out of date, then starts it.
// Uses nothing but Node, because nothing else may be there yet.

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [command = 'start', ...rest] = process.argv.slice(2);
const marks = join(root, 'node_modules', '.novate');

checkNode();
install();
generate();
if (command === 'test') run('node', [bin('jest', 'jest', 'bin', 'jest.js'), ...rest]);
else if (command === 'check') await check();
else if (command === 'same') run('node', [join(root, 'scripts', 'same.mjs'), ...rest]);
else if (command === 'bite') run('node', [join(root, 'scripts', 'bite.mjs'), ...rest]);
else if (command === 'measure')
  run('node', [
    '--require',
    join(root, 'scripts', 'typescript.cjs'),
    join(root, 'scripts', 'measure', 'main.ts'),
    ...rest,
  ]);
else if (command === 'nodes') {
  build();
  run('node', [join(root, 'scripts', 'nodes.mjs'), ...rest]);
} else if (command === 'bench') {
  build();
  buildBench();
  run(process.execPath, ['--enable-source-maps', join(root, 'dist-bench', 'main.js'), ...rest]);
} else if (command === 'attack') {
  build();
  buildAttack();
  run(process.execPath, ['--enable-source-maps', join(root, 'dist-attack', 'attack', 'main.js'), ...rest]);
} else {
  build();
  if (command !== 'build')
    run(process.execPath, ['--enable-source-maps', join(root, 'dist', 'main', 'cli.js'), command, ...rest]);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const enough = major > 20 || (major === 20 && minor >= 19);
  if (enough) return;
  console.error(`Novate needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

/** Installs when the lock file is not the one that was installed last. */
function install() {
  step('install', digestOf(['package.json', 'package-lock.json']), 'Installing packages', () => {
    // The lock may have been written where other platforms' optional packages cannot be seen, which `npm ci` refuses.
    must('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { shell: process.platform === 'win32' });
  });
}

function generate() {
  step(
    'generate',
    digestOf(['prisma/schema.prisma', 'prisma.config.ts', 'package-lock.json']),
    'Generating the database client',
    () => {
      must('node', [bin('prisma', 'prisma', 'build', 'index.js'), 'generate'], { quiet: true });
    },
    join(root, 'src', 'store', 'generated'),
  );
}

function build() {
  step(
    'build',
    digestOf(['tsconfig.json', 'package-lock.json', ...sources('src')]),
    'Building',
    () => {
      must('node', [bin('typescript', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.json']);
    },
    join(root, 'dist', 'main'),
  );
  step(
    'explorer',
    digestOf(['package-lock.json', 'scripts/explorer.mjs', ...files('scripts/explorer')]),
    'Building GraphiQL',
    () => {
      must('node', [join(root, 'scripts', 'explorer.mjs')]);
    },
    join(root, 'dist', 'explorer', 'index.html'),
  );
}

/** The benchmark is compiled against the build, which is what it measures. */
function buildBench() {
  step(
    'bench',
    digestOf(['tsconfig.json', 'bench/tsconfig.json', 'package-lock.json', ...sources('src'), ...sources('bench')]),
    'Building the benchmark',
    () => {
      must('node', [bin('typescript', 'typescript', 'bin', 'tsc'), '-p', 'bench/tsconfig.json']);
    },
    join(root, 'dist-bench', 'main.js'),
  );
}

/** The fast lane: linter, types, tidiness, units and the core. */
async function check() {
  must('node', [bin('biome', '@biomejs', 'biome', 'bin', 'biome'), 'check', '.']);
  const checked = await Promise.all(['tsconfig.json', join('test', 'tsconfig.json')].map(typesHold));
  if (checked.includes(false)) process.exit(1);
  run('node', [bin('jest', 'jest', 'bin', 'jest.js'), '--config', 'jest.check.config.js', ...rest]);
}

/** Whether the types of a project hold. What has been checked before is remembered. */
function typesHold(project) {
  const memory = join(marks, 'types', `${project.replaceAll(/\W/g, '-')}.tsbuildinfo`);
  const args = ['--noEmit', '--incremental', '--tsBuildInfoFile', memory, '-p', project];
  const child = spawn(process.execPath, [bin('typescript', 'typescript', 'bin', 'tsc'), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  return new Promise((resolve) => child.on('exit', (code) => resolve(code === 0)));
}

/**
 * The attacks are compiled on their own: they know of the house what can be reached from outside. Their book is the
 * benchmark's.
 */
function buildAttack() {
  step(
    'attack',
    digestOf([
      ...['tsconfig.json', 'attack/tsconfig.json', 'package-lock.json', 'src/interop/random.ts'],
      ...['bench/setup.ts', 'bench/client.ts', ...sources('attack')],
    ]),
    'Building the attacks',
    () => {
      must('node', [bin('typescript', 'typescript', 'bin', 'tsc'), '-p', 'attack/tsconfig.json']);
    },
    join(root, 'dist-attack', 'attack', 'main.js'),
  );
}

/** Does something once for each state of its inputs. */
function step(name, digest, title, work, product) {
  const mark = join(marks, name);
  const done = existsSync(mark) && readFileSync(mark, 'utf8') === digest && (!product || existsSync(product));
  if (done) return;
  console.error(`${title} …`);
  work();
  mkdirSync(marks, { recursive: true });
  writeFileSync(mark, digest);
}

function digestOf(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const path = join(root, file);
    if (existsSync(path)) hash.update(file).update(readFileSync(path));
  }
  return hash.digest('hex');
}

function sources(folder) {
  return files(folder).filter((name) => name.endsWith('.ts'));
}

function files(folder) {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((name) => statSync(join(root, name)).isFile())
    .sort();
}

/** A program of a package, run with this Node rather than through a shell. */
function bin(_name, ...path) {
  return join(root, 'node_modules', ...path);
}

function must(program, args, { quiet = false, shell = false } = {}) {
  const result = spawnSync(program === 'node' ? process.execPath : program, args, {
    cwd: root,
    stdio: quiet ? ['ignore', 'ignore', 'inherit'] : ['ignore', 'inherit', 'inherit'],
    shell,
  });
  if (result.status !== 0) {
    console.error(`${program} ${args.join(' ')} failed${result.error ? `: ${result.error.message}` : ''}.`);
    process.exit(result.status ?? 1);
  }
}

/** Becomes the program: its streams, its exit code, and every signal meant for it. */
function run(program, args) {
  const child = spawn(program === 'node' ? process.execPath : program, args, { cwd: process.cwd(), stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal's interrupt reaches the child by itself; only what was sent to this process alone is passed on.
      if (signal !== 'SIGINT') child.kill(signal);
    });
  }
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}
