/**
 * Triggers: whatever is placed, removed and met, nothing that a price has reached is missed, and nothing comes twice.
 * Rule: RLM-2
 */

import { createTriggers, HIGH, LOW, type Side } from '../../../src/core/book/screen/triggers';
import { randomOf } from '../../support/random';

interface Placed {
  readonly source: number;
  readonly side: Side;
  readonly price: number;
}

test.each([1, 2, 3, 4])('RLM-2 a price finds every trigger it has met, seed %i', (seed) => {
  const random = randomOf(seed);
  const triggers = createTriggers();
  const prices = [10_000, 37, 0, -500];
  const placed = new Map<number, Placed>();
  let found = 0;
  for (let step = 0; step < 20_000; step++) {
    const source = random.below(prices.length);
    const at = prices[source] as number;
    const node = random.below(400);
    const known = placed.get(node);
    if (known) {
      triggers.remove(node, known.source, known.side);
      placed.delete(node);
    } else if (random.chance(70)) {
      const side = random.pick([LOW, HIGH] as const);
      const away = random.below(random.chance(10) ? 20_000 : 300) / 10;
      const price = side === LOW ? at - away : at + away;
      triggers.place(node, source, side, price, at);
      placed.set(node, { source, side, price });
    }
    if (!random.chance(50)) continue;
    const price = random.chance(2) ? random.between(-20_000, 30_000) : at + random.between(-20, 20);
    prices[source] = price;
    const met: number[] = [];
    triggers.meet(source, price, (each) => met.push(each));
    expect(new Set(met).size).toBe(met.length);
    for (const each of met) {
      expect(placed.get(each)?.source).toBe(source);
      placed.delete(each);
    }
    found += met.length;
    for (const [each, { source: of, side, price: trigger }] of placed) {
      if (of !== source) continue;
      if (side === LOW ? price <= trigger : price >= trigger) throw new Error(`${price} has met ${trigger} of ${each}`);
    }
  }
  expect(found).toBeGreaterThan(500);
});

test('RLM-1 a price that stays between the triggers finds nobody, however far the grid was laid out', () => {
  const triggers = createTriggers();
  for (let node = 0; node < 1000; node++)
    triggers.place(node, 0, node % 2 === 0 ? LOW : HIGH, node % 2 === 0 ? 90 : 110, 100);
  let found = 0;
  for (let price = 91; price < 110; price += 1) triggers.meet(0, price, () => (found += 1));
  expect(found).toBe(0);
  triggers.meet(0, 40, () => (found += 1));
  expect(found).toBe(500);
});
