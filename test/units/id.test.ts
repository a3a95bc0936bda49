import { idOf, isChosenId } from '../../src/units/id';
import { instant } from '../../src/units/quantity';

const AT = instant(1_760_130_900_000);

test('DS-1 an id is the same for the same command and place, and a UUIDv7 behind its prefix', () => {
  const id = idOf('call', AT, 4711, 3);
  expect(id).toBe(idOf('call', AT, 4711, 3));
  expect(id).toMatch(/^call_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(parseInt(id.slice(5, 18).replace('-', ''), 16)).toBe(AT);
});

test('DS-1 ids are unique, and their order is the order in which they were given out', () => {
  const places: [number, number, number][] = [];
  for (const later of [0, 1]) {
    for (const seq of [1, 2, 255, 256, 2 ** 30 - 1, 2 ** 30, 2 ** 41]) {
      for (const ordinal of [1, 2, 4095, 4096, 2 ** 31]) places.push([AT + later, seq, ordinal]);
    }
  }
  const ids = places.map(([at, seq, ordinal]) => idOf('lord', instant(at), seq, ordinal));
  expect(new Set(ids).size).toBe(ids.length);
  expect([...ids].sort()).toEqual(ids);
});

test.each(['a', 'BTC-PERP', 'alice@1'.replace('@', ':'), 'x'.repeat(64), '0.b_c/d', 'm1/m2/x', 'a./b-'])(
  '%s may be chosen as an id',
  (text) => {
    expect(isChosenId(text)).toBe(true);
  },
);

test.each([
  '',
  '-a',
  ' a',
  'a b',
  'a\n',
  'é',
  'x'.repeat(65),
  '__proto__',
  'a;b',
  'm1/',
  'm1//',
  'm1//x',
  '/m1',
  'm1/../m2/x',
  'm1/./x',
  'm1/__proto__',
  'm1/-',
])('"%s" may not be chosen as an id', (text) => {
  expect(isChosenId(text)).toBe(false);
});
