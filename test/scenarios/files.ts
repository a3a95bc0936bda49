/** The stories of this folder, by their paths. */

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { readScenarios } from '../../src/interop/scenario/read';

const FOLDER = relative(process.cwd(), __dirname);

export const SCENARIOS: readonly string[] = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml') && !name.split(sep).includes('given'))
  .map((name) => join(FOLDER, name))
  .sort();

/** What the stories of a file show, as they say it. */
export const storiesOf = (path: string): string =>
  readScenarios(path, (name) => readFileSync(name, 'utf8'))
    .map(({ story }) => story)
    .join(' / ');
