import { createDeadlines } from '../../src/units/deadlines';
import { type Instant, instant } from '../../src/units/quantity';
import { randomOf } from '../support/random';

test('DS-1 equal instants come out in the order of their keys, whatever the order in which they were set', () => {
  for (const keys of [
    ['b', 'a', 'c'],
    ['c', 'b', 'a'],
    ['a', 'c', 'b'],
  ]) {
    const deadlines = createDeadlines();
    for (const key of keys) deadlines.set(key, instant(5));
    const out: string[] = [];
    for (let first = deadlines.first(); first; first = deadlines.first()) {
      out.push(first.key);
      deadlines.set(first.key, undefined);
    }
    expect(out).toEqual(['a', 'b', 'c']);
  }
});

test('B1-4 the heap always shows what a plain list shows, through random setting, moving and dropping', () => {
  const random = randomOf(4);
  const deadlines = createDeadlines();
  const plain = new Map<string, Instant>();
  for (let step = 0; step < 8000; step++) {
    const key = `k${random.below(60)}`;
    const at = random.chance(35) ? undefined : instant(random.below(40));
    deadlines.set(key, at);
    if (at === undefined) plain.delete(key);
    else plain.set(key, at);
    const [first] = [...plain].sort(([a, s], [b, t]) => s - t || (a < b ? -1 : 1));
    expect(deadlines.first()).toEqual(first && { key: first[0], at: first[1] });
    expect(deadlines.size).toBe(plain.size);
    const now = instant(step % 40);
    expect(deadlines.reached(now).sort()).toEqual([...plain].filter(([, due]) => due <= now).sort());
  }
});
