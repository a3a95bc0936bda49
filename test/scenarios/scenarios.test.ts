/** Every story in this folder, played against a whole house behind its API. */

import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { failureText } from '../../src/interop/scenario/report';
import { openScenarioStore, runScenario } from '../../src/main/scenario';
import type { Store } from '../../src/store/client';

const FOLDER = relative(process.cwd(), __dirname);
const FILES = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml') && !name.startsWith('given'))
  .sort();

let store: Store;
beforeAll(async () => {
  store = await openScenarioStore();
}, 60_000);
afterAll(() => store?.close());

test.each(FILES)('%s', async (name) => {
  const { stories } = await runScenario(store, join(FOLDER, name));
  expect(stories.flatMap(({ failures }) => failures).map(failureText)).toEqual([]);
});
