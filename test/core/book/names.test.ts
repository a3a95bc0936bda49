import { createNames } from '../../../src/core/book/names';
import { hashOf } from '../../../src/core/book/texts';
import { randomOf } from '../../support/random';

/** Texts that all begin to be looked for at the same place of a table of a million. */
function colliding(count: number): string[] {
  const found: string[] = [];
  for (let i = 0; found.length < count; i++) if ((hashOf(`c${i}`) & 0xfff) === 7) found.push(`c${i}`);
  return found;
}

const LISTS: readonly (readonly [string, readonly string[]])[] = [
  // Too many for one page of a megabyte.
  ['one after the other', Array.from({ length: 30_000 }, (_, i) => `client-${String(i).padStart(50, '0')}`)],
  ['of any length', Array.from({ length: 3000 }, (_, i) => 'x'.repeat(i % 300) + i)],
  ['that collide', colliding(500)],
  [
    'of every script',
    ['', 'é', 'ÿ', 'Ā', '口座', '😀', '\ud800', 'a\u0000b', '\n', ...Array.from({ length: 300 }, (_, i) => `口座${i}`)],
  ],
];

describe.each(LISTS)('names %s', (_, texts) => {
  const names = createNames();
  texts.forEach((text, i) => {
    if (names.number(text) !== i) throw new Error(`${text} is not number ${i}`);
  });

  test.each([
    ['as given', names],
    ['saved and restored', createNames(structuredClone(names.save()))],
  ])('have their numbers in the order in which they came, and no other: %s', (__, list) => {
    expect(list.size).toBe(texts.length);
    expect(texts.every((text, i) => list.find(text) === i && list.name(i) === text && list.number(text) === i)).toBe(
      true,
    );
    for (const text of texts.slice(0, 2000)) expect(list.find(`${text}?`)).toBe(-1);
    expect(list.number('one more')).toBe(texts.length);
    expect(list.find('one more')).toBe(texts.length);
  });

  test('take no more than their characters and a few bytes', () => {
    const characters = texts.reduce((sum, text) => sum + text.length, 0);
    expect(names.bytes()).toBeLessThan(8192 + 2 * characters + 80 * texts.length);
    expect(names.bytes()).toBeGreaterThan(4 * texts.length);
  });
});

test('a saved list shares nothing with the list', () => {
  const names = createNames();
  names.number('a');
  const saved = names.save();
  names.number('b');
  expect(createNames(saved).find('b')).toBe(-1);
  createNames(saved).number('c');
  expect(createNames(saved).size).toBe(1);
});

test('what names begin with and end with tells their places apart', () => {
  const random = randomOf(3);
  const texts = [
    Array.from({ length: 4096 }, (_, i) => `client-${String(i).padStart(8, '0')}`),
    Array.from({ length: 4096 }, (_, i) => `${String(i).padStart(8, '0')}:usd`),
    Array.from({ length: 4096 }, () => random.bits(128).toString(36)),
  ];
  // Of 4096 places thrown at by chance, 63 in 100 are met.
  for (const list of texts) expect(new Set(list.map((text) => hashOf(text) & 4095)).size / 4096).toBeGreaterThan(0.6);
});
