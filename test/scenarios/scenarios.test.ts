/** Every story in this folder, played against a whole house behind its API. */

import { failureText } from '../../src/interop/scenario/report';
import { openScenarioStore, runScenario } from '../../src/main/scenario';
import type { Store } from '../../src/store/client';
import { SCENARIOS, storiesOf } from './files';

let store: Store;
beforeAll(async () => {
  store = await openScenarioStore();
}, 60_000);
afterAll(() => store?.close());

test.each(SCENARIOS.map((path) => [path, storiesOf(path)]))('%s %s', async (path) => {
  const { stories } = await runScenario(store, path);
  expect(stories.flatMap(({ failures }) => failures.map(failureText)).join('\n')).toBe('');
  expect(stories.length).toBeGreaterThan(0);
});
