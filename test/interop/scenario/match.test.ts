/** What counts as expected, what does not, and how a difference is told and written anew. */

import { isSeq, LineCounter, parseDocument } from 'yaml';
import type { StepEvent } from '../../../src/interop/scenario/events';
import { type Difference, differences, type Matching } from '../../../src/interop/scenario/match';
import { eventDifferences, unwanted } from '../../../src/interop/scenario/matchEvents';
import { instant } from '../../../src/units/quantity';

const START = instant(Date.parse('2025-10-10T12:00:00Z'));

function open(text: string, values: Record<string, unknown> = {}) {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const matching: Matching = {
    source: {
      file: 'f',
      document,
      renamed: [],
      lineOf: (node) => lines.linePos((node as { range?: [number] } | null)?.range?.[0] ?? 0).line,
    },
    values: new Map(Object.entries(values)),
    start: START,
  };
  return { document, matching };
}

const told = (found: readonly Difference[]): string[] =>
  found.map(({ line, path, expected, came }) => `${line} ${path}: ${expected} / ${came}`);

function matched(text: string, came: unknown, values: Record<string, unknown> = {}) {
  const { document, matching } = open(text, values);
  const found = differences(document.contents, came, 'a', matching, () => undefined);
  return {
    told: told(found),
    values: Object.fromEntries(matching.values),
    rewritten: () => {
      for (const { fix } of found) fix?.();
      return document.toString({ flowCollectionPadding: true });
    },
  };
}

describe('a value', () => {
  test.each([
    ['a part of a map', '{ x: "1.00" }', { x: '1.00', y: 2 }, []],
    ['another text', 'x: "1.00"\ny: "2"', { x: '1.00', y: '3' }, ['2 a.y: 2 / 3']],
    ['a decimal in other digits', '{ x: "1.0" }', { x: '1.00' }, ['1 a.x: 1.0 / 1.00']],
    [
      'a number for a decimal',
      '{ x: 1.5 }',
      { x: '1.5' },
      ['1 a.x: 1.5 (a number; decimals are written in quotes) / 1.5'],
    ],
    ['a field that is not there', '{ z: "1" }', { x: '1' }, ['1 a.z: a value / nothing']],
    ['null for null', '{ x: null }', { x: null }, []],
    ['null for something', '{ x: null }', { x: '1' }, ['1 a.x: null / 1']],
    ['something for null', '{ x: { y: "1" } }', { x: null }, ['1 a.x: these fields / null']],
    ['all items of a list', '[{ x: "1" }, { x: "2" }]', [{ x: '1', y: 1 }, { x: '2' }], []],
    ['too few items', '[{ x: "1" }]', [{ x: '1', y: '9' }, { x: '2' }], ['1 a: 1 item / [{ x: 1 }, { x: 2 }]']],
    ['items in another order', '["1", "2"]', ['2', '1'], ['1 a[0]: 1 / 2', '1 a[1]: 2 / 1']],
    ['no items', '[]', ['1'], ['1 a: 0 items / [1]']],
    ['a page of a list', '[{ x: "1" }]', { nodes: [{ x: '1' }] }, []],
    ['a code of a rejection', 'PRICE_STALE', { code: 'PRICE_STALE', details: [] }, []],
    ['another code', 'PRICE_STALE', { code: 'PRICE_MISSING', details: [] }, ['1 a: PRICE_STALE / PRICE_MISSING']],
    ['facts of a rejection', '{ details: { free: "1.00" } }', { details: [{ name: 'free', value: '1.00' }] }, []],
    ['a time since the start', '1h', '2025-10-10T13:00:00.000Z', []],
    ['an instant', '2025-10-10T13:00:00Z', '2025-10-10T13:00:00.000Z', []],
    ['another time', '1h', '2025-10-10T13:00:00.001Z', ['1 a: 1h / 1h0.001s']],
    [
      'another instant',
      '2025-10-10T13:00:00Z',
      '2025-10-10T12:00:00.000Z',
      ['1 a: 2025-10-10T13:00:00Z / 2025-10-10T12:00:00.000Z'],
    ],
  ])('%s', (_, text, came, expected) => {
    expect(matched(text, came).told).toEqual(expected);
  });

  test('a name takes the first value it meets and is held to it', () => {
    const first = matched('[$x, $x, $y]', ['1', '1', '2']);
    expect([first.told, first.values]).toEqual([[], { x: '1', y: '2' }]);
    expect(matched('[$x, $x]', ['1', '2']).told).toEqual(['1 a[1]: 1 ($x) / 2']);
    expect(matched('$x', null).told).toEqual(['1 a: nothing ($x) / null']);
  });

  test('an alias stands for what it repeats', () => {
    expect(matched('x: &one "1"\ny: *one', { x: '1', y: '1' }).told).toEqual([]);
    expect(matched('x: &one "1"\ny: *one', { x: '1', y: '2' }).told).toEqual(['2 a.y: 1 / 2']);
  });

  test('written anew only what differs changes; comments, quotes and names stay', () => {
    const text = '# why\nx: "1.00" # one\ny: $call\nat: 1h\nlist:\n  - { a: "1" }\ngone: "1"\nnone: "1"\n';
    const came = {
      x: '2.00',
      y: 'c1',
      at: '2025-10-10T14:00:00.000Z',
      list: [{ a: '1', b: '0' }, { a: '2' }],
      none: null,
    };
    const { rewritten } = matched(text, came);
    expect(rewritten()).toBe(
      '# why\nx: "2.00" # one\ny: $call\nat: 2h\nlist: [ { a: "1" }, { a: "2" } ]\nnone: null\n',
    );
  });
});

describe('events', () => {
  const event = (name: string, fields: Record<string, unknown> = {}): StepEvent => ({ name, seq: 1, fields });
  const CAME = [
    event('called', { account: 'a', amount: '1' }),
    event('called', { account: 'b', amount: '2' }),
    event('cured', { account: 'b' }),
  ];

  function followed(text: string, came: readonly StepEvent[] = CAME) {
    const { document, matching } = open(text);
    if (!isSeq(document.contents)) throw new Error('a list');
    const found = eventDifferences(document.contents, came, matching);
    return {
      told: told(found),
      values: Object.fromEntries(matching.values),
      rewritten: () => {
        for (const { fix } of found) fix?.();
        return document.toString({ flowCollectionPadding: true });
      },
    };
  }

  test.each([
    ['by name', '[called, cured]', []],
    ['with others between', '[called: { account: a }, cured: {}]', []],
    ['by their fields', '- called: { account: b }\n- cured', []],
    ['in another order', '- cured\n- called', ['2 events: called / nothing more']],
    ['twice where it came once', '- cured\n- cured', ['2 events: cured / nothing more']],
    ['that did not come', '- paid\n- cured', ['1 events: paid / called, called, cured']],
    [
      'with another field',
      '- called: { account: b, amount: "3" }',
      ['1 events.called.account: b / a', '1 events.called.amount: 3 / 1'],
    ],
    ['none', '[]', ['1 events: none / called, called, cured']],
  ])('expected %s', (_, text, expected) => {
    expect(followed(text).told).toEqual(expected);
  });

  test('none expected and none came', () => {
    expect(followed('[]', []).told).toEqual([]);
  });

  test('a name is given by the event that fits, not by those that were tried before it', () => {
    expect(followed('- called: { amount: $x, account: b }').values).toEqual({ x: '2' });
  });

  test('an empty list is written anew as everything that came, a wrong one without what did not', () => {
    const all =
      '- called: { account: a, amount: "1" }\n- called: { account: b, amount: "2" }\n- cured: { account: b }\n';
    expect(followed('[]').rewritten()).toBe(all);
    expect(followed('- paid\n- cured # at last\n').rewritten()).toBe('- cured # at last\n');
    expect(followed('- paid\n').rewritten()).toBe(all);
  });

  test('an event that is ruled out is told, and never written away', () => {
    const { document, matching } = open('[paid, cured]');
    const found = isSeq(document.contents) ? unwanted(document.contents, CAME, matching) : [];
    expect(told(found)).toEqual(['1 without: no cured / called, called, cured']);
    expect(found[0]?.fix).toBeUndefined();
  });
});
