/** What the program is told: flags, environment, defaults, and what it refuses. */

import { resolve } from 'node:path';
import { OPTIONS, type OptionName, readConfig } from '../../src/main/config';
import {
  bytes,
  ConfigError,
  flagNameOf,
  listOf,
  type Option,
  oneOf,
  span,
  whole,
  yesOrNo,
} from '../../src/main/option';

const ROWS = Object.entries(OPTIONS) as [OptionName, Option<unknown>][];

test('without a word every option has its default', () => {
  expect(readConfig({}, {})).toEqual(Object.fromEntries(ROWS.map(([name, { standard }]) => [name, standard])));
});

test('a flag goes before the environment, and the environment before the default', () => {
  expect(readConfig({ port: '1' }, { PORT: '2' }).port).toBe(1);
  expect(readConfig({}, { PORT: '2' }).port).toBe(2);
  expect(readConfig({ data: 'here' }, {}).data).toBe(resolve('here'));
});

test.each([
  ['port', '65536', '--port is to be a whole number from 0 to 65535.'],
  ['port', '-1', '--port is to be a whole number from 0 to 65535.'],
  ['port', '', '--port is to be a whole number from 0 to 65535.'],
  ['logLevel', 'loud', '--log-level is to be one of trace, debug, info, warn, error, fatal, silent.'],
] as const)('--%s %s is refused', (name, given, sentence) => {
  expect(() => readConfig({ [name]: given }, {})).toThrow(new ConfigError(sentence));
});

test('what the environment says wrongly is refused by the name of the variable, and is not repeated', () => {
  expect(() => readConfig({}, { DATABASE_URL: 'mysql://user:secret@host' })).toThrow(
    new ConfigError('DATABASE_URL is to be an address that begins with postgresql://.'),
  );
});

test('every option has a variable and a flag of its own', () => {
  expect(new Set(ROWS.map(([, { env }]) => env)).size).toBe(ROWS.length);
  expect(new Set(ROWS.map(([name]) => flagNameOf(name))).size).toBe(ROWS.length);
});

test.each([
  [whole(1, 10), '10', 10],
  [whole(1, 10), '11', undefined],
  [whole(1, 10), '1.5', undefined],
  [bytes(0, 1e9), '500MB', 500_000_000],
  [bytes(0, 1e12), '2GiB', 2_147_483_648],
  [bytes(0, 1e6), '2MB', undefined],
  [bytes(0, 1e6), 'much', undefined],
  [span('1s', '1d'), '12h', 43_200_000],
  [span('1s', '1d'), '2d', undefined],
  [span('1s', '1d'), 'soon', undefined],
  [yesOrNo, 'yes', true],
  [yesOrNo, 'no', false],
  [yesOrNo, 'true', undefined],
  [listOf(oneOf('A', 'B')), 'A, B', ['A', 'B']],
  [listOf(oneOf('A', 'B')), '', []],
  [listOf(oneOf('A', 'B')), 'A,C', undefined],
])('%o reads "%s"', (kind, given, value) => {
  expect(kind.read(given)).toEqual(value);
});
