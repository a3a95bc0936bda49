/** The log of refusals: what is told at once, what is told together, and how little a flood writes. */

import { createDenials, type DenialLine } from '../../../src/graphql/server/denials';

const open = (most?: number) => {
  const lines: DenialLine[] = [];
  const counts: Record<string, number> = {};
  const denials = createDenials({
    write: (line) => lines.push(line),
    count(reason) {
      counts[reason] = (counts[reason] ?? 0) + 1;
    },
    ...(most === undefined ? {} : { most }),
  });
  return { denials, lines, counts };
};

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('the first is told at once, the next ones together after a minute, and then it begins anew', () => {
  const { denials, lines, counts } = open();
  for (let i = 0; i < 100; i++) denials.deny('UNAUTHENTICATED', '192.0.2.1');
  denials.deny('FORBIDDEN', '192.0.2.1', 'broker-1');
  const first = { reason: 'UNAUTHENTICATED', address: '192.0.2.1', key: null, count: 1, seconds: 0 };
  const forbidden = { reason: 'FORBIDDEN', address: '192.0.2.1', key: 'broker-1', count: 1, seconds: 0 };
  expect(lines).toEqual([first, forbidden]);
  jest.advanceTimersByTime(60_000);
  expect(lines.slice(2)).toEqual([{ ...first, count: 99, seconds: 60 }]);
  denials.deny('UNAUTHENTICATED', '192.0.2.1');
  expect(lines.slice(3)).toEqual([first]);
  expect(counts).toEqual({ UNAUTHENTICATED: 101, FORBIDDEN: 1 });
  denials.stop();
});

test('of very many addresses the first are told apart, and the others together', () => {
  const { denials, lines } = open(10);
  for (let i = 0; i < 5_000; i++) denials.deny('CONNECTION', `192.0.2.${i}`);
  expect(lines).toHaveLength(10);
  denials.stop();
  expect(lines.slice(10)).toEqual([{ reason: 'CONNECTION', address: null, key: null, count: 4_990, seconds: 60 }]);
});

test('an answer with several refusals of a kind is one, and mistakes are none', () => {
  const { denials, counts } = open();
  denials.denyCodes(['FORBIDDEN', 'FORBIDDEN', 'BAD_USER_INPUT', 'RATE_LIMITED'], '192.0.2.1');
  expect(counts).toEqual({ FORBIDDEN: 1, RATE_LIMITED: 1 });
  denials.stop();
});
