/**
 * The health of an account: every figure a broker is shown, computed by the functions that call and liquidate.
 * Amounts are integers of the account's currency; ratios and prices are decimal texts, for they are shown, never
 * posted. Rules: AH-1 to AH-3, PV-1, PV-4, LF-4
 */

import { formatShortest, parseDecimal } from '../../units/decimal';
import {
  abs,
  type Cash,
  type Count,
  type Instant,
  least,
  type Margin,
  margin,
  marginOf,
  minus,
  NO_CASH,
  NO_MARGIN,
  type Price,
  plus,
  type Seq,
  type Size,
  total,
} from '../../units/quantity';
import { approximate, compareRatios, type Ratio } from '../../units/ratio';
import { cashDown, cashUp } from '../../units/rounding';
import type { AccountId, AccountStatus, Position } from '../model/account';
import type { MarginCallId } from '../model/call';
import type { CurrencyId, Instrument, InstrumentId } from '../model/reference';
import type { View } from '../model/state';
import { deltaNotionalOf, notionalOf, priceOfWorth, shownValueOf, unrealisedOf } from '../position/value';
import { costOf, entryCostOf, sinceOpenedOf } from '../product/posting';
import { chargesPreviewOf } from './charges';
import { collateralValueOf, freeCollateralOf, unrealisedOfAccount } from './equity';
import { heldTo, policyOf } from './former';
import { heldBackOf, leavingOf } from './leaving';
import { amountOfLevel } from './level';
import type { Holding } from './model/holding';
import { backingOf, type Collateral, matchedBy, type Picture, pictureOf } from './picture';
import { openingOf, partOf } from './requirement';
import {
  bankruptcyPriceOf,
  closingLimitOf,
  maintenancePriceOf,
  priceAtLevel,
  type Solved,
  type Unreachable,
} from './solve';
import { ordersShareOf, type Standing, standingOf } from './standing';

export interface PositionHealth {
  readonly instrument: InstrumentId;
  readonly size: Size;
  readonly mark: Price;
  readonly markSeq: Seq; // the id of the price
  readonly markAt: Instant | null;
  readonly stale: boolean; // the price may not be decided on
  readonly frozen: boolean; // stale, or its instrument is halted: gains on it back nothing   Ruling 13
  readonly value: Cash; // size x mark, signed
  readonly notional: Cash; // without sign
  readonly deltaNotional: Cash; // price x what it gains when the price rises by one, signed
  readonly unrealised: Cash; // what is not posted yet
  readonly entryPrice: string | null; // average, however often gains were settled since
  readonly settledPrice: string | null; // of the last settlement, averaged with what was traded after it
  readonly realisedGain: Cash; // since it was opened, by closing lots
  readonly unrealisedGain: Cash; // of the open lots, against the entry price
  readonly settledGain: Cash; // what of the two was posted
  readonly initial: Cash;
  readonly maintenance: Cash;
  readonly callPrice: string | null; // mark at which a call is issued
  readonly callDistance: string | null; // move of the mark to it, as a share of the mark
  readonly closeOutPrice: string | null; // mark at which liquidation starts at once
  readonly closeOutDistance: string | null;
  readonly bankruptcyPrice: string | null; // mark at which the account has nothing left
  readonly closingLimit: string | null; // the worst price at which a liquidation closes it
  readonly liquidationPrice: string | null; // mark at which equity meets maintenance margin
  readonly unreachable: Unreachable | null; // why there is none
  readonly distance: string | null; // move of the mark to it, as a share of the mark
  readonly distanceTicks: string | null; // the same in ticks
}

type GainsOfPosition = Pick<
  PositionHealth,
  'unrealised' | 'entryPrice' | 'settledPrice' | 'realisedGain' | 'unrealisedGain' | 'settledGain'
>;

/** What a currency counts for, and what it would as backing of new risk and withdrawals. */
export interface CollateralHealth extends Collateral {
  readonly openingValue: Margin;
  readonly wrongWay: Cash; // of the amount what matches long positions in the currency   RB-4
}

export interface Health {
  readonly account: AccountId;
  readonly currency: CurrencyId;
  readonly status: AccountStatus;
  readonly openCall: MarginCallId | null;
  readonly cash: Cash;
  readonly unrealised: Cash;
  readonly collateral: readonly CollateralHealth[];
  readonly collateralValue: Cash; // of other currencies, after haircut
  readonly equity: Cash;
  readonly initial: Cash;
  readonly maintenance: Cash;
  readonly opening: Cash; // what new risk and withdrawals have to leave covered: initial margin or more
  readonly ordersInitial: Cash; // what open orders make of initial margin
  readonly ordersMaintenance: Cash; // and of maintenance margin
  readonly freeMargin: Cash; // equity - initial margin, signed
  readonly freeCollateral: Cash; // what could be withdrawn
  readonly heldBack: Cash; // by how much less that is than it would be if gains counted at the mark   Ruling 18
  readonly buffer: Cash; // equity - maintenance margin, signed
  readonly bufferRatio: string | null; // of equity
  readonly healthRatio: string | null; // equity / maintenance margin; none without a requirement
  readonly utilisation: string | null; // initial margin / equity
  readonly leverage: string | null; // gross notional / equity
  readonly loanToValue: string | null; // share of the gross notional that equity does not cover
  readonly grossNotional: Cash;
  readonly netNotional: Cash;
  readonly deltaNotional: Cash;
  readonly realisedGain: Cash;
  readonly unrealisedGain: Cash;
  readonly warningLevel: Cash | null; // the last rung before the call
  readonly callLevel: Cash | null;
  readonly closeOutLevel: Cash | null;
  readonly feePreview: Cash; // of closing out now
  readonly penaltyPreview: Cash;
  readonly stale: boolean;
  readonly positions: readonly PositionHealth[];
}

const DIGITS = 12;

export const healthOf = (view: View, account: AccountId): Health => healthOfPicture(view, pictureOf(view, account));

export function healthOfPicture(view: View, picture: Picture): Health {
  const standing = standingOf(picture);
  const { equity, initial, maintenance } = standing;
  const { account } = picture;
  const opening = openingOf(picture);
  const backing = backingOf(picture);
  const orders = ordersShareOf(standing);
  const before = heldTo(view, standing);
  const positions = picture.holdings.map((holding) => positionHealth(view, standing, holding, before));
  const gross = total(positions.map((position) => position.notional));
  const preview = picture.policy ? chargesPreviewOf(view, standing) : [];
  return {
    account: account.id,
    currency: account.currency,
    status: view.book.stateOf(account.id).status,
    openCall: view.callOf.get(account.id) ?? null,
    cash: picture.cash,
    unrealised: unrealisedOfAccount(picture),
    collateral: collateralHealth(picture, backing),
    collateralValue: cashDown(collateralValueOf(picture)),
    equity: cashDown(equity),
    initial: cashUp(initial),
    maintenance: cashUp(maintenance),
    opening: cashUp(opening),
    ordersInitial: orders.initial,
    ordersMaintenance: orders.maintenance,
    freeMargin: cashDown(margin(equity - initial)),
    freeCollateral: freeCollateralOf(leavingOf(view, backing), opening),
    heldBack: heldBackOf(view, picture).amount,
    buffer: cashDown(margin(equity - maintenance)),
    ...ratiosOf(standing, gross),
    grossNotional: gross,
    netNotional: total(positions.map((position) => position.value)),
    deltaNotional: total(positions.map((position) => position.deltaNotional)),
    realisedGain: total(positions.map((position) => position.realisedGain)),
    unrealisedGain: total(positions.map((position) => position.unrealisedGain)),
    ...levelsOf(standing, before),
    feePreview: total(preview.map((line) => line.feeDue)),
    penaltyPreview: total(preview.map((line) => line.penaltyDue)),
    stale: positions.some((position) => position.stale) || picture.collateral.some((item) => item.stale),
    positions,
  };
}

const collateralHealth = (picture: Picture, backing: Picture): CollateralHealth[] =>
  picture.collateral.map((item, i) => ({
    ...item,
    openingValue: backing.collateral[i]?.value ?? NO_MARGIN,
    wrongWay: item.worth ? least(item.within, matchedBy(picture, item.currency, item.worth)) : NO_CASH,
  }));

function ratiosOf(
  { equity, initial, maintenance }: Standing,
  gross: Cash,
): Pick<Health, 'bufferRatio' | 'healthRatio' | 'utilisation' | 'leverage' | 'loanToValue'> {
  const over = (a: bigint, b: bigint): string | null => (b === 0n ? null : approximate(a, b, DIGITS));
  const positive = equity > 0n;
  const financed = marginOf(gross) - equity;
  return {
    bufferRatio: positive ? over(equity - maintenance, equity) : null,
    healthRatio: over(equity, maintenance),
    utilisation: positive ? over(initial, equity) : null,
    leverage: positive ? over(marginOf(gross), equity) : null,
    loanToValue: gross === 0n ? null : over(financed > 0n ? financed : 0n, marginOf(gross)),
  };
}

/**
 * `before`: under the terms that the open call is held to. Equity that those count differently is allowed for.  Ruling
 * 12
 */
function levelsOf(
  standing: Standing,
  before: Standing | undefined,
): Pick<Health, 'warningLevel' | 'callLevel' | 'closeOutLevel'> {
  const { policy } = standing.picture;
  if (!policy) return { warningLevel: null, callLevel: null, closeOutLevel: null };
  const last = policy.warnings.at(-1);
  const closeOut = amountOfLevel(policy.closeOut, standing);
  const former =
    before && plus(minus(amountOfLevel(policyOf(before).closeOut, before), before.equity), standing.equity);
  return {
    warningLevel: last ? cashUp(amountOfLevel(last, standing)) : null,
    callLevel: cashUp(amountOfLevel(policy.call, standing)),
    closeOutLevel: cashUp(former === undefined ? closeOut : least(closeOut, former)),
  };
}

function positionHealth(
  view: View,
  standing: Standing,
  holding: Holding,
  before: Standing | undefined,
): PositionHealth {
  const { instrument, position, mark, markSeq } = holding;
  const now = view.listings.get(instrument.id)?.mark ?? null;
  const required = partOf(standing.picture, holding);
  const { policy } = standing.picture;
  const solved = maintenancePriceOf(standing, holding);
  const reached = ticksOf(solved);
  const call = policy ? ticksOf(priceAtLevel(standing, holding, policy.call)) : null;
  const closeOut = closeOutPriceOf(standing, holding, before);
  const lots = abs(position.size);
  return {
    instrument: instrument.id,
    size: position.size,
    mark,
    markSeq,
    markAt: now?.at ?? null,
    stale: now?.stale ?? true,
    frozen: holding.frozen,
    value: shownValueOf(instrument, position.size, mark),
    notional: notionalOf(instrument, position.size, mark),
    deltaNotional: deltaNotionalOf(instrument, position.size, mark),
    ...gainsOf(instrument, position, mark),
    initial: cashUp(required.initial),
    maintenance: cashUp(required.maintenance),
    liquidationPrice: reached && priceText(instrument, reached),
    unreachable: 'reason' in solved ? solved.reason : null,
    callPrice: call && priceText(instrument, call),
    callDistance: call && shareOfMark(mark, call),
    closeOutPrice: closeOut && priceText(instrument, closeOut),
    closeOutDistance: closeOut && shareOfMark(mark, closeOut),
    bankruptcyPrice: priceShown(instrument, ticksOf(bankruptcyPriceOf(standing, holding)) ?? undefined),
    closingLimit:
      lots === 0n || standing.maintenance === 0n
        ? null
        : priceShown(instrument, closingLimitOf(standing, holding, lots as Size)),
    distance: reached && shareOfMark(mark, reached),
    distanceTicks: reached && approximate(reached.numerator - mark * reached.denominator, reached.denominator, DIGITS),
  };
}

/**
 * Gains as the holder sees them beside what is posted of them: realised and unrealised since the position was opened
 * are what was settled and what is not posted yet.  PV-1
 */
function gainsOf(instrument: Instrument, position: Position, mark: Price): GainsOfPosition {
  const unrealised = unrealisedOf(instrument, position, mark);
  const { settled, realised } = sinceOpenedOf(position);
  const priceOf = (cost: Margin): string | null =>
    position.size === 0n ? null : priceShown(instrument, priceOfWorth(instrument, position.size, cost));
  return {
    unrealised,
    entryPrice: priceOf(entryCostOf(position)),
    settledPrice: priceOf(costOf(position)),
    realisedGain: realised,
    unrealisedGain: plus(unrealised, settled),
    settledGain: plus(realised, settled),
  };
}

/**
 * Where the account is below the close-out level by the terms in force and by those that its open call is held to: the
 * further price.  Ruling 12
 */
function closeOutPriceOf(standing: Standing, holding: Holding, before: Standing | undefined): Ratio | null {
  const { policy } = standing.picture;
  if (!policy) return null;
  const now = ticksOf(priceAtLevel(standing, holding, policy.closeOut));
  const former = before?.picture.holdings.find(({ instrument }) => instrument.id === holding.instrument.id);
  if (!before || !former || now === null) return now;
  const then = ticksOf(priceAtLevel(before, former, policyOf(before).closeOut));
  if (then === null) return null;
  return compareRatios(now, then) < 0 === holding.position.size > 0n ? now : then;
}

const ticksOf = (solved: Solved): Ratio | null => ('price' in solved ? solved.price : null);

/** The move of a mark to a price, as a share of the mark. */
const shareOfMark = (mark: Price, { numerator, denominator }: Ratio): string | null =>
  mark === 0n ? null : approximate(numerator - mark * denominator, abs(mark) * denominator, DIGITS);

/** Null where there is none, or the instrument forbids it. */
const priceShown = (instrument: Instrument, ticks: Ratio | undefined): string | null =>
  ticks && (ticks.numerator > 0n || instrument.allowsNonPositivePrice) ? priceText(instrument, ticks) : null;

/** A price that may lie between ticks, as a decimal of the quote currency. */
export function priceText(instrument: Instrument, ticks: Ratio): string {
  const step = parseDecimal(instrument.tick);
  return approximate(ticks.numerator * step.mantissa, ticks.denominator * 10n ** BigInt(step.scale), DIGITS);
}

/** An amount at the resolution of margin as a decimal, exactly. */
export const marginText = (amount: Margin, scale: Count): string => formatShortest(amount, scale + 12);
