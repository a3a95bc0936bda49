/**
 * The insurance fund is the sum of its postings and never below zero, and nobody below a level is left alone.  Rules:
 * S17, B3-3, RLM-2
 */

import { audit } from '../../../src/core/engine/audit';
import { execute } from '../../../src/core/engine/execute';
import { restoreState, type SavedState, saveState } from '../../../src/core/engine/snapshot';
import { nextDeadline } from '../../../src/core/engine/time';
import type { Command } from '../../../src/core/message/command';
import { eventsOf } from '../../../src/core/message/envelope';
import { transfersOf } from '../../../src/core/message/event';
import { type Actor, SYSTEM } from '../../../src/core/model/actor';
import type { State } from '../../../src/core/model/state';
import { instant } from '../../../src/units/quantity';
import { disagreementOf } from '../../support/agreement';
import { deleveragingHouse } from '../../support/deleveraging';
import { classicPolicy, mark, openAccount, trade, tradeOf } from '../../support/given';
import { byTwo, officer } from '../../support/ladder';
import { rejectionOf } from '../../support/outcome';
import { type Random, randomOf } from '../../support/random';

const SEQUENCES = 10_000;
const CLIENTS = ['alice', 'bob', 'cid'];
const FUNDS = ['insurance-fund', 'insurance-fund/btc'];

/** Three with little behind three contracts each, a fund of 3,000 of which 500 are a pool's, fees and penalties. */
function saved(): SavedState {
  const house = deleveragingHouse({
    policy: classicPolicy({
      feeRate: '0.002',
      feeShares: { liquidator: '0', fund: '0.6', house: '0.4' },
      penaltyTiers: [{ floor: '0', rate: '0.001' }],
    }),
    layers: ['INSURANCE_FUND', 'DELEVERAGING', 'SOCIALIZED_LOSS'],
    fund: '3000',
  });
  openAccount(house, 'maker', '9000000');
  for (const id of CLIENTS) {
    openAccount(house, id, '9000');
    trade(house, id, 'maker', '3', '50000');
  }
  byTwo(house, {
    type: 'SetInsurancePool',
    pool: 'btc',
    currency: 'USD',
    instruments: ['BTC-PERP'],
    cap: null,
    thenGeneral: true,
  });
  byTwo(house, { type: 'TransferBetweenPools', currency: 'USD', from: null, to: 'btc', amount: '500', reason: 'r' });
  mark(house, '49500');
  return saveState(house.state);
}

/** What somebody does, by chance: most of it moves the fund, or ruins somebody so that the fund has to pay. */
function anAct(random: Random, state: State, n: number): [Command, Actor] {
  const client = random.pick(CLIENTS);
  const amount = String(random.between(1, 900));
  switch (random.below(10)) {
    case 0:
      return [{ type: 'ContributeToInsuranceFund', currency: 'USD', amount, source: 'EXTERNAL' }, SYSTEM];
    case 1:
      return [{ type: 'WithdrawFromInsuranceFund', currency: 'USD', amount, reason: 'r' }, officer('first')];
    case 2:
      return [
        {
          type: 'TransferBetweenPools',
          currency: 'USD',
          from: random.pick([null, 'btc']),
          to: random.pick([null, 'btc']),
          amount,
          reason: 'r',
        },
        officer('first'),
      ];
    case 3: {
      const proposal = [...state.proposals.values()].at(-1);
      return [{ type: 'ApproveProposal', proposal: proposal?.id ?? '', hash: proposal?.hash ?? '' }, officer('second')];
    }
    case 4: {
      const [order] = state.liquidationOrders.values();
      const fill = {
        order: order?.id ?? '',
        trade: `f${n}`,
        counterparty: 'maker',
        price: String(random.between(46_000, 50_000)),
        size: '0.3',
      };
      return [{ type: 'ReportLiquidationFill', ...fill }, SYSTEM];
    }
    case 5: {
      const [buyer, seller] = random.chance(50) ? [client, 'maker'] : ['maker', client];
      return [tradeOf(buyer as string, seller as string, '0.5', '49000'), SYSTEM];
    }
    case 6:
      return [{ type: 'DepositCollateral', account: client, currency: 'USD', amount }, SYSTEM];
    default: {
      const price = String(random.between(43_000, 51_000));
      const prices = [{ instrument: 'BTC-PERP', price, bid: null, ask: null, observedAt: null }];
      return [{ type: 'SubmitMarkPrices', source: 'venue', prices }, SYSTEM];
    }
  }
}

interface Postings {
  readonly sums: Map<string, bigint>;
  posted: number;
  paid: number; // shortfalls that the fund bore
}

/** Executes it, and holds the fund against its postings before anything else happens. */
function post(state: State, at: number, actor: Actor, command: Command, { sums, ...counts }: Postings): Postings {
  const outcome = execute(state, { seq: state.seq + 1, at: instant(at), actor, key: null, command });
  let { posted, paid } = counts;
  for (const { from, to, amount, reason } of rejectionOf(outcome) ? [] : eventsOf(outcome).flatMap(transfersOf)) {
    for (const [name, by] of [
      [from, -amount],
      [to, amount],
    ] as const) {
      if (!FUNDS.includes(name)) continue;
      sums.set(name, (sums.get(name) ?? 0n) + by);
      posted += 1;
      if (by < 0n && reason === 'SHORTFALL') paid += 1;
      // Not even on the way, between one posting and the next.
      if ((sums.get(name) ?? 0n) < 0n) throw new Error(`${name} below zero by ${command.type}`);
    }
  }
  return { sums, posted, paid };
}

test('S17 B3-3 for 10,000 random sequences the fund that is published is the sum of its postings, and never below zero', () => {
  const base = saved();
  const start = restoreState(base);
  const before = FUNDS.map((name) => [name, start.ledger.get(`${name} USD`) ?? 0n] as const);
  expect(before.map(([, amount]) => amount)).toEqual([250_000n, 50_000n]);
  let [posted, paid] = [0, 0];
  const left: string[] = [];
  for (let seed = 0; seed < SEQUENCES; seed++) {
    const random = randomOf(seed);
    const state = restoreState(structuredClone(base));
    let postings: Postings = { sums: new Map(before), posted: 0, paid: 0 };
    let now: number = state.now;
    for (let n = random.between(1, 4); n > 0; n--) {
      now += random.chance(4) ? 3_600_000 : random.pick([0, 1_000, 31_000]);
      for (let due = nextDeadline(state); due !== undefined && due <= now; due = nextDeadline(state))
        postings = post(state, Math.max(due, state.now), SYSTEM, { type: 'AdvanceTime' }, postings);
      const [command, actor] = anAct(random, state, n);
      postings = post(state, now, actor, command, postings);
      for (const name of FUNDS)
        if (state.ledger.get(`${name} USD`) !== undefined || postings.sums.get(name))
          if ((state.ledger.get(`${name} USD`) ?? 0n) !== postings.sums.get(name))
            left.push(`${seed} ${name} ${command.type}`);
      for (const id of CLIENTS) {
        const wrong = disagreementOf(state, id);
        if (wrong) left.push(`${seed} ${id} ${command.type} ${wrong}`);
      }
    }
    if (seed % 100 === 0) audit(state);
    posted += postings.posted;
    paid += postings.paid;
  }
  expect(left).toEqual([]);
  // It was moved often, and often had to pay.
  expect([posted > 10_000, paid > 1000]).toEqual([true, true]);
});
