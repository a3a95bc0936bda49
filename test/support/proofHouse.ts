/** The house that the oracle is held against: what it is given by commands. */

import { execute } from '../../src/core/engine/execute';
import { pictureOf } from '../../src/core/margin/picture';
import { openingOf } from '../../src/core/margin/requirement';
import type { Command } from '../../src/core/message/command';
import { SYSTEM } from '../../src/core/model/actor';
import type { State } from '../../src/core/model/state';
import { onOpenInterestReviewed, reviewNow } from '../../src/core/position/openInterestScaling';
import { instant, price } from '../../src/units/quantity';
import { RATES, type Varied } from '../oracle/varied';
import type { Contract, Oracle, Tier } from '../oracle/watchOracle';
import { classicPolicy } from './given';
import { randomOf } from './random';

export const START = 10_000n;

export const TIERS: readonly Tier[] = Array.from({ length: 6 }, (_, i) => ({
  floor: i === 0 ? 0n : 10_000_000_000n << BigInt(i),
  cap: i === 5 ? null : 20_000_000_000n << BigInt(i),
  initial: 200n * BigInt(i + 1),
  maintenance: 100n * BigInt(i + 1),
}));

export const idOf = (person: number): string => `a-${person}`;
export const contractId = (contract: number): string => `C-${contract}`;

export type Random = ReturnType<typeof randomOf>;

/** From half of what is open now to three times as much. */
export function scale(state: State, oracle: Oracle, contract: number): void {
  const of = oracle.contracts[contract] as Contract;
  oracle.review(contract);
  if (of.open === 0n) return;
  of.ramp = { lower: of.open / 2n, upper: of.open * 3n };
  const ramp = { lowerCap: coins(of.ramp.lower), upperCap: coins(of.ramp.upper), interval: 86_400_000 };
  send(state, { type: 'SetOpenInterestScaling', instrument: contractId(contract), ramp });
}

/**
 * Reviews open interest as the passing of time does, and holds what follows for some accounts against the oracle.
 * Nobody is disturbed.
 */
export function review(
  state: State,
  oracle: Oracle,
  random: Random,
  counts: { reviews: number; risen: number; wrong: number },
): void {
  const scaled = oracle.contracts.flatMap(({ ramp }, i) => (ramp === null ? [] : [i]));
  if (scaled.length === 0) return;
  const contract = random.pick(scaled);
  const instrument = contractId(contract);
  const found = reviewNow(state, instrument);
  onOpenInterestReviewed(state, { type: 'OpenInterestReviewed', instrument, review: found, nextDue: state.now });
  oracle.review(contract);
  counts.reviews += 1;
  if (found?.notional !== oracle.contracts[contract]?.open) counts.wrong += 1;
  for (let n = 0; n < 20; n++) {
    const person = random.below(oracle.people.length);
    const [own, opening] = [oracle.openingOf(person), openingOf(pictureOf(state, idOf(person)))];
    if (own !== opening) counts.wrong += 1;
    if (own > oracle.figuresOf(person).initial) counts.risen += 1;
  }
}

export function setPrice({ listings }: State, contracts: readonly Contract[], contract: number, to: bigint): void {
  (contracts[contract] as Contract).price = to;
  const id = contractId(contract);
  const listing = listings.get(id);
  if (!listing?.mark) throw new Error(`No mark of ${id}`);
  listings.set(id, { ...listing, mark: { ...listing.mark, price: price(to) } });
}

export function send(state: State, command: Command): void {
  const outcome = execute(state, {
    seq: state.seq + 1,
    at: instant(1_760_000_000_000),
    actor: SYSTEM,
    key: null,
    command,
  });
  if ('rejection' in outcome) throw new Error(`${command.type}: ${outcome.rejection.code}`);
}

export const coins = (units: bigint): string =>
  `${units / 100_000_000n}.${String(units % 100_000_000n).padStart(8, '0')}`;

export function define(
  state: State,
  contracts: readonly Contract[],
  variedTerms: (varied: Varied | undefined) => object,
): void {
  for (const currency of ['BTC', 'USD', 'ALT']) send(state, { type: 'DefineCurrency', currency, scale: 8 });
  send(state, classicPolicy({}, { policy: 'p', currency: 'BTC', aggregation: 'OWNER' }));
  send(state, { type: 'AdmitMember', member: 'm', name: 'A member' });
  for (const [i, { inverse, unit, least, tiers: table, varied }] of contracts.entries()) {
    const tiers = table.map(({ floor, cap, initial, maintenance }) => ({
      ...{ floor: coins(floor), cap: cap === null ? null : coins(cap), deduction: null },
      ...{ initialRate: `${initial}/${RATES}`, maintenanceRate: `${maintenance}/${RATES}` },
    }));
    const instrument = contractId(i);
    const week = 7 * 86_400_000;
    // A linear coin in bitcoin, a thousand satoshi a tick; or bitcoin in dollars, a thousand dollars a contract.
    const terms = inverse
      ? ({
          contract: 'INVERSE',
          base: 'BTC',
          quote: 'USD',
          tick: '1',
          multiplier: String(unit / 100_000_000n),
        } as const)
      : ({ contract: 'LINEAR', base: 'ALT', quote: 'BTC', tick: '0.00001', multiplier: '1' } as const);
    send(state, {
      ...{ type: 'DefineInstrument', instrument, kind: 'PERPETUAL', settlement: 'BTC', lot: '1', ...terms },
      index: null,
      markMethod: 'VENUE',
      markBand: null,
      priceBand: null,
      heartbeat: week,
      allowsNonPositivePrice: false,
      ...{ expiry: null, variationInterval: week, makerFee: '0', takerFee: '0' },
    });
    const perContract = { initialPerContract: coins(least.initial), maintenancePerContract: coins(least.maintenance) };
    send(state, {
      type: 'SetTierSchedule',
      instrument,
      tiers,
      ...perContract,
      ...variedTerms(varied),
      effectiveAt: null,
    });
    const text = inverse ? String(START) : '0.1';
    send(state, {
      type: 'SubmitMarkPrices',
      source: 'v',
      prices: [{ instrument, price: text, bid: null, ask: null, observedAt: null }],
    });
  }
}
