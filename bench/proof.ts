/**
 * The proof of the watch by an oracle that shares nothing with the house, at full size. It is the test of the same
 * name, and runs as one: the oracle must not be compiled into what it judges.
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ProofEffort {
  readonly accounts: number;
  readonly contracts: number; // every third inverse, every other one scaled by open interest
  readonly checks: number;
  readonly ties: number;
}

export interface ProofResult {
  readonly accounts: number;
  readonly ticks: number;
  readonly checks: number;
  readonly exact: number; // of these, in integers
  readonly ties: number;
  readonly kinks: number; // planted where a tier ends
  readonly crossings: number;
  readonly reviews: number; // of open interest
  readonly missed: number;
  readonly wrong: number; // figures of the house that are not the oracle's
}

const ROOT = join(__dirname, '..');
const TEST = join('test', 'core', 'book', 'proof.test.ts');

export function proveByOracle(effort: ProofEffort): ProofResult {
  const folder = mkdtempSync(join(tmpdir(), 'novate-proof-'));
  const result = join(folder, 'result.json');
  const jest = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
  const env = {
    ...process.env,
    NOVATE_PROOF: JSON.stringify({ ...effort, floats: true, seed: 7 }),
    NOVATE_PROOF_RESULT: result,
  };
  try {
    const args = [
      '--max-old-space-size=4096',
      jest,
      '--maxWorkers=1',
      '--runTestsByPath',
      TEST,
      '-t',
      'the watch names everybody',
    ];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, env, encoding: 'utf8' });
    if (status !== 0) throw new Error(`The oracle finds differences:\n${stderr}`);
    return {
      accounts: effort.accounts,
      ...(JSON.parse(readFileSync(result, 'utf8')) as Omit<ProofResult, 'accounts'>),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
