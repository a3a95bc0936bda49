/** Files that are no scenarios: each is refused with its line and a reason. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readScenarios, STANDARD_START } from '../../../src/interop/scenario/read';
import { instantOf, ScenarioMalformed } from '../../../src/interop/scenario/scenario';

const FOLDER = join(__dirname, '..', '..', 'scenarios');

function failureOf(text: string, files: Readonly<Record<string, string>> = {}): string {
  try {
    readScenarios('story.yaml', (path) => readFrom(path, { 'story.yaml': text, ...files }));
    return 'read';
  } catch (error) {
    if (!(error instanceof ScenarioMalformed)) throw error;
    expect(error.message).toBe(`${error.file}:${error.line}: ${error.reason}`);
    return error.message;
  }
}

function readFrom(path: string, files: Readonly<Record<string, string>>): string {
  const text = files[path];
  if (text === undefined) throw new Error(`no ${path}`);
  return text;
}

const step = (text: string): string => `story: s\nsteps:\n  - ${text}\n`;

test.each([
  ['nothing', '', 'story.yaml:1: The file is empty.'],
  ['no map', '- a', 'story.yaml:1: A scenario is a map of'],
  ['broken YAML', 'story: s\nsteps: [', 'story.yaml:2: '],
  ['a key twice', 'story: s\nsteps: []\nstory: t', 'story.yaml:3: Map keys must be unique'],
  ['no story', 'steps:\n  - at: 1h\n', 'story.yaml:1: A scenario says what it shows'],
  ['no steps', 'story: s\n', 'story.yaml:1: A scenario has steps of its own.'],
  ['an unknown key', 'story: s\nstep: []\n', 'story.yaml:2: `step` is not known here; there are story, given,'],
  ['a start that is none', 'story: s\nstart: noon\nsteps:\n  - at: 1h\n', 'story.yaml:2: `start` is an instant'],
  ['values that are no map', 'story: s\nlet: [a]\nsteps:\n  - at: 1h\n', 'story.yaml:2: `let` is a map'],
  ['a step that is no map', step('at'), 'story.yaml:3: A step is a map of at,'],
  ['an unknown key of a step', step('{ at: 1h, who: feed }'), 'story.yaml:3: `who` is not known here'],
  [
    'a mutation and a query',
    step('{ as: a, mutation: m, query: q }'),
    'story.yaml:3: A step is a mutation or a query, not both.',
  ],
  ['nobody', step('mutation: m'), 'story.yaml:3: A step says in whose name it is made'],
  ['nothing to do', step('as: feed'), 'story.yaml:3: A step has a `mutation`, a `query`, or a time'],
  ['a time that is none', step('at: soon'), 'story.yaml:3: `at` is a time since the start such as 59m59.999s'],
  ['a time that is a number', step('at: 60'), 'story.yaml:3: `at` is a time since the start'],
  ['an input for nothing', step('{ at: 1h, input: {} }'), 'story.yaml:3: `input` belongs to'],
  [
    'a second person for a query',
    step('{ as: a, query: q, approvedBy: b }'),
    'story.yaml:3: `approvedBy` belongs to a mutation.',
  ],
  [
    'an answer to nothing',
    step('at: 1h\n    expect:\n      answer: {}'),
    'story.yaml:5: Only a mutation or a query is answered.',
  ],
  [
    'an error and an answer',
    step('{ as: a, query: q, expect: { error: X, answer: {} } }'),
    'story.yaml:3: An operation that ends in an error',
  ],
  [
    'a query rejected',
    step('{ as: a, query: q, expect: { rejection: X } }'),
    'story.yaml:3: Only mutations are rejected',
  ],
  ['an unknown expectation', step('at: 1h\n    expect:\n      event: []'), 'story.yaml:5: `event` is not known here'],
  ['events that are no list', step('at: 1h\n    expect:\n      events: a'), 'story.yaml:5: `events` is a list.'],
  [
    'an event that is no name',
    step('at: 1h\n    expect:\n      events:\n        - { a: {}, b: {} }'),
    'story.yaml:6: `events` lists names',
  ],
  ['a missing file', 'story: s\ngiven: other.yaml\nsteps: []\n', 'story.yaml:2: other.yaml cannot be read.'],
])('%s', (_, text, expected) => {
  expect(failureOf(text)).toMatch(new RegExp(`^${expected.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`));
});

test('an included file that is malformed is named with its own line', () => {
  const given = { 'given.yaml': 'steps:\n  - as: feed\n' };
  expect(failureOf('story: s\ngiven: given.yaml\nsteps:\n  - at: 1h\n', given)).toMatch(/^given\.yaml:2: A step has a/);
  expect(failureOf('story: s\ngiven: given.yaml\nsteps:\n  - at: 1h\n', { 'given.yaml': 'given: story.yaml' })).toMatch(
    /^given\.yaml:1: story\.yaml includes itself\./,
  );
});

test('included steps come first, and a value of the story stands before that of what it includes', () => {
  const files = {
    'story.yaml': 'story: s\ngiven: [a.yaml, b.yaml]\nlet: { x: "3" }\nsteps:\n  - at: 2h\n',
    'a.yaml': 'let: { x: "1", y: "1" }\nsteps:\n  - at: 0s\n',
    'b.yaml': 'let: { y: "2" }\nsteps:\n  - at: 1h\n',
  };
  const [scenario] = readScenarios('story.yaml', (path) => readFrom(path, files));
  expect(Object.fromEntries(scenario?.values ?? [])).toEqual({ x: '3', y: '2' });
  expect(scenario?.steps.map(({ source, given, number, at }) => [source.file, given, number, at])).toEqual([
    ['a.yaml', true, 1, { after: 0 }],
    ['b.yaml', true, 1, { after: 3_600_000 }],
    ['story.yaml', false, 1, { after: 7_200_000 }],
  ]);
});

test('a time is so long after the start, or an instant; documents of one file are stories of their own', () => {
  const path = join(FOLDER, 'engine', 's22-clock.yaml');
  const stories = readScenarios(path, (name) => readFileSync(name, 'utf8'));
  const [standard, night] = [stories[0], stories.at(-1)];
  expect(standard?.start).toBe(STANDARD_START);
  expect(night?.start).toBe(Date.parse('2025-10-26T00:30:00Z'));
  expect(instantOf({ after: 5 }, STANDARD_START)).toBe(STANDARD_START + 5);
  expect(instantOf({ instant: STANDARD_START }, STANDARD_START)).toBe(STANDARD_START);
});
