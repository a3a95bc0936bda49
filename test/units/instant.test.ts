import { Malformed } from '../../src/units/failure';
import { formatDuration, formatInstant, parseDuration, parseInstant } from '../../src/units/instant';
import { duration } from '../../src/units/quantity';
import { randomOf } from '../support/random';

test('an instant is RFC 3339 in UTC, to the millisecond, and reads back as itself', () => {
  expect(parseInstant('2025-10-10T21:15:00Z')).toBe(1_760_130_900_000);
  expect(parseInstant('2025-10-10T21:15:00.5Z')).toBe(1_760_130_900_500);
  expect(formatInstant(parseInstant('2024-02-29T23:59:59.999Z'))).toBe('2024-02-29T23:59:59.999Z');
});

test.each([
  '2025-02-29T00:00:00Z', // no leap year
  '2025-13-01T00:00:00Z',
  '2025-04-31T00:00:00Z',
  '2025-10-10T24:00:00Z',
  '2025-10-10T23:59:60Z',
  '2025-10-10T21:15:00+02:00',
  '2025-10-10T21:15:00',
  '2025-10-10 21:15:00Z',
  '2025-10-10T21:15:00.1234Z',
  '1760130900000',
  '',
])('"%s" is no instant', (text) => {
  expect(() => parseInstant(text)).toThrow(Malformed);
});

test.each([
  ['90s', 90_000],
  ['1h30m', 5_400_000],
  ['59m59.999s', 3_599_999],
  ['1m', 60_000],
  ['5ms', 5],
  ['2d3h4m5.06s', 183_845_060],
  ['1s1ms', 1001],
  ['0s', 0],
])('%s lasts %i ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(['', 's', '1', '1x', '-1s', '1.5h', '1s1m', '1.2345s', '1 s', '99999999999999999d'])(
  '"%s" is no duration',
  (text) => {
    expect(() => parseDuration(text)).toThrow(Malformed);
  },
);

test('a duration written reads back as itself', () => {
  const random = randomOf(3);
  for (let i = 0; i < 2000; i++) {
    const span = duration(Number(random.bits(1 + random.below(40))));
    expect(parseDuration(formatDuration(span))).toBe(span);
  }
});
