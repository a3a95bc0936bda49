/**
 * Mechanisms that touch one account, one ledger or one member in the same entry or one after the other, each right by
 * itself: what must hold of every loss is looked at as the event leaves the house, not only when the entry is over.
 * Rules: B3-1 to B3-3, SL-1 to SL-4, LCS-2, B2-5
 */

import fc from 'fast-check';
import { applyEntry } from '../../../src/core/engine/execute';
import { createState } from '../../../src/core/engine/genesis';
import { standingOfAccount } from '../../../src/core/margin/standing';
import type { Event, EventOf } from '../../../src/core/message/event';
import type { State } from '../../../src/core/model/state';
import type { LossCase, LossClaim } from '../../../src/core/model/waterfall';
import { unfilledOf } from '../../../src/core/settlement/closing/order';
import { gainOf } from '../../../src/core/settlement/tally/gains';
import { groupsOf } from '../../../src/core/settlement/waterfall/bear';
import { outstandingOf } from '../../../src/core/settlement/waterfall/claims';
import { abs, total } from '../../../src/units/quantity';
import { expectNothingKept, expectSoundBooks } from '../../support/agreement';
import { backstopStatementOf } from '../../support/statement';
import { expectReplays, expectTwins, restored } from '../../support/twin';
import { houseOf, live, type WaterfallLife, waterfallLife } from '../../support/waterfallLife';

const ACCOUNT = 'account/';

/** Who gave what within the entry, as far as it has gone. */
interface Gave {
  readonly forgone: Set<string>; // by a closing
  readonly all: Set<string>;
}

/**
 * No layer is used while one before it has room; parts, claims and what stands open sum to the loss. One claim a layer
 * and claimant.  B3-1, SL-1, SL-4
 */
function expectInOrder(state: State, one: LossCase): void {
  const of = (layer: string) => one.layers.find((use) => use.layer === layer);
  const ofClaims = (layer: string): bigint =>
    total(one.claims.filter((claim) => claim.layer === layer).map(({ amount }) => amount));
  expect(total(one.layers.map(({ used }) => used))).toBe(one.loss);
  expect(new Set(one.claims.map(({ layer, claimant }) => `${layer} ${claimant}`)).size).toBe(one.claims.length);
  for (const { layer, available, used, left } of one.layers) {
    expect([layer, available - used, left >= 0n && used >= 0n]).toEqual([layer, left, true]);
    const claimed = layer === 'UNALLOCATED' ? one.unallocated : layer === 'DEFAULTER_MARGIN' ? used : ofClaims(layer);
    expect([layer, claimed]).toEqual([layer, used]);
  }
  const policy = state.lossPolicies.get(one.currency);
  const groups = policy?.version === one.policyVersion ? groupsOf(policy) : [];
  const isLeft = (layer: string): boolean => layer !== 'ASSESSMENTS' && (of(layer)?.left ?? 0n) > 0n;
  for (const [i, group] of groups.entries()) {
    if (group.some((layer) => (of(layer)?.used ?? 0n) > 0n))
      expect(groups.slice(0, i).flat().filter(isLeft)).toEqual([]);
  }
  if (one.status === 'UNALLOCATED') expect(groups.flat().filter(isLeft)).toEqual([]);
}

/**
 * Owners pay for themselves, members for their clients, clients for nobody but by a levy; a gain is levied once.
 * LCS-2, SL-2
 */
function expectOwed(state: State, one: LossCase, { layer, claimant, base }: LossClaim, levied: boolean): void {
  const payer = state.book.account(claimant.slice(ACCOUNT.length));
  const defaulter = state.book.account(one.account);
  expect([payer?.kind === 'CLOSE_OUT', payer?.id === one.account]).toEqual([false, false]);
  if (layer === 'OWNER_COLLATERAL') expect(payer?.owner).toBe(defaulter?.owner);
  if (layer === 'MEMBER_COLLATERAL') expect([payer?.kind, payer?.member]).toEqual(['HOUSE', defaulter?.member]);
  if (levied && base === 'GAINS') expect(gainOf(state, payer?.id ?? '') >= 0n).toBe(true);
}

/** What an account gave left it its maintenance margin.  SL-3 */
function expectMargin(state: State, account: string): void {
  const { equity, maintenance } = standingOfAccount(state, account);
  expect([account, equity >= maintenance && equity >= 0n]).toEqual([account, true]);
}

function expectBorne(state: State, event: EventOf<'LossAllocated' | 'AssessmentsClosed'>, gave: Gave): void {
  const cases = event.type === 'LossAllocated' ? event.cases : [event.case];
  const paid = new Set<string>(event.transfers.map(({ from }) => from));
  const others = new Set(
    cases.flatMap(({ claims }) => claims.filter(({ base }) => base !== 'GAINS').map(({ claimant }) => claimant)),
  );
  for (const one of cases) {
    expectInOrder(state, one);
    for (const claim of one.claims) {
      const { claimant } = claim;
      if (!claimant.startsWith(ACCOUNT) || !paid.has(claimant)) continue;
      gave.all.add(claimant.slice(ACCOUNT.length));
      // Whoever gave otherwise too may have given more than it gained.
      expectOwed(state, one, claim, !others.has(claimant) && !gave.forgone.has(claimant.slice(ACCOUNT.length)));
    }
  }
  for (const account of gave.all) expectMargin(state, account);
  expectNothingKept(state, [event]);
}

function expectGiven(state: State, event: Event, gave: Gave): void {
  if (event.type === 'DeleveragingDecided') expect(event.decided.overshoot).toBe(0n);
  if (event.type === 'PositionDeleveraged' && event.forgone > 0n) {
    gave.all.add(event.account);
    gave.forgone.add(event.account);
    expectMargin(state, event.account);
  }
  if (event.type === 'LossAllocated' || event.type === 'AssessmentsClosed') expectBorne(state, event, gave);
}

/** What came back is what claims and what stood open went down by, and no claim is repaid above its amount.  SL-4 */
function expectRepaid({ lossCases }: State, { case: id, amount }: EventOf<'RecoveryRecorded'>, before: bigint): void {
  const after = lossCases.get(id);
  expect(before - (after ? outstandingOf(after) : 0n)).toBe(amount);
  expect(after?.claims.filter((claim) => claim.repaid > claim.amount) ?? []).toEqual([]);
}

/**
 * Between entries: no fund below nothing, no order beyond what its account holds, open losses and shares of the pool as
 * the ledger says.
 */
function expectSound(state: State): void {
  const ledgerOf = (name: string): bigint => state.ledger.get(`${name} USD`) ?? 0n;
  expect(
    [...state.ledger].filter(([name, held]) => /^(insurance|house|default-fund|backstop)/.test(name) && held < 0n),
  ).toEqual([]);
  expect(
    total([...state.lossCases.values()].map(({ unallocated }) => unallocated)) + ledgerOf('unallocated-loss'),
  ).toBe(0n);
  const statements = [...state.backstopEntries.keys()].flatMap((id) => backstopStatementOf(state, id) ?? []);
  expect(total(statements.map(({ contribution }) => contribution)) <= ledgerOf('backstop-pool')).toBe(true);
  expect(total(statements.map(({ income }) => income)) <= ledgerOf('backstop-income')).toBe(true);
  for (const order of state.liquidationOrders.values()) {
    const held = state.book.position(order.account, order.instrument)?.size ?? 0n;
    expect([order.id, held > 0n !== order.size > 0n && unfilledOf(order) <= abs(held)]).toEqual([order.id, true]);
  }
  expectSoundBooks(state);
}

const most = { recoveries: 0, forgone: 0, losses: 0, closed: 0, defaults: 0 };

function tell(life: WaterfallLife): void {
  const house = houseOf(life);
  const twin = createState();
  let told = 0;
  const follow = (): void => {
    for (const entry of house.entries.slice(told)) {
      const gave: Gave = { forgone: new Set(), all: new Set() };
      let owed = new Map([...twin.lossCases].map(([id, one]) => [id, outstandingOf(one)]));
      applyEntry(twin, entry, (event) => {
        expectGiven(twin, event, gave);
        if (event.type === 'RecoveryRecorded') expectRepaid(twin, event, owed.get(event.case) ?? 0n);
        owed = new Map([...twin.lossCases].map(([id, one]) => [id, outstandingOf(one)]));
        count(event);
      });
      expectSound(twin);
    }
    told = house.entries.length;
  };
  for (const act of life.acts) {
    live(house, act);
    follow();
  }
  expectTwins(restored(house.state), house.state);
  expectReplays(house.state, house.entries);
}

function count(event: Event): void {
  if (event.type === 'RecoveryRecorded') most.recoveries += 1;
  if (event.type === 'PositionDeleveraged' && event.forgone > 0n) most.forgone += 1;
  if (event.type === 'LossAllocated') most.losses += event.cases.length;
  if (event.type === 'AssessmentsClosed') most.closed += 1;
  if (event.type === 'DefaultSettled') most.defaults += 1;
}

test('B2-5 B3-1 B3-2 B3-3 LCS-2 SL-1 SL-2 SL-3 SL-4 random lives with every layer: whoever pays owes it, can, and ' +
  'has one claim for it', () => {
  fc.assert(fc.property(waterfallLife, tell), { numRuns: Number(process.env['LIFE_RUNS'] ?? 60), endOnFailure: true });
  expect([most.losses > 10, most.forgone > 10, most.recoveries > 5]).toEqual([true, true, true]);
}, 120_000);
