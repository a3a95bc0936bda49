import { forgetOldest } from '../../src/units/forget';

const keysOf = (map: ReadonlyMap<string, number>): string => [...map.keys()].join('');

test('the oldest go first, and only as long as they may', () => {
  const map = new Map([...'abcde'].map((key, i) => [key, i]));
  forgetOldest(map, (value) => value < 2);
  expect(keysOf(map)).toBe('cde');
  forgetOldest(map, (value) => value === 3); // c stands in front and stays, so d stays
  expect(keysOf(map)).toBe('cde');
});

test('what is put in later is forgotten later, also after everything was', () => {
  const map = new Map<string, number>();
  const most = (size: number) => () => map.size > size;
  for (const [i, key] of [...'abcdefghij'].entries()) {
    map.set(key, i);
    forgetOldest(map, most(3));
  }
  expect(keysOf(map)).toBe('hij');
  forgetOldest(map, most(0));
  expect(map.size).toBe(0);
  for (const [i, key] of [...'klm'].entries()) map.set(key, i);
  forgetOldest(map, most(2));
  expect(keysOf(map)).toBe('lm');
});

test('two maps are forgotten from independently', () => {
  const [one, other] = [new Map([...'abc'].map((key) => [key, 0])), new Map([...'xyz'].map((key) => [key, 0]))];
  forgetOldest(one, () => one.size > 1);
  forgetOldest(other, () => other.size > 2);
  expect([keysOf(one), keysOf(other)]).toEqual(['c', 'yz']);
});

test('it takes no longer the more has been forgotten', () => {
  const size = 200_000;
  const map = new Map<string, number>();
  for (let i = 0; i < size; i++) map.set(String(i), i);
  let passed = 0;
  const counted = new Proxy(map, {
    get(target, name) {
      if (name === 'size') return target.size;
      if (name === 'entries' || name === Symbol.iterator) passed += 1; // the walk from the front begins anew
      return (target[name as keyof typeof target] as (...given: unknown[]) => unknown).bind(target);
    },
  });
  for (let i = size; i < size + 1_000; i++) {
    counted.set(String(i), i);
    forgetOldest(counted, () => counted.size > size);
  }
  expect(counted.size).toBe(size);
  expect(passed).toBe(1);
});
