/**
 * One gap: every price falls by so much at once, and all accounts have to be liquidated. A house with its journal in a
 * file, until nothing is left to do: how long, in how many entries and durable commits, and what the money came to.
 * Beside it the same journal written with a commit an account, which is what one transaction for each would take at the
 * least.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { audit } from '../dist/core/engine/audit';
import { createState } from '../dist/core/engine/genesis';
import type { Command } from '../dist/core/message/command';
import { eventsOf } from '../dist/core/message/envelope';
import { type Actor, SYSTEM } from '../dist/core/model/actor';
import type { State } from '../dist/core/model/state';
import { openFileJournal } from '../dist/journal/file';
import type { Journal } from '../dist/journal/journal';
import { manualClock } from '../dist/sequencer/clock';
import type { House } from '../dist/sequencer/house';
import { createSequencer } from '../dist/sequencer/sequencer';
import { duration, type Instant, instant, later } from '../dist/units/quantity';
import { task } from './task';

export interface GapInput {
  readonly accounts: number;
  readonly ladder: boolean; // of five rungs with caps, and a few who work on it; else the house takes everybody over
}

export interface GapOutput {
  readonly accounts: number;
  readonly entries: number; // of the gap and all that followed
  readonly commits: number;
  readonly events: number;
  readonly liquidated: number;
  readonly bankrupt: number;
  readonly taken: {
    readonly liquidators: number;
    readonly auction: number;
    readonly providers: number;
    readonly house: number;
  };
  readonly seconds: number; // until every account was liquidated and every loss was borne
  readonly first: number; // s until the first liquidations were durable
  readonly oneByOne: number; // s, as many entries as accounts with a commit each, no work besides
}

const START = instant(1_760_000_000_000);
const HOUR = 3_600_000;
const ADMIN: Actor = { id: 'bench-admin', role: 'ADMIN', member: null };
const MAKER = 'maker';

task(async ({ accounts, ladder }: GapInput): Promise<GapOutput> => {
  const folder = await mkdtemp(join(tmpdir(), 'novate-bench-'));
  try {
    const counted = counting(await openFileJournal({ folder: join(folder, 'house') }));
    const state = createState();
    let failure: unknown;
    const onFatal = (error: unknown): void => {
      failure = error;
    };
    const clock = manualClock(START);
    const house = createSequencer({ state, journal: counted.journal, clock, surveyEveryMs: 0, onFatal });
    await populate(house, accounts, ladder);
    const from = { seq: counted.journal.lastSeq, commits: counted.commits() };
    const began = performance.now();
    await send(house, [price('35000')]);
    const first = (performance.now() - began) / 1000;
    if (ladder) await workDown(house, state);
    await untilNothingIsLeft(house);
    const seconds = (performance.now() - began) / 1000;
    if (failure !== undefined) throw failure;
    audit(state);
    let [events, liquidated, bankrupt, ended] = [0, 0, 0, 0];
    const taken = { liquidators: 0, auction: 0, providers: 0, house: 0 };
    for await (const { entry } of house.read(from.seq)) {
      for (const event of eventsOf(entry.outcome)) {
        events += 1;
        const by = TAKER[event.type];
        if (by) taken[by] += 1;
        if (event.type === 'LiquidationStarted') liquidated += 1;
        if (event.type === 'LiquidationEnded') ended += 1;
        if (event.type === 'LiquidationEnded' && event.outcome === 'BANKRUPT') bankrupt += 1;
      }
    }
    const entries = counted.journal.lastSeq - from.seq;
    const commits = counted.commits() - from.commits;
    await house.close();
    if (liquidated < accounts) throw new Error(`Only ${liquidated} of ${accounts} accounts were liquidated`);
    if (ended !== liquidated) throw new Error(`Of ${liquidated} liquidations ${ended} came to an end`);
    const oneByOne = await oneCommitEach(join(folder, 'one-by-one'), accounts);
    return { accounts, entries, commits, events, liquidated, bankrupt, taken, seconds, first, oneByOne };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

const TAKER: Readonly<Record<string, keyof GapOutput['taken'] | undefined>> = {
  LiquidationTaken: 'liquidators',
  PortfolioTaken: 'auction',
  BackstopAssigned: 'providers',
  PositionTakenOver: 'house',
};

function counting(journal: Journal): { readonly journal: Journal; commits(): number } {
  let commits = 0;
  const append = (texts: readonly string[]): Promise<void> => {
    commits += 1;
    return journal.append(texts);
  };
  const counted: Journal = {
    get lastSeq() {
      return journal.lastSeq;
    },
    get lastHash() {
      return journal.lastHash;
    },
    append,
    read: (seq) => journal.read(seq),
    close: () => journal.close(),
  };
  return { journal: counted, commits: () => commits };
}

const price = (to: string): Command => ({
  type: 'SubmitMarkPrices',
  source: 'venue',
  prices: [{ instrument: 'BTC-PERP', price: to, bid: null, ask: null, observedAt: null }],
});

async function send(house: House, commands: readonly Command[], at?: Instant): Promise<void> {
  for (let i = 0; i < commands.length; i += 1000) {
    const batch = commands.slice(i, i + 1000);
    const answers = await house.submit(
      batch.map((command) => ({ actor: ADMIN, command, key: null, ...(at === undefined ? {} : { at }) })),
    );
    for (const [n, answer] of answers.entries()) {
      if ('malformed' in answer) throw new Error(answer.malformed);
      if ('rejection' in answer.outcome) throw new Error(`${batch[n]?.type}: ${answer.outcome.rejection.code}`);
    }
  }
}

/**
 * Half of them four times levered and ruined by a fall of 30 %, half of them half as much and called, closed out and
 * restored.
 */
async function populate(house: House, accounts: number, ladder: boolean): Promise<void> {
  await send(house, [...definitions(), ...(ladder ? rungs() : [])]);
  const open = (account: string, deposit: string): Command[] => [
    {
      type: 'OpenAccount',
      account,
      member: 'm',
      owner: account,
      kind: 'CLIENT',
      currency: 'USD',
      policy: 'p',
      mode: 'CROSS',
      instrument: null,
    },
    { type: 'DepositCollateral', account, currency: 'USD', amount: deposit },
  ];
  await send(house, open(MAKER, String(accounts * 100_000)));
  if (ladder) {
    await send(
      house,
      LIQUIDATORS.flatMap((account) => [
        ...open(account, '50000000'),
        { type: 'RegisterLiquidator' as const, account, deposit: '1000', operator: null },
      ]),
    );
    const terms = { instrument: null, capacity: '5000000', discount: '0.001' };
    await send(house, [
      ...open('provider', '5000000'),
      { type: 'RegisterBackstopProvider', account: 'provider', ...terms },
    ]);
    await send(house, open('bidder', '50000000'));
  }
  await send(
    house,
    Array.from({ length: accounts }, (_, i) => i).flatMap((i) => [
      ...open(`a-${i}`, i % 2 === 0 ? '12500' : '15500'),
      trade(`t-${i}`, `a-${i}`),
    ]),
  );
}

const trade = (id: string, buyer: string): Command => ({
  type: 'SubmitTrade',
  trade: id,
  instrument: 'BTC-PERP',
  buyer,
  seller: MAKER,
  price: '50000',
  size: '1',
  taker: null,
  buyOrder: null,
  sellOrder: null,
});

const LIQUIDATORS = ['lee', 'moe', 'ned'];

/**
 * Every ten seconds the liquidators take twelve orders and the bidder six portfolios; the rest goes down as its time
 * passes.
 */
async function workDown(house: House, state: State): Promise<void> {
  let now = START;
  while (house.status().backlog > 0) await house.advance();
  while (state.liquidations.size > 0) {
    const offers = [...state.liquidationOrders.values()]
      .filter(({ stand }) => stand?.method === 'LIQUIDATORS')
      .slice(0, 12);
    const takes = offers.map(
      ({ id: order }, i): Command => ({
        type: 'TakeLiquidation',
        order,
        account: LIQUIDATORS[i % 3] ?? '',
        size: null,
      }),
    );
    const shares = [...state.portfolios.values()].slice(0, 6).map(
      ({ id, version }): Command => ({
        type: 'TakePortfolio',
        auction: id,
        account: 'bidder',
        share: null,
        limit: '50000000',
        version,
      }),
    );
    const commands = [...takes, ...shares];
    await house.submit(commands.map((command) => ({ actor: ADMIN, command, key: null, at: now })));
    now = later(now, duration(10_000));
    await house.submit([{ actor: SYSTEM, command: { type: 'AdvanceTime' }, key: null, at: now }]);
    while (house.status().backlog > 0) await house.advance();
  }
}

/**
 * Time goes on until no deadline is left that the gap has set: the house's own inventory is sold to nobody and stays.
 */
async function untilNothingIsLeft(house: House): Promise<void> {
  for (let hour = 1; hour <= 3; hour++) {
    await house.submit([
      { actor: SYSTEM, command: { type: 'AdvanceTime' }, key: null, at: later(START, duration(hour * HOUR)) },
    ]);
    while (house.status().backlog > 0) await house.advance();
  }
}

async function oneCommitEach(folder: string, entries: number): Promise<number> {
  const journal = await openFileJournal({ folder });
  const text = JSON.stringify({ command: price('35000') });
  const began = performance.now();
  for (let i = 0; i < entries; i++) await journal.append([text]);
  const took = (performance.now() - began) / 1000;
  await journal.close();
  return took;
}

function definitions(): Command[] {
  const week = 7 * 24 * HOUR;
  const term = (ratio: string) => [{ base: 'MAINTENANCE', ratio }] as const;
  return [
    { type: 'DefineCurrency', currency: 'USD', scale: 2 },
    { type: 'DefineCurrency', currency: 'BTC', scale: 8 },
    { type: 'AdmitMember', member: 'm', name: 'A member' },
    {
      type: 'SetMarginPolicy',
      policy: 'p',
      currency: 'USD',
      warnings: [],
      call: term('1'),
      closeOut: term('2/3'),
      cure: term('1'),
      target: term('1.2'),
      hysteresis: '0',
      cureWindow: HOUR / 2,
      finalNotice: null,
      amendStep: '0.1',
      aggregation: 'ACCOUNT',
      liquidation: {
        feeRate: '0.001',
        feeShares: { liquidator: '0', fund: '1', house: '0' },
        penaltyTiers: [{ floor: '0', rate: '0' }],
        repeatSurcharge: '0',
        repeatMaximum: 0,
        repeatWindow: HOUR,
        slippage: '0',
        venueWindow: 30_000,
        maximumStepNotional: null,
        ...{ maximumShareOfDepth: null, minimumRemainder: '0' },
      },
      effectiveAt: null,
    },
    {
      type: 'DefineInstrument',
      instrument: 'BTC-PERP',
      kind: 'PERPETUAL',
      base: 'BTC',
      quote: 'USD',
      settlement: 'USD',
      tick: '1',
      lot: '0.1',
      multiplier: '1',
      index: null,
      markMethod: 'VENUE',
      markBand: null,
      priceBand: null,
      heartbeat: week,
      ...{ allowsNonPositivePrice: false, expiry: null, variationInterval: week, makerFee: '0', takerFee: '0' },
    },
    {
      type: 'SetTierSchedule',
      instrument: 'BTC-PERP',
      tiers: [{ floor: '0', cap: null, initialRate: '0.1', maintenanceRate: '0.05', deduction: null }],
      effectiveAt: null,
    },
    price('50000'),
  ];
}

/**
 * Venue, liquidators, auction, backstop provider, house; of everything but the last a part of the crowd fits at once.
 */
function rungs(): Command[] {
  const rung = {
    ...{ window: null, marketCap: null, globalCap: null, maximumShareOfDepth: null, slippage: null, offer: null },
  };
  const offer = {
    flat: '1',
    startRate: '0.0005',
    ratePerSecond: '0.00001',
    maximumRate: '0.001',
    grace: 0,
    expense: '0',
    minimumProfit: '0',
    ...{ profitRate: '0', rewardCap: null, claimWindow: 10_000, claimPenalty: '50', minimumDeposit: '100' },
  };
  return [
    {
      ...{ type: 'SetPortfolioPolicy', currency: 'USD', start: '1', cutoff: '0.8', fast: 60_000, slow: 60_000 },
      ...{ reserveShare: '0.5', window: 120_000, insolventWindow: 600_000 },
    },
    {
      ...{ type: 'SetDisposalLadder', currency: 'USD', instrument: null },
      rungs: [
        { ...rung, method: 'VENUE', globalCap: '1500000' },
        { ...rung, method: 'LIQUIDATORS', window: 60_000, globalCap: '3000000', offer },
        { ...rung, method: 'AUCTION', globalCap: '4000000' },
        { ...rung, method: 'BACKSTOP', slippage: '0.001' },
        { ...rung, method: 'HOUSE' },
      ],
    },
  ];
}
