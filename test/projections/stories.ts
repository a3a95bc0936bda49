/** Random lives of a house, each followed by what officers do: together everything that can happen to one. */

import { MOST_AN_ENTRY } from '../../src/core/margincall/backlog';
import { type Event, transfersOf } from '../../src/core/message/event';
import { duration } from '../../src/units/quantity';
import { deleveragingHouse, deleveragingPolicy } from '../support/deleveraging';
import {
  classicPolicy,
  definePerpetual,
  flatTiers,
  mark,
  onePerpetual,
  openAccount,
  pay,
  trade,
  tradeOf,
} from '../support/given';
import type { TestHouse } from '../support/house';
import { ofType } from '../support/house';
import { broker, byTwo, officer } from '../support/ladder';
import { placeOf } from '../support/liquidation';
import { storyOf } from '../support/story';

/** Texts that a database does not take as they are, or could take for something else. */
export const STRANGE = 'NUL \u0000, half \ud83d, whole \ud83d\udea8, "quoted", back\\slash \\u0000, O\'Brien, $1';

const HOUR = 3_600_000;

/** Seeds whose lives, taken together, know every type of event. */
export const SEEDS = [30, 40, 35];

export function lifeOf(seed: number, length = 250): TestHouse {
  const house = storyOf(seed, length);
  house.send({ type: 'AdmitMember', member: 'late-broker', name: STRANGE });
  openAccount(house, 'late', '9000', { member: 'late-broker', owner: 'somebody-late' });
  officersAct(house);
  dealWithCalls(house);
  announceTerms(house);
  membersDefault(house);
  leaveOneRunning(house);
  return house;
}

/** A liquidation whose order is with the venue when the life ends. */
function leaveOneRunning(house: TestHouse): void {
  definePerpetual(house, 'SINK-PERP', { price: '1000' });
  openAccount(house, 'sinking', '600');
  openAccount(house, 'floating', '90000');
  trade(house, 'sinking', 'floating', '10', '1000', 'SINK-PERP');
  mark(house, '955', 'SINK-PERP');
}

/** More accounts called by one price than one entry acts on: the rest waits its turn. */
export function crowdedLife(): TestHouse {
  const house = onePerpetual({ lot: '1' });
  house.audited = false;
  openAccount(house, 'maker', '1000000000');
  for (let i = 0; i < MOST_AN_ENTRY + 20; i++) {
    openAccount(house, `c${i}`, '2500');
    trade(house, `c${i}`, 'maker', '1', '50000');
  }
  mark(house, '48550');
  house.pass('1ms');
  return house;
}

/** Keys, money of the house, a booking undone, proposals that end in each way and one that stays open. */
function officersAct(house: TestHouse): void {
  const key = (apiKey: string, hash: string) =>
    ({ type: 'IssueApiKey', apiKey, role: 'BROKER', member: 'late-broker', hash, label: STRANGE }) as const;
  byTwo(house, key('key-1', '1'.repeat(64)));
  byTwo(house, key('key-2', '2'.repeat(64)));
  house.send({ type: 'RevokeApiKey', apiKey: 'key-1', reason: 'lost' });
  house.send({ type: 'RevokeApiKey', apiKey: 'key-2', reason: 'lost' });
  byTwo(house, key('key-6', '3'.repeat(64)));
  house.send({ type: 'ContributeHouseCapital', currency: 'USD', amount: '900' });
  house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '700', source: 'HOUSE_CAPITAL' });
  undo(house, 'insurance-fund', '700');
  house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '5000', source: 'EXTERNAL' });
  byTwo(house, { type: 'WithdrawFromInsuranceFund', currency: 'USD', amount: '300.01', reason: 'too much' });
  undo(house, 'account/late', '9000');
  pay(house, 'late', '5000');
  const [open] = ofType(house.send(key('key-3', '4'.repeat(64)), officer('first')), 'ProposalCreated');
  house.send(key('key-4', '5'.repeat(64)), officer('first'));
  termsComeLater(house);
  house.send({ type: 'RejectProposal', proposal: open?.created.id ?? '', reason: STRANGE }, officer('second'));
}

/**
 * Terms that are announced: some come into force, some are refused when they are due, some are taken back, some are to
 * come.
 */
function termsComeLater(house: TestHouse): void {
  const later = (currency: string, haircut: string, hours: number) =>
    ofType(
      house.send(
        {
          type: 'SetCollateralTerms',
          currency,
          haircut,
          conversionDiscount: '0',
          eligible: true,
          effectiveAt: house.now + hours,
        },
        officer('first'),
      ),
      'ChangeScheduled',
    )[0]?.scheduled.id ?? '';
  byTwo(house, {
    type: 'SetCollateralTerms',
    currency: 'BTC',
    haircut: '0.3',
    conversionDiscount: '0',
    eligible: true,
    effectiveAt: null,
  });
  later('BTC', '0.4', 1);
  later('BTC', '0.4', 2);
  house.send({ type: 'SetNotice', change: 'PORTFOLIO_POLICY', notice: HOUR }, officer('first'));
  house.send({ type: 'CancelScheduledChange', change: later('BTC', '0.9', HOUR), reason: STRANGE }, officer('second'));
  house.pass('1ms');
  house.send(
    { type: 'SetCollateralTerms', currency: 'BTC', haircut: '0.5', conversionDiscount: '0', eligible: true },
    officer('first'),
  );
  house.pass('1ms');
  later('BTC', '0.6', 400 * HOUR);
}

function undo(house: TestHouse, to: 'account/late' | 'insurance-fund', amount: string): void {
  const matches = (transfer: { readonly to: string; readonly amount: bigint }) =>
    transfer.to === to && transfer.amount === BigInt(amount) * 100n;
  const last = house.entries
    .filter(({ outcome }) => 'events' in outcome && outcome.events.flatMap(moved).some(matches))
    .slice(-1);
  const { entry, place, transfer } = placeOf(last, matches, moved);
  const { from, currency, reason: kind } = transfer;
  byTwo(house, { type: 'ReverseTransfer', entry, place, kind, from, to, currency, amount, reason: 'erroneous' });
}

const moved = (event: Event) => transfersOf(event);

/**
 * Calls by an officer: one extended, disputed, stopped, acknowledged, paid in part and left open; one paid; one waived.
 */
function dealWithCalls(house: TestHouse): void {
  const call = (): string => {
    const command = { type: 'IssueMarginCall', account: 'late', amount: '100', window: HOUR, reason: STRANGE } as const;
    return ofType(house.send(command, officer('first')), 'MarginCallIssued')[0]?.issued.id ?? '';
  };
  call();
  pay(house, 'late', '100');
  byTwo(house, { type: 'WaiveMarginCall', call: call(), reason: 'agreed' });
  const open = call();
  house.send({ type: 'AcknowledgeMarginCall', call: open }, broker('late-broker'));
  house.send({ type: 'DisputeMarginCall', call: open, reason: STRANGE }, broker('late-broker'));
  byTwo(house, { type: 'RuleOnDispute', call: open, stopClock: true, reason: 'they have a point' });
  house.send({ type: 'RuleOnDispute', call: open, stopClock: false, reason: 'they had' }, officer('first'));
  byTwo(house, { type: 'ExtendMarginCall', call: open, deadline: house.now + 3 * HOUR, reason: 'bank holiday' });
  pay(house, 'late', '40.5');
  clockSteps(house);
}

/** A step of the wall clock that two persons accept, and a longer memory. */
function clockSteps(house: TestHouse): void {
  house.send({ type: 'ReportClockStep', step: duration(3 * HOUR) });
  byTwo(house, { type: 'AcceptClockStep', entry: house.state.clock.step?.entry ?? 0, reason: STRANGE });
  house.send({ type: 'SetRetention', keys: duration(48 * HOUR), trades: duration(10 * 24 * HOUR) });
}

/** Terms that come into force later, so that a version is in force and another one waits. */
function announceTerms(house: TestHouse): void {
  const effectiveAt = house.now + 30 * 24 * HOUR;
  house.send({ type: 'SetTierSchedule', instrument: 'ETH-PERP', tiers: flatTiers('1/3', '0.2'), effectiveAt });
  house.send({ ...classicPolicy(), policy: 'exchange', cureWindow: 0, effectiveAt });
  const gone = { currency: 'GONE', haircut: '1', conversionDiscount: '0', eligible: false } as const;
  house.send({ type: 'DefineCurrency', currency: gone.currency, scale: 3 });
  house.send({ type: 'SetCollateralTerms', ...gone, runOffDate: house.now });
  for (const haircut of ['0.5', '0.123456789012']) {
    house.send({
      type: 'SetCollateralTerms',
      currency: 'ETH',
      haircut,
      conversionDiscount: '0',
      eligible: false,
      runOffDate: effectiveAt,
    });
  }
}

const USD = { currency: 'USD', policy: 'classic', mode: 'CROSS', instrument: null } as const;

/**
 * Members that default: one whose default is closed, one whose is open with an offer that waits, and one that is
 * suspended.
 */
function membersDefault(house: TestHouse): void {
  for (const member of ['fallen', 'falling', 'taking']) house.send({ type: 'AdmitMember', member, name: STRANGE });
  house.send({ ...classicPolicy(), policy: 'classic' });
  for (const member of ['fallen', 'falling']) {
    house.send({ type: 'OpenAccount', account: `${member}-own`, owner: member, kind: 'HOUSE', member, ...USD });
    pay(house, `${member}-own`, '1000.5');
    openAccount(house, `${member}-client`, '20', { member });
    openAccount(house, `${member}-other`, '30', { member });
  }
  byTwo(house, {
    type: 'SetDefaultPolicy',
    currency: 'USD',
    portingWindow: HOUR,
    acceptWindow: HOUR / 2,
    orderWindow: 30_000,
    aloneUpTo: '10.5',
    minimumLots: 4,
  });
  const declare = (member: string): string => {
    const [event] = ofType(byTwo(house, { type: 'DeclareDefault', member, reason: STRANGE }), 'DefaultDeclared');
    return event?.declared.id ?? '';
  };
  const offer = (of: string, ...accounts: string[]): string => {
    const events = house.send({ type: 'PortClients', default: of, accounts, toMember: 'taking' });
    return ofType(events, 'PortOffered')[0]?.offered.id ?? '';
  };
  const fallen = declare('fallen');
  house.send({ type: 'AcceptPort', port: offer(fallen, 'fallen-client') }, broker('taking'));
  house.send({ type: 'DeclinePort', port: offer(fallen, 'fallen-other'), reason: STRANGE }, broker('taking'));
  byTwo(house, { type: 'ChargeDefaultCost', default: fallen, currency: 'USD', amount: '0.49', reason: STRANGE });
  byTwo(house, { type: 'SettleDefault', default: fallen, currency: 'USD' });
  house.pass('1h');
  byTwo(house, { type: 'CloseDefault', default: fallen, outcome: 'TERMINATED', reason: STRANGE });
  withPortfolio(house);
  const falling = declare('falling');
  const lots = [
    { share: '0.3', positions: null },
    { share: '0.7', positions: null },
  ];
  house.send({ type: 'SplitDefault', default: falling, currency: 'USD', lots });
  const terms = { invited: null, minimumBidders: 1, reserve: '0.123456789012', window: 1000 };
  byTwo(house, { type: 'AuctionDefault', default: falling, currency: 'USD', ...terms });
  const bid = {
    type: 'BidForLot',
    default: falling,
    currency: 'USD',
    lot: 1,
    account: 'fallen-client',
    amount: '0.07',
  } as const;
  house.send(bid, broker('taking'));
  house.pass('1s');
  offer(falling, 'falling-client', 'falling-other');
  house.send({ type: 'SuspendMember', member: 'late-broker', reason: STRANGE });
}

/** A position for `falling` to default with, in an instrument of its own. */
function withPortfolio(house: TestHouse): void {
  definePerpetual(house, 'LOT-PERP', { price: '10' });
  trade(house, 'falling-own', 'falling-client', '1', '10', 'LOT-PERP');
}

/**
 * Inventory with a cap that was reached, a loss that was deleveraged, a tear-up, and limits that count open interest.
 */
export function deleveragedLife(): TestHouse {
  const house = deleveragingHouse({
    tiers: flatTiers('0.02', '0.01'),
    fund: '3000',
    layers: ['INSURANCE_FUND', 'DELEVERAGING', 'TEAR_UP'],
  });
  definePerpetual(house, 'ETH-PERP', { price: '3000' });
  house.send({
    type: 'SetMarketLimits',
    instrument: 'BTC-PERP',
    float: '900',
    openInterestShare: '0.5',
    positionShare: null,
  });
  house.send({
    type: 'SetMarketLimits',
    instrument: 'BTC-PERP',
    float: '1000',
    openInterestShare: '0.5',
    positionShare: '0.123456789012',
  });
  const ramp = { lowerCap: '100000', upperCap: '900000.01', interval: 3_600_000 };
  house.send({ type: 'SetOpenInterestScaling', instrument: 'BTC-PERP', ramp: { ...ramp, upperCap: '1000000' } });
  house.send({ type: 'SetOpenInterestScaling', instrument: 'BTC-PERP', ramp });
  house.send({ type: 'SetOpenInterestScaling', instrument: 'ETH-PERP', ramp });
  house.send({ type: 'SetOpenInterestScaling', instrument: 'ETH-PERP', ramp: null });
  const cap = { amount: '900', fundShare: '0.3', stop: '2/3' };
  house.send(deleveragingPolicy({ instrument: 'ETH-PERP', method: 'QUEUE', bound: 'MAINTENANCE', inventoryCap: cap }));
  for (const [id, deposit] of [
    ['bad', '10000'],
    ['worse', '13000'],
    ['last', '20000'],
    ['w1', '90000'],
    ['w2', '70000'],
  ] as const)
    openAccount(house, id, deposit);
  trade(house, 'bad', 'w1', '5', '50000');
  trade(house, 'bad', 'w2', '3', '50000');
  trade(house, 'last', 'w2', '10', '50000');
  house.send({ type: 'SetVenue', venue: 'nasdaq', name: 'A venue' });
  house.send({ ...tradeOf('w2', 'w1', '0.1', '50000'), venue: 'nasdaq', number: '17' });
  trade(house, 'worse', 'w1', '20', '3000', 'ETH-PERP');
  mark(house, '48000');
  house.send({
    type: 'PlaceOrder',
    order: 'hedge',
    account: 'w1',
    instrument: 'ETH-PERP',
    side: 'BUY',
    size: '1',
    price: '2000',
  });
  mark(house, '2200', 'ETH-PERP');
  byTwo(house, { type: 'TearUpPositions', instrument: 'BTC-PERP', size: null, share: '0.5', reason: STRANGE });
  mark(house, '47900');
  return house;
}
