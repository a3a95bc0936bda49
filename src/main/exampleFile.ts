/** What a data folder remembers of the example day in it: which one, for whom, and whether it is over. */

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DayName } from '../interop/day';
import { FILE_MODE, FOLDER_MODE } from '../store/private';

export interface Example {
  readonly day: DayName;
  readonly seed: number;
  readonly clients: number;
  readonly fund: string;
  readonly contracts?: boolean; // not in folders of before there were others than perpetuals in USDT
  readonly finished: boolean;
}

const fileOf = (data: string): string => join(data, 'example.json');

export function readExample(data: string): Example | undefined {
  const file = fileOf(data);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Example) : undefined;
}

export function writeExample(data: string, example: Example): void {
  mkdirSync(data, { recursive: true, mode: FOLDER_MODE });
  const draft = `${fileOf(data)}.new`;
  writeFileSync(draft, `${JSON.stringify(example, null, 2)}\n`, { mode: FILE_MODE });
  renameSync(draft, fileOf(data));
}
