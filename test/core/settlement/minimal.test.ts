/**
 * The size of a reduction in random portfolios: enough at the assumed price, and one lot less would not be.  Rule: B2-2
 */

import { standingOfAccount } from '../../../src/core/margin/standing';
import type { LiquidationTermsInput } from '../../../src/core/message/liquidationTermsInput';

import { planReductions, type Reduction } from '../../../src/core/settlement/closing/plan';
import { ofType } from '../../support/house';
import { Exact, type Oracle, type OracleAccount, type Term } from '../../support/oracle';
import { type Random, randomOf } from '../../support/random';
import { createWorld, type World } from '../../support/world';

interface Terms {
  readonly feeRate: string;
  readonly penalty: string;
  readonly slippage: string;
}

/**
 * Closes contracts at the mark less slippage, with fee and penalty, in the oracle's books; what it is called with
 * undoes it.
 */
function close(oracle: Oracle, id: string, instrument: string, contracts: Exact, terms: Terms): () => void {
  const account = oracle.accounts.get(id) as OracleAccount;
  const { mark, multiplier } = oracle.instruments.get(instrument) as { mark: string; multiplier: string };
  const { cash } = account;
  const notional = contracts.times(mark).times(multiplier);
  const spent = [terms.feeRate, terms.penalty, terms.slippage].map((rate) =>
    notional.times(rate).toDecimalPlaces(2, Exact.ROUND_UP),
  );
  const size = oracle.sizeOf(id, instrument).isNegative() ? contracts : contracts.neg();
  account.fills.push({ instrument, size, price: mark });
  account.cash = spent.reduce((left, part) => left.minus(part), cash);
  return () => {
    account.fills.pop();
    account.cash = cash;
  };
}

const atTarget = (oracle: Oracle, id: string, target: readonly Term[]): boolean =>
  oracle.equityOf(id).gte(oracle.levelOf(id, target));

/** Whether closing so many contracts of one instrument puts the account at its target. */
function wouldDo(
  oracle: Oracle,
  id: string,
  instrument: string,
  contracts: Exact,
  terms: Terms,
  target: readonly Term[],
): boolean {
  const undo = close(oracle, id, instrument, contracts, terms);
  const done = atTarget(oracle, id, target);
  undo();
  return done;
}

const TARGETS: readonly (readonly Term[])[] = [
  [{ base: 'MAINTENANCE', ratio: '2' }],
  [{ base: 'INITIAL', ratio: '1' }],
  [
    { base: 'INITIAL', ratio: '2/3' },
    { base: 'MAINTENANCE', ratio: '1.5' },
  ],
  [{ base: 'INITIAL', ratio: '1.3' }],
];

interface Seen {
  restored: number;
  cannot: number;
  several: number;
}

/** A house whose accounts are called late and aim high, so that many stand below their target and none is touched. */
function crowd(random: Random): { world: World; target: readonly Term[]; terms: Terms } | undefined {
  const target = random.pick(TARGETS);
  const terms: Terms = {
    feeRate: random.pick(['0', '0.0005', '0.01']),
    penalty: random.pick(['0', '0.000777', '0.009']),
    slippage: random.pick(['0', '0.003', '0.0123456', '0.04', '0.08']),
  };
  const liquidation: Partial<LiquidationTermsInput> = {
    feeRate: terms.feeRate,
    penaltyTiers: [{ floor: '0', rate: terms.penalty }],
    slippage: terms.slippage,
  };
  const late = [{ base: 'MAINTENANCE' as const, ratio: '0.01' }];
  const policy = { call: late, closeOut: late, cure: late, target: [...target] };
  const world = createWorld(random, { liquidation, policy, wealth: 60_000, collateral: random.chance(50) });
  world.live(45);
  world.drain();
  // On until a few are below their target, but nobody has been taken over: those the oracle knows nothing of.
  const below = (): number => world.clients.filter((id) => !atTarget(world.oracle, id, target)).length;
  for (let i = 0; i < 10 && below() < 3; i++)
    if (ofType(world.move(20), 'PositionTakenOver').length > 0) return undefined;
  return { world, target, terms };
}

function check(world: World, id: string, target: readonly Term[], terms: Terms, seen: Seen): void {
  const { house, oracle } = world;
  const plan = planReductions(house.state, standingOfAccount(house.state, id));
  if (atTarget(oracle, id, target)) {
    expect(plan).toEqual([]);
    return;
  }
  const undo: (() => void)[] = [];
  const lotOf = ({ holding }: Reduction): Exact => new Exact(holding.instrument.lot);
  plan.forEach((reduction, i) => {
    const { id: instrument } = reduction.holding.instrument;
    const held = oracle.sizeOf(id, instrument).abs();
    const contracts = lotOf(reduction).times(reduction.lots.toString());
    const sizes = (count: number): Exact[] => Array.from({ length: count + 1 }, (_, n) => lotOf(reduction).times(n));
    if (reduction.reason === 'CANNOT_RESTORE') {
      seen.cannot += 1;
      // No number of lots does it: all of them are tried.
      const all = sizes(held.div(lotOf(reduction)).toNumber());
      expect(all.filter((size) => wouldDo(oracle, id, instrument, size, terms, target))).toEqual([]);
      expect(contracts.eq(held)).toBe(true);
    } else {
      seen.restored += 1;
      if (i > 0) seen.several += 1;
      expect([reduction.reason, i]).toEqual(['RESTORES_TARGET', plan.length - 1]);
      // Brute force: the first number of lots that does it is the one planned.
      const fewest = sizes(Number(reduction.lots)).findIndex((size) =>
        wouldDo(oracle, id, instrument, size, terms, target),
      );
      expect(BigInt(fewest)).toBe(reduction.lots);
    }
    undo.push(close(oracle, id, instrument, contracts, terms));
  });
  // Either the plan reaches the target, or everything is closed.
  const flat = [...oracle.instruments.keys()].every((instrument) => oracle.sizeOf(id, instrument).isZero());
  expect(atTarget(oracle, id, target) || flat).toBe(true);
  for (const step of undo.reverse()) step();
}

test(
  'B2-2 the closed form is what brute force finds: tiers, several instruments, shared owners, charges, ' +
    'slippage, two-term targets',
  () => {
    const seen: Seen = { restored: 0, cannot: 0, several: 0 };
    for (let seed = 0; seed < 30; seed++) {
      const given = crowd(randomOf(2000 + seed));
      for (const id of given?.world.clients ?? []) if (given) check(given.world, id, given.target, given.terms, seen);
    }
    // The houses were varied enough to say something.
    expect(seen.restored).toBeGreaterThan(30);
    expect(seen.cannot).toBeGreaterThan(15);
    expect(seen.several).toBeGreaterThan(5);
  },
);
