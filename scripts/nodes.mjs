#!/usr/bin/env node
// Runs the house on every Node it supports, each in another time zone and locale: starts it, asks it, stops it, and
// lives through a crash. All of them must come to the same digest (DS-1). The binaries are packages of npm.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cli = join(root, 'dist', 'main', 'cli.js');
const DAY = '2020-03-12';
/** Versions that package registries have binaries of, and where on earth each runs. */
const PLACES = [
  { version: '20.20.2', TZ: 'UTC', LC_ALL: 'C' },
  { version: '22.23.5', TZ: 'Asia/Kolkata', LC_ALL: 'tr_TR.UTF-8' },
  { version: '24.22.3', TZ: 'America/St_Johns', LC_ALL: 'de_DE.UTF-8' },
];

/** The Node of a version: this one where it is of the same line, else its binary from npm. */
function nodeOf(version) {
  const line = version.split('.')[0];
  if (process.versions.node.split('.')[0] === line) return process.execPath;
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const folder = join(root, 'node_modules', '.novate', 'nodes', version);
  const binary = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(binary)) return binary;
  mkdirSync(folder, { recursive: true });
  const args = [
    'install',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    '--no-save',
    '--prefix',
    folder,
    `${name}@${version}`,
  ];
  const done = spawnSync('npm', args, {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (done.status !== 0 || !existsSync(binary)) throw new Error(`npm has no ${name}@${version}.`);
  return binary;
}

/** Starts an empty house, asks it with a printed key, and stops it. Throws where one of these does not go well. */
async function startOn(node, env) {
  const data = mkdtempSync(join(tmpdir(), 'novate-node-'));
  const house = spawn(node, [cli, 'start', '--empty', '--data', data, '--port', '0'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => house.once('exit', (code, signal) => resolve(code ?? signal)));
  try {
    let [url, key] = ['', ''];
    for await (const line of createInterface({ input: house.stdout })) {
      key = /^\s+AUDITOR\s+(\S+)$/.exec(line)?.[1] ?? key;
      url = /^The house is open at (\S+?)\.\s/.exec(line)?.[1] ?? '';
      if (url) break;
    }
    house.stdout.resume();
    if (!url || !key) throw new Error('The house did not open.');
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ query: '{ house { seq } }' }),
    });
    const { data: answer } = await response.json();
    if (!answer?.house?.seq) throw new Error('The house did not answer.');
    house.kill('SIGTERM');
    const code = await ended;
    if (code !== 0) throw new Error(`The house ended with ${code}.`);
  } finally {
    house.kill('SIGKILL');
    await ended;
    rmSync(data, { recursive: true, force: true });
  }
}

/** The digest of the state after the crash. */
function replayOn(node, env) {
  const { status, stdout } = spawnSync(node, [cli, 'replay', DAY, '--quiet'], {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const digest = /the same state: ([0-9a-f]{64})/.exec(stdout)?.[1];
  if (status !== 0 || !digest) throw new Error(`The replay ended with ${status}.`);
  return digest;
}

const digests = new Set();
let failed = 0;
for (const { version, ...place } of PLACES) {
  try {
    const node = nodeOf(version);
    const env = { ...process.env, ...place };
    await startOn(node, env);
    const digest = replayOn(node, env);
    digests.add(digest);
    const said = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
    console.log(`Node ${said}, ${place.TZ}, ${place.LC_ALL}: starts, answers, stops; ${DAY} comes to ${digest}`);
  } catch (error) {
    failed += 1;
    console.log(`Node ${version}: ${error instanceof Error ? error.message : error}`);
  }
}
if (digests.size > 1) console.log('The digests differ.');
process.exitCode = failed > 0 || digests.size > 1 ? 1 : 0;
