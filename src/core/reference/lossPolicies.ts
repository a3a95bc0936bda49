/**
 * Loss policies and disposal policies: who bears what a default leaves, and how the house sells what it took over.
 * Ruling 7
 */

import {
  type Cash,
  cash,
  type Duration,
  duration,
  type Instant,
  instant,
  later,
  RATE_ONE,
  type Rate,
  rate,
} from '../../units/quantity';
import type { CommandOf } from '../message/command';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';

import { type Checked, ok, refused } from '../message/rejection';
import type { DisposalPolicy, LossLayer, LossPolicy } from '../model/policy';
import type { Currency, CurrencyId } from '../model/reference';
import type { State, View } from '../model/state';
import { LONGEST_WINDOW } from './policies';
import { readRate, readSpan, readTerm, readWhole } from './reading';

/** What holds for a currency until an officer says otherwise. */
export const standardLossPolicy = (currency: CurrencyId): LossPolicy => ({
  currency,
  version: 1,
  layers: ['OWNER_COLLATERAL', 'INSURANCE_FUND', 'HOUSE_CAPITAL', 'SOCIALIZED_LOSS'],
  base: 'GAINS',
  period: duration(86_400_000),
  fundTarget: cash(0n),
});

/** What holds where a loss policy does not say. */
export const LOSS_STANDARDS = {
  gateFloor: cash(100n), // smallest units: a one-cent bankrupt shuts nothing
  minorShare: rate(RATE_ONE / 100n),
  priceWait: duration(4 * 3_600_000),
  haltWindow: duration(4 * 3_600_000),
  changeShare: rate(RATE_ONE / 20n),
  changeAlone: 10,
  changeNotice: duration(86_400_000),
  stableWindow: duration(86_400_000),
  stableBand: rate(RATE_ONE / 2n),
  isolatedRecourse: 'SAME_UNDERLYING',
} as const;

/** Open debts of less than this in all hold no withdrawal back.  Ruling 14 */
export const gateFloorOf = (view: View, currency: CurrencyId): Cash =>
  view.lossPolicies.get(currency)?.gateFloor ?? LOSS_STANDARDS.gateFloor;

/** Collateral worth less than this share of the debt holds no loss back.  Ruling 16 */
export const minorShareOf = (view: View, currency: CurrencyId): Rate =>
  view.lossPolicies.get(currency)?.minorShare ?? LOSS_STANDARDS.minorShare;

/** How long a loss waits for the price of collateral.  Ruling 16 */
export const priceWaitOf = (view: View, currency: CurrencyId): Duration =>
  view.lossPolicies.get(currency)?.priceWait ?? LOSS_STANDARDS.priceWait;

/** After how long a halt by one person lifts by itself.  Ruling 15 */
export const haltWindowOf = (view: View, currency: CurrencyId): Duration =>
  view.lossPolicies.get(currency)?.haltWindow ?? LOSS_STANDARDS.haltWindow;

/**
 * How much of the book changes of terms by one person may call in a day, and with how much notice nobody asks.  Ruling
 * 12
 */
export function changeLimitsOf(view: View, currency: CurrencyId): Required<ChangeLimits> {
  const { changeShare, changeAlone, changeNotice } = LOSS_STANDARDS;
  const policy = view.lossPolicies.get(currency);
  return {
    changeShare: policy?.changeShare ?? changeShare,
    changeAlone: policy?.changeAlone ?? changeAlone,
    changeNotice: policy?.changeNotice ?? changeNotice,
  };
}

/**
 * How fast the stable price of instruments settled in a currency follows, and for how long gains beyond it stay.
 * Ruling 18
 */
export const stableTermsOf = (view: Pick<View, 'lossPolicies'>, currency: CurrencyId): StableTerms => {
  const { stableWindow: window, stableBand: band } = view.lossPolicies.get(currency) ?? {};
  return { window: window ?? LOSS_STANDARDS.stableWindow, band: band ?? LOSS_STANDARDS.stableBand };
};

export interface StableTerms {
  readonly window: Duration; // zero: it follows at once, and nothing is held back
  readonly band: Rate;
}

export const standardDisposalPolicy = (currency: CurrencyId): DisposalPolicy => ({
  currency,
  version: 1,
  interval: duration(10_000),
  fraction: rate(RATE_ONE / 2n),
  fullBelow: cash(0n),
  maximumShareOfDepth: rate(RATE_ONE / 100n),
  slippage: rate(RATE_ONE / 20n),
});

/** Errors: CURRENCY_NOT_FOUND, LAYERS_INVALID, VALUE_OUT_OF_RANGE, TOO_MANY_DIGITS. */
export function checkSetLossPolicy(view: View, command: CommandOf<'SetLossPolicy'>): Checked<LossPolicy> {
  const currency = view.currencies.get(command.currency);
  if (!currency) return refused('CURRENCY_NOT_FOUND', { currency: command.currency });
  const { layers } = command;
  if (!areOrdered(layers)) return refused('LAYERS_INVALID', { layers: layers.join(',') });
  const together = command.together ?? [];
  const apart = together.find((group) => !areNeighbours(layers, group));
  if (apart || new Set(together.flat()).size !== together.flat().length)
    return refused('LAYERS_INVALID', { together: (apart ?? together.flat()).join(',') });
  const period = readSpan('period', command.period, 60_000, LONGEST_WINDOW);
  if (period.rejection) return period;
  const target = readTerm(currency, 'fundTarget', command.fundTarget);
  if (target.rejection) return target;
  const gate = command.gateWindow == null ? null : readSpan('gateWindow', command.gateWindow, 0, LONGEST_WINDOW);
  if (gate?.rejection) return gate;
  const share = command.backstopShare == null ? null : readRate('backstopShare', command.backstopShare);
  if (share?.rejection) return share;
  const waiting = readWaiting(currency, command);
  if (waiting.rejection) return waiting;
  const changes = readChangeLimits(command);
  if (changes.rejection) return changes;
  const stable = readStable(command);
  if (stable.rejection) return stable;
  const version = (view.lossPolicies.get(currency.id)?.version ?? 0) + 1;
  return ok({
    ...waiting.ok,
    ...changes.ok,
    ...stable.ok,
    currency: currency.id,
    version,
    layers,
    base: command.base,
    period: duration(period.ok),
    fundTarget: target.ok,
    ...(together.length > 0 ? { together } : {}),
    ...(gate ? { gateAfter: duration(gate.ok) } : {}),
    ...(share ? { backstopShare: share.ok } : {}),
    ...(command.surplusToClaims ? { surplusToClaims: true } : {}),
    ...(command.isolatedRecourse ? { isolatedRecourse: command.isolatedRecourse } : {}),
  });
}

type Waiting = Pick<LossPolicy, 'gateFloor' | 'minorShare' | 'priceWait' | 'haltWindow'>;

/** How long a debt may stand open, and what it holds back meanwhile: what is not said is left out. */
function readWaiting(
  currency: Currency,
  { gateFloor, minorShare, priceWait, haltWindow }: CommandOf<'SetLossPolicy'>,
): Checked<Waiting> {
  const floor = gateFloor == null ? null : readTerm(currency, 'gateFloor', gateFloor);
  if (floor?.rejection) return floor;
  const minor = minorShare == null ? null : readRate('minorShare', minorShare);
  if (minor?.rejection) return minor;
  const wait = priceWait == null ? null : readSpan('priceWait', priceWait, 0, LONGEST_WINDOW);
  if (wait?.rejection) return wait;
  const halt = haltWindow == null ? null : readSpan('haltWindow', haltWindow, 60_000, LONGEST_WINDOW);
  if (halt?.rejection) return halt;
  return ok({
    ...(floor ? { gateFloor: floor.ok } : {}),
    ...(minor ? { minorShare: minor.ok } : {}),
    ...(wait ? { priceWait: duration(wait.ok) } : {}),
    ...(halt ? { haltWindow: duration(halt.ok) } : {}),
  });
}

type ChangeLimits = Pick<LossPolicy, 'changeShare' | 'changeAlone' | 'changeNotice'>;

function readChangeLimits({
  changeShare,
  changeAlone,
  changeNotice,
}: CommandOf<'SetLossPolicy'>): Checked<ChangeLimits> {
  const share = changeShare == null ? null : readRate('changeShare', changeShare);
  if (share?.rejection) return share;
  const alone = changeAlone == null ? null : readWhole('changeAlone', changeAlone, 0, 1_000_000);
  if (alone?.rejection) return alone;
  const notice = changeNotice == null ? null : readSpan('changeNotice', changeNotice, 0, LONGEST_WINDOW);
  if (notice?.rejection) return notice;
  return ok({
    ...(share ? { changeShare: share.ok } : {}),
    ...(alone ? { changeAlone: alone.ok } : {}),
    ...(notice ? { changeNotice: duration(notice.ok) } : {}),
  });
}

/** What is not said is left out. */
function readStable({
  stableWindow,
  stableBand,
}: CommandOf<'SetLossPolicy'>): Checked<Pick<LossPolicy, 'stableWindow' | 'stableBand'>> {
  const window = stableWindow == null ? null : readSpan('stableWindow', stableWindow, 0, LONGEST_WINDOW);
  if (window?.rejection) return window;
  const band = stableBand == null ? null : readRate('stableBand', stableBand);
  if (band?.rejection) return band;
  return ok({ ...(window ? { stableWindow: duration(window.ok) } : {}), ...(band ? { stableBand: band.ok } : {}) });
}

/**
 * Ruling 7: socialized loss comes strictly after every other layer; the defaulter's own margin is used before there is
 * a loss, and what else its owner has before anybody else pays.
 */
function areOrdered(layers: readonly LossLayer[]): boolean {
  const [first, owner, last] = [
    layers.indexOf('DEFAULTER_MARGIN'),
    layers.indexOf('OWNER_COLLATERAL'),
    layers.indexOf('SOCIALIZED_LOSS'),
  ];
  const own = first <= 0 && owner <= first + 1;
  return layers.length > 0 && new Set(layers).size === layers.length && own && (last < 0 || last === layers.length - 1);
}

/** Layers that are spread over accounts, are no money, or come before all others, stand by themselves. */
const ALONE: readonly LossLayer[] = [
  'DEFAULTER_MARGIN',
  'OWNER_COLLATERAL',
  'GAINS_HAIRCUT',
  'DELEVERAGING',
  'TEAR_UP',
  'SOCIALIZED_LOSS',
];

/** Whether layers of a group follow one another in the policy. */
function areNeighbours(layers: readonly LossLayer[], group: readonly LossLayer[]): boolean {
  const places = group.map((layer) => layers.indexOf(layer)).sort((a, b) => a - b);
  const [first = -1] = places;
  const joined = places.every((place, i) => place === first + i);
  return group.length > 1 && first >= 0 && joined && !group.some((layer) => ALONE.includes(layer));
}

export const setLossPolicy = (desk: Desk, terms: LossPolicy): void => desk.emit({ type: 'LossPolicySet', terms });

export function onLossPolicySet(state: State, { terms }: EventOf<'LossPolicySet'>): void {
  state.lossPolicies.set(terms.currency, terms);
  startPeriod(state, terms.currency, periodEndOf(terms, state.now));
}

export function startPeriod(state: State, currency: CurrencyId, ends: Instant): void {
  state.lossPeriods.set(currency, ends);
  state.deadlines.set(`loss-period/${currency}`, ends);
}

/** Periods begin at whole multiples of their length since the epoch: a day ends at midnight UTC. */
export const periodEndOf = (policy: LossPolicy, now: Instant): Instant =>
  later(instant(Math.floor(now / policy.period) * policy.period), policy.period);

/** Errors: CURRENCY_NOT_FOUND, VALUE_OUT_OF_RANGE, TOO_MANY_DIGITS. */
export function checkSetDisposalPolicy(view: View, command: CommandOf<'SetDisposalPolicy'>): Checked<DisposalPolicy> {
  const currency = view.currencies.get(command.currency);
  if (!currency) return refused('CURRENCY_NOT_FOUND', { currency: command.currency });
  const interval = readSpan('interval', command.interval, 1000, LONGEST_WINDOW);
  if (interval.rejection) return interval;
  const fraction = readRate('fraction', command.fraction, 1n);
  if (fraction.rejection) return fraction;
  const share = readRate('maximumShareOfDepth', command.maximumShareOfDepth, 1n);
  if (share.rejection) return share;
  const slippage = readRate('slippage', command.slippage);
  if (slippage.rejection) return slippage;
  const fullBelow = readTerm(currency, 'fullBelow', command.fullBelow);
  if (fullBelow.rejection) return fullBelow;
  return ok({
    currency: currency.id,
    version: (view.disposalPolicies.get(currency.id)?.version ?? 0) + 1,
    interval: duration(interval.ok),
    fraction: fraction.ok,
    fullBelow: fullBelow.ok,
    maximumShareOfDepth: share.ok,
    slippage: slippage.ok,
  });
}

export const setDisposalPolicy = (desk: Desk, terms: DisposalPolicy): void =>
  desk.emit({ type: 'DisposalPolicySet', terms });

export function onDisposalPolicySet(state: State, { terms }: EventOf<'DisposalPolicySet'>): void {
  state.disposalPolicies.set(terms.currency, terms);
}
