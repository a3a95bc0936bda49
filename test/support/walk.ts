/** What a random step asks of a house. Every step is a few small numbers, so that a failure shrinks well. */

import fc from 'fast-check';
import { healthOf } from '../../src/core/margin/health';
import type { Command } from '../../src/core/message/command';
import type { Actor } from '../../src/core/model/actor';
import { SYSTEM } from '../../src/core/model/actor';
import { formatCount } from '../../src/units/decimal';
import { abs, minus } from '../../src/units/quantity';
import { flatTiers } from './given';
import { START, type TestHouse } from './house';
import { classic, indexPrice, SOURCES, TIERS } from './walkHouse';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const INSTRUMENTS = ['BTC-PERP', 'ETH-PERP', 'BTC-FUT'];
const MARKED = ['BTC-PERP', 'ETH-PERP'];
const CLIENTS = ['ann', 'ann-2', 'bob', 'cy', 'dee', 'eve'];
const ACCOUNTS = [...CLIENTS, 'maker'];

export const OFFICERS: readonly Actor[] = ['o1', 'o2'].map((id) => ({ id, role: 'RISK_OFFICER', member: null }));

/** One step: its kind and four small numbers, whose meaning the kind gives. */
export interface Step {
  readonly kind: keyof typeof KINDS;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

type Asked = readonly [Command, Actor];
type Numbers = readonly [number, number, number, number];
const asked = (command: Command, actor: Actor = SYSTEM): Asked[] => [[command, actor]];
const pick = <T>(items: readonly T[], n: number): T => items[n % items.length] as T;

/** The price of an instrument moved by tenths of a percent, on its tick. */
function moved(house: TestHouse, instrument: string, perMille: number): string {
  const listing = house.state.listings.get(instrument);
  const price = listing?.mark?.price ?? 1n;
  const ticks = (price * BigInt(1000 + perMille)) / 1000n;
  return formatCount(ticks > 0n ? ticks : 1n, listing?.instrument.tick ?? '1');
}

const lotsOf = (house: TestHouse, instrument: string, lots: number): string =>
  formatCount(BigInt(lots), house.state.listings.get(instrument)?.instrument.lot ?? '1');

const centred = (n: number, span: number): number => (n % (2 * span + 1)) - span;

let names = 0;
const KINDS = {
  price: (house: TestHouse, [a, b]: Numbers): Asked[] => {
    const instrument = pick(MARKED, a);
    return asked({
      type: 'SubmitMarkPrices',
      source: 'venue',
      prices: [{ instrument, price: moved(house, instrument, centred(b, 35)), bid: null, ask: null, observedAt: null }],
    });
  },
  gap: (house: TestHouse, [a, b]: Numbers): Asked[] => {
    const instrument = pick(MARKED, a);
    return asked({
      type: 'SubmitMarkPrices',
      source: 'venue',
      prices: [
        { instrument, price: moved(house, instrument, centred(b, 300)), bid: null, ask: null, observedAt: null },
      ],
    });
  },
  index: (house: TestHouse, [a, b, c]: Numbers): Asked[] => {
    const base = house.state.indices.get('BTC/USD')?.state.price ?? 1n;
    const price = formatCount((base * BigInt(1000 + centred(b, 60))) / 1000n, '0.01');
    return SOURCES.filter((_, i) => (a + 1) & (1 << i) || c % 2 === 0).map(
      (source): Asked => [indexPrice(source, price), SYSTEM],
    );
  },
  trade: (house: TestHouse, [a, b, c, d]: Numbers): Asked[] => {
    const instrument = pick(INSTRUMENTS, c);
    const [client, other] = [pick(ACCOUNTS, a), d % 4 === 0 ? pick(ACCOUNTS, b) : 'maker'];
    const [buyer, seller] = b % 2 === 0 ? [client, other] : [other, client];
    const size = lotsOf(house, instrument, 1 + (instrument === 'BTC-PERP' ? d * 7 : d % 60));
    return asked({
      type: 'SubmitTrade',
      trade: `w${++names}`,
      instrument,
      buyer,
      seller,
      price: moved(house, instrument, centred(a + d, 5)),
      size,
      taker: pick(['BUY', 'SELL', null] as const, d),
      buyOrder: null,
      sellOrder: null,
    });
  },
  lever: (house: TestHouse, [a, b, c, d]: Numbers): Asked[] => {
    const [client, instrument] = [pick(CLIENTS, a), pick(INSTRUMENTS, c)];
    const { mark, instrument: terms } = house.state.listings.get(instrument) ?? {};
    if (!mark || !terms) return [];
    // About as much as its free margin allows at 5 to 11 % of the notional.
    const notional = (healthOf(house.state, client).freeMargin * 100n) / BigInt(5 + (d % 7));
    const lots = notional / (mark.price * terms.tickValue);
    const [buyer, seller] = b % 2 === 0 ? [client, 'maker'] : ['maker', client];
    const trade = {
      type: 'SubmitTrade',
      trade: `w${++names}`,
      instrument,
      buyer,
      seller,
      price: moved(house, instrument, 0),
    } as const;
    return lots <= 0n
      ? []
      : asked({ ...trade, size: formatCount(lots, terms.lot), taker: null, buyOrder: null, sellOrder: null });
  },
  flatten: (house: TestHouse, [a, b]: Numbers): Asked[] => {
    const client = pick(CLIENTS, a);
    const [instrument, position] = pick([...house.state.book.positions(client)], b) ?? [];
    if (!instrument || !position || position.size === 0n) return [];
    const [buyer, seller] = position.size > 0n ? ['maker', client] : [client, 'maker'];
    return asked({
      type: 'SubmitTrade',
      trade: `w${++names}`,
      instrument,
      buyer,
      seller,
      price: moved(house, instrument, 0),
      size: formatCount(abs(position.size), house.state.listings.get(instrument)?.instrument.lot ?? '1'),
      taker: null,
      buyOrder: null,
      sellOrder: null,
    });
  },
  order: (house: TestHouse, [a, b, c, d]: Numbers): Asked[] => {
    const instrument = pick(INSTRUMENTS, c);
    return asked({
      type: 'PlaceOrder',
      order: `q${++names}`,
      account: pick(CLIENTS, a),
      instrument,
      side: pick(['BUY', 'SELL'] as const, b),
      size: lotsOf(house, instrument, 1 + d),
      price: moved(house, instrument, centred(b, 20)),
    });
  },
  cancel: (house: TestHouse, [a]: Numbers): Asked[] => {
    const order = pick([...house.state.orders.keys()], a);
    return order ? asked({ type: 'CancelOrder', order }) : [];
  },
  fillOrder: (house: TestHouse, [a, b]: Numbers): Asked[] => {
    const order = pick([...house.state.orders.values()], a);
    if (!order) return [];
    const { instrument } = house.state.listings.get(order.instrument) ?? {};
    const buys = order.side === 'BUY';
    const size = formatCount(b % 2 === 0 ? order.size : (order.size + 1n) / 2n, instrument?.lot ?? '1');
    const [buyer, seller] = buys ? [order.account, 'maker'] : ['maker', order.account];
    return asked({
      type: 'SubmitTrade',
      trade: `w${++names}`,
      instrument: order.instrument,
      buyer,
      seller,
      price: formatCount(order.price, instrument?.tick ?? '1'),
      size,
      taker: null,
      buyOrder: buys ? order.id : null,
      sellOrder: buys ? null : order.id,
    });
  },
  deposit: (_house: TestHouse, [a, b, c]: Numbers): Asked[] =>
    asked({
      type: 'DepositCollateral',
      account: pick(CLIENTS, a),
      ...(b % 3 === 0
        ? { currency: 'BTC', amount: `0.0${(c % 9) + 1}` }
        : { currency: 'USD', amount: `${1 + c * 37}.01` }),
    }),
  withdraw: (_house: TestHouse, [a, b, c]: Numbers): Asked[] =>
    asked({
      type: 'WithdrawCollateral',
      account: pick(CLIENTS, a),
      ...(b % 3 === 0
        ? { currency: 'BTC', amount: `0.0${(c % 9) + 1}` }
        : { currency: 'USD', amount: `${1 + c * 53}.99` }),
    }),
  transfer: (_house: TestHouse, [a, b, c]: Numbers): Asked[] => {
    const [from, to] = pick(
      [
        ['ann', 'ann-2'],
        ['ann-2', 'ann'],
        ['bob', 'eve'],
        ['eve', 'bob'],
      ] as const,
      a,
    );
    return asked({
      type: 'TransferCollateral',
      from,
      to,
      currency: pick(['USD', 'BTC'], b),
      amount: b % 2 === 0 ? `${1 + c * 11}` : '0.01',
    });
  },
  fill: (house: TestHouse, [a, b, c]: Numbers): Asked[] => {
    const order = pick([...house.state.liquidationOrders.values()], a);
    if (!order) return [];
    const { instrument } = house.state.listings.get(order.instrument) ?? {};
    const open = abs(minus(order.size, order.filled));
    const size = formatCount(b % 2 === 0 ? open : (open + 1n) / 2n, instrument?.lot ?? '1');
    const price =
      c % 3 === 0 && order.limit !== null && order.limit > 0n
        ? formatCount(order.limit, instrument?.tick ?? '1')
        : moved(house, order.instrument, centred(c, 10));
    return asked({
      type: 'ReportLiquidationFill',
      order: order.id,
      trade: `w${++names}`,
      counterparty: c % 5 === 0 ? pick(CLIENTS, b) : 'maker',
      price,
      size,
    });
  },
  funding: (_house: TestHouse, [a, b]: Numbers): Asked[] =>
    asked({
      type: 'SubmitFundingRate',
      instrument: pick(['BTC-PERP', 'ETH-PERP'], a),
      rate: `${b % 2 ? '-' : ''}0.00${b % 90}`,
    }),
  halt: (_house: TestHouse, [a, b]: Numbers): Asked[] => {
    const command: Command = {
      type: 'SetInstrumentStatus',
      instrument: pick(INSTRUMENTS, a),
      status: pick(['HALTED', 'ACTIVE', 'REDUCE_ONLY', 'ACTIVE', 'ACTIVE'] as const, b),
      reason: 'walk',
    };
    return asked(command, pick(OFFICERS, b));
  },
  depth: (_house: TestHouse, [a, b, c]: Numbers): Asked[] =>
    asked({ type: 'ReportDepth', instrument: pick(INSTRUMENTS, a), bids: `${b % 7}`, asks: `${c % 7}` }),
  call: (house: TestHouse, [a, b, c, d]: Numbers): Asked[] => {
    const call = pick([...house.state.calls.values()], a);
    const reason = 'walk';
    const actor = pick(OFFICERS, d);
    if (!call && b % 4 > 0) return [];
    if (!call || b % 7 === 0)
      return asked(
        {
          type: 'IssueMarginCall',
          account: pick(CLIENTS, a),
          amount: `${1 + c * 29}`,
          window: pick([null, 0, HOUR], c),
          reason,
        },
        actor,
      );
    const of = { call: call.id, reason };
    return asked(
      pick<Command>(
        [
          { type: 'AcknowledgeMarginCall', call: call.id },
          { type: 'DisputeMarginCall', ...of },
          { type: 'RuleOnDispute', ...of, stopClock: true },
          { type: 'RuleOnDispute', ...of, stopClock: false },
          { type: 'ExtendMarginCall', ...of, deadline: call.deadline + 1 + c * 60_000 },
          { type: 'WaiveMarginCall', ...of },
        ],
        b,
      ),
      actor,
    );
  },
  approve: (house: TestHouse, [a, b]: Numbers): Asked[] => {
    const proposal = pick([...house.state.proposals.values()], a);
    if (!proposal) return [];
    if (b % 9 === 0) return asked({ type: 'RejectProposal', proposal: proposal.id, reason: 'walk' });
    return asked(
      { type: 'ApproveProposal', proposal: proposal.id, hash: proposal.hash },
      OFFICERS.find(({ id }) => id !== proposal.proposedBy),
    );
  },
  terms: (_house: TestHouse, [a, b]: Numbers): Asked[] => {
    const actor = pick(OFFICERS, b);
    if (a % 4 === 0)
      return asked(
        {
          type: 'SetTierSchedule',
          instrument: 'BTC-PERP',
          tiers: b % 2 ? TIERS : flatTiers('0.1', '0.05'),
          effectiveAt: b % 3 ? null : START + 2 * DAY + b * HOUR,
        },
        actor,
      );
    if (a % 4 === 1)
      return asked(
        {
          type: 'SetCollateralTerms',
          currency: 'BTC',
          haircut: `0.${1 + (b % 5)}`,
          conversionDiscount: '0.05',
          eligible: b % 4 !== 0,
          runOffDate: b % 8 === 0 ? START + b * HOUR : null,
        },
        actor,
      );
    if (a % 4 === 2)
      return asked(
        {
          ...classic,
          cureWindow: (b % 4) * HOUR,
          liquidation: { ...classic.liquidation, venueWindow: (b % 3) * 15_000 },
          effectiveAt: b % 2 ? null : START + DAY + b * HOUR,
        },
        actor,
      );
    return asked(
      {
        type: 'SetLossPolicy',
        currency: 'USD',
        layers: pick([['INSURANCE_FUND'], ['HOUSE_CAPITAL', 'INSURANCE_FUND', 'SOCIALIZED_LOSS']] as const, b),
        base: pick(['GAINS', 'OPEN_INTEREST', 'EQUITY'] as const, b),
        period: DAY,
        fundTarget: '0',
      },
      actor,
    );
  },
} satisfies Record<string, (house: TestHouse, numbers: Numbers) => Asked[]>;

/** How likely each kind is. Time is a kind of its own: it is not a command that anybody sends. */
const WEIGHTS: Readonly<Record<keyof typeof KINDS, number>> = {
  price: 20,
  gap: 4,
  index: 8,
  trade: 8,
  lever: 14,
  flatten: 2,
  order: 5,
  cancel: 1,
  fillOrder: 3,
  deposit: 4,
  withdraw: 4,
  transfer: 3,
  fill: 8,
  funding: 2,
  halt: 3,
  depth: 1,
  call: 6,
  approve: 6,
  terms: 2,
};

const SPANS = ['1ms', '1s', '10s', '30s', '30s', '10m', '30m', '1h', '3h', '1d'];

export type Move = Step | { readonly pass: number };

const number = fc.nat({ max: 200 });
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.oneof(
    ...(Object.keys(KINDS) as Step['kind'][]).map((kind) => ({ weight: WEIGHTS[kind], arbitrary: fc.constant(kind) })),
  ),
  a: number,
  b: number,
  c: number,
  d: number,
});

export const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 5, arbitrary: step },
  { weight: 1, arbitrary: fc.record({ pass: fc.nat({ max: SPANS.length - 1 }) }) },
);

export const spanOf = ({ pass }: { readonly pass: number }): string => SPANS[pass] ?? '1s';

/** What a step asks of the house as it is now. */
export const askedBy = (house: TestHouse, { kind, a, b, c, d }: Step): Asked[] => KINDS[kind](house, [a, b, c, d]);
