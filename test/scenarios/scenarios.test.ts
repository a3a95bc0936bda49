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
  // Our own stories say what is to come of each step.
  expect(stories.flatMap(({ notes }) => notes)).toEqual([]);
  expect(stories.length).toBeGreaterThan(0);
});

/** Rules that are to be told as stories: by these a newcomer learns what the house does. */
const TOLD = [
  ...[
    'B1-1',
    'B1-2',
    'B1-3',
    'B1-4',
    'B1-5',
    'B2-1',
    'B2-3',
    'B2-4',
    'B3-1',
    'B3-2',
    'SL-1',
    'SL-2',
    'LCS-1',
    'LCS-2',
    'NE-5',
    'IM-1',
    'IM-5',
    'LF-1',
    'LF-3',
  ],
  ...['LP-1', 'LP-2', 'MT-1', 'MT-2', 'MT-5', 'QC-4', 'RLM-4', 'AH-2', 'PV-2', 'DS-4', 'MCM-2', 'MCM-4', 'X-2', 'X-5'],
];
const DISASTERS = ['S01', 'S04', 'S05', 'S09', 'S10', 'S12', 'S14', 'S17', 'S21', 'S22'];

test('QC-4 and every other rule that is to be told has its story, and every disaster its control', () => {
  const stories = SCENARIOS.flatMap((path) => storiesOf(path).split(' / '));
  const tells = (id: string, more = ''): boolean =>
    stories.some((story) => new RegExp(`^([A-Z0-9-]+ )*${id} ([A-Z0-9-]+ )*${more}`).test(story));
  expect(TOLD.filter((id) => !tells(id))).toEqual([]);
  expect(DISASTERS.filter((id) => !tells(id) || !tells(id, 'Control, '))).toEqual([]);
});
