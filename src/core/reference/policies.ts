/** Margin policies: the ladder and the terms of liquidation.  Rulings 1, 2 and 3; LP-2, LP-4, LF-2 */

import { known } from '../../units/failure';
import { isChosenId } from '../../units/id';
import { type Cash, duration, instant, RATE_ONE, type Rate, rate } from '../../units/quantity';
import { compareRatios, parseRatio } from '../../units/ratio';
import type { CommandOf } from '../message/command';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import type { LiquidationTermsInput } from '../message/liquidationTermsInput';
import type { TermInput } from '../message/referenceCommands';

import { type Checked, ok, type Rejection, refused, reject } from '../message/rejection';
import type {
  FeeShares,
  LiquidationTerms,
  MarginLevel,
  MarginPolicy,
  PenaltyTier,
  SeverityTier,
} from '../model/policy';
import type { Currency } from '../model/reference';
import type { State, View } from '../model/state';
import { noteFormer } from './former';
import { CLEARINGHOUSE } from './members';
import { readCash, readRate, readSpan, readStated, readTerm, readWhole } from './reading';
import { incentiveOn, leavesRoomForFees } from './tiers';

export const LONGEST_WINDOW = 366 * 86_400_000;

/**
 * Errors, in order: ID_INVALID, CURRENCY_NOT_FOUND, CURRENCY_MISMATCH, VALUE_OUT_OF_RANGE, LADDER_NOT_ORDERED,
 * TOO_MANY_DIGITS, SHARES_NOT_ONE, FEE_ABOVE_MAINTENANCE.
 */
export function checkSetMarginPolicy(view: View, command: CommandOf<'SetMarginPolicy'>): Checked<MarginPolicy> {
  if (!isChosenId(command.policy) || command.policy === CLEARINGHOUSE)
    return refused('ID_INVALID', { policy: command.policy });
  const currency = view.currencies.get(command.currency);
  if (!currency) return refused('CURRENCY_NOT_FOUND', { currency: command.currency });
  const present = view.policies.get(command.policy);
  if (present && present.currency !== command.currency)
    return refused('CURRENCY_MISMATCH', { policy: present.currency, currency: command.currency });

  const ladder = readLadder(command);
  const problem = ladderProblem(ladder) ?? windowsProblem(view, command);
  if (problem) return { rejection: problem };
  const liquidation = readLiquidationTerms(currency, command.liquidation);
  if (liquidation.rejection) return liquidation;
  const share = command.frozenShare == null ? null : readRate('frozenShare', command.frozenShare);
  if (share?.rejection) return share;
  for (const { tiers, pendingTiers, instrument } of view.listings.values()) {
    const crowded = [tiers, pendingTiers].some(
      (schedule) => schedule !== null && !leavesRoomForFees(schedule, liquidation.ok, incentiveOn(view, instrument)),
    );
    if (instrument.settlement === currency.id && crowded)
      return refused('FEE_ABOVE_MAINTENANCE', { policy: command.policy, instrument: instrument.id });
  }
  return ok({
    id: command.policy,
    version: Math.max(present?.version ?? 0, view.pendingPolicies.get(command.policy)?.version ?? 0) + 1,
    effectiveAt: instant(command.effectiveAt ?? view.now),
    currency: currency.id,
    ...ladder,
    hysteresis: parseRatio(command.hysteresis),
    cureWindow: duration(command.cureWindow),
    finalNotice: command.finalNotice === null ? null : duration(command.finalNotice),
    amendStep: parseRatio(command.amendStep),
    aggregation: command.aggregation,
    liquidation: liquidation.ok,
    ...(share ? { frozenShare: share.ok } : {}),
  });
}

/** What holds where a policy does not say. */
export const MARGIN_STANDARDS = { frozenShare: rate(RATE_ONE / 2n) } as const;

/**
 * The part of maintenance margin that holdings which stand still have to carry for the clock of a call to stand.
 * Ruling 13
 */
export const frozenShareOf = ({ frozenShare }: MarginPolicy): Rate => frozenShare ?? MARGIN_STANDARDS.frozenShare;

type Ladder = Pick<MarginPolicy, 'warnings' | 'call' | 'closeOut' | 'cure' | 'target'>;

function readLadder(command: CommandOf<'SetMarginPolicy'>): Ladder {
  const level = (terms: readonly TermInput[]): MarginLevel =>
    terms.map(({ base, ratio }) => ({ base, ratio: parseRatio(ratio) }));
  const { warnings, call, closeOut, cure, target } = command;
  return {
    warnings: warnings.map(level),
    call: level(call),
    closeOut: level(closeOut),
    cure: level(cure),
    target: level(target),
  };
}

function ladderProblem({ warnings, call, closeOut, cure, target }: Ladder): Rejection | undefined {
  const levels = [...warnings, call, closeOut, cure, target];
  if (levels.some((level) => level.length === 0 || level.length > 4))
    return reject('VALUE_OUT_OF_RANGE', { field: 'terms' });
  if (warnings.length > 8) return reject('VALUE_OUT_OF_RANGE', { field: 'warnings' });
  if (levels.flat().some((term) => term.ratio.numerator <= 0n)) return reject('VALUE_OUT_OF_RANGE', { field: 'ratio' });
  // Warnings before the call, the call before the close-out, whatever the requirements are.
  const descending = [...warnings, call, closeOut];
  const broken = descending.findIndex((level, i) => i > 0 && !dominates(descending[i - 1] as MarginLevel, level));
  if (broken >= 0) return reject('LADDER_NOT_ORDERED', { rung: String(broken + 1) });
  // A call cured below its own level would be issued again at once; a liquidation must end above the level that starts
  // it.
  if (!dominates(cure, call)) return reject('LADDER_NOT_ORDERED', { rung: 'cure' });
  if (!dominates(target, closeOut)) return reject('LADDER_NOT_ORDERED', { rung: 'target' });
  return undefined;
}

/** Whether one level is never below another, for all requirements with initial >= maintenance. */
export const dominates = (upper: MarginLevel, lower: MarginLevel): boolean =>
  lower.every((low) =>
    upper.some((up) => (up.base === low.base || up.base === 'INITIAL') && compareRatios(up.ratio, low.ratio) >= 0),
  );

function windowsProblem(view: View, command: CommandOf<'SetMarginPolicy'>): Rejection | undefined {
  const window = readSpan('cureWindow', command.cureWindow, 0, LONGEST_WINDOW);
  if (window.rejection) return window.rejection;
  const notice =
    command.finalNotice === null
      ? undefined
      : readSpan('finalNotice', command.finalNotice, 1, command.cureWindow).rejection;
  if (notice) return notice;
  for (const field of ['hysteresis', 'amendStep'] as const) {
    const value = parseRatio(command[field]);
    if (value.numerator < 0n || value.numerator > value.denominator)
      return reject('VALUE_OUT_OF_RANGE', { field, value: command[field] });
  }
  if (command.effectiveAt !== null && command.effectiveAt < view.now)
    return reject('VALUE_OUT_OF_RANGE', { field: 'effectiveAt' });
  return undefined;
}

const LONGEST_REST = 86_400_000;

/** Smaller steps than this would never come to an end. */
const SMALLEST_STEP = rate(RATE_ONE / 100n);

function readLiquidationTerms(currency: Currency, input: LiquidationTermsInput): Checked<LiquidationTerms> {
  const rates = { feeRate: input.feeRate, repeatSurcharge: input.repeatSurcharge, slippage: input.slippage };
  const read: Record<string, bigint> = {};
  for (const [field, text] of Object.entries(rates)) {
    const value = readRate(field, text);
    if (value.rejection) return value;
    read[field] = value.ok;
  }
  const shares = readShares(input.feeShares);
  if (shares.rejection) return shares;
  const added = readStated(input, ['fundRate', 'fundShare'], (name, text: string) => readRate(name, text));
  if (added.rejection) return added;
  const penaltyTiers = readPenaltyTiers(currency, input);
  if (penaltyTiers.rejection) return penaltyTiers;
  const severityTiers = readSeverityTiers(input);
  if (severityTiers.rejection) return severityTiers;
  const step =
    input.maximumStepNotional === null
      ? ok(null)
      : readTerm(currency, 'maximumStepNotional', input.maximumStepNotional);
  if (step.rejection) return step;
  const depth =
    input.maximumShareOfDepth === null ? ok(null) : readRate('maximumShareOfDepth', input.maximumShareOfDepth, 1n);
  if (depth.rejection) return depth;
  const part = readStated(input, ['maximumStepShare', 'wholeBelow'], (name, text: string) =>
    readRate(name, text, name === 'maximumStepShare' ? SMALLEST_STEP : 0n),
  );
  if (part.rejection) return part;
  const above = readStated(input, ['stepShareAbove'], (name, text: string) => readTerm(currency, name, text));
  if (above.rejection) return above;
  const remainder = readTerm(currency, 'minimumRemainder', input.minimumRemainder);
  if (remainder.rejection) return remainder;
  const repeats = readWhole('repeatMaximum', input.repeatMaximum, 0, 100);
  if (repeats.rejection) return repeats;
  for (const [field, value, most] of [
    ['repeatWindow', input.repeatWindow, LONGEST_WINDOW],
    ['venueWindow', input.venueWindow, LONGEST_WINDOW],
    ['disputeWindow', input.disputeWindow ?? 0, LONGEST_WINDOW],
    ['stepInterval', input.stepInterval ?? 0, LONGEST_REST],
  ] as const) {
    const span = readSpan(field, value, 0, most);
    if (span.rejection) return span;
  }
  return ok({
    feeRate: read['feeRate'] as LiquidationTerms['feeRate'],
    repeatSurcharge: read['repeatSurcharge'] as LiquidationTerms['repeatSurcharge'],
    slippage: read['slippage'] as LiquidationTerms['slippage'],
    feeShares: shares.ok,
    ...added.ok,
    penaltyTiers: penaltyTiers.ok,
    repeatMaximum: input.repeatMaximum,
    repeatWindow: duration(input.repeatWindow),
    venueWindow: duration(input.venueWindow),
    maximumStepNotional: step.ok,
    maximumShareOfDepth: depth.ok,
    minimumRemainder: remainder.ok,
    ...part.ok,
    ...(input.stepShareOf ? { stepShareOf: input.stepShareOf } : {}),
    ...(input.stepInterval ? { stepInterval: duration(input.stepInterval) } : {}),
    ...(input.stepRest ? { stepRest: input.stepRest } : {}),
    ...above.ok,
    ...(severityTiers.ok.length === 0 ? {} : { severityTiers: severityTiers.ok }),
    ...(input.disputeWindow == null ? {} : { disputeWindow: duration(input.disputeWindow) }),
  });
}

function readShares(input: LiquidationTermsInput['feeShares']): Checked<FeeShares> {
  const shares = {
    liquidator: readRate('liquidator', input.liquidator),
    fund: readRate('fund', input.fund),
    house: readRate('house', input.house),
  };
  for (const share of Object.values(shares)) if (share.rejection) return share;
  const [liquidator, fund, house] = [shares.liquidator.ok, shares.fund.ok, shares.house.ok] as [
    FeeShares['liquidator'],
    FeeShares['fund'],
    FeeShares['house'],
  ];
  return liquidator + fund + house === RATE_ONE
    ? ok({ liquidator, fund, house })
    : refused('SHARES_NOT_ONE', { ...input });
}

/** Each further tier begins lower, and none is milder than the one before. */
function readSeverityTiers(input: LiquidationTermsInput): Checked<readonly SeverityTier[]> {
  const tiers: SeverityTier[] = [];
  for (const [i, tier] of (input.severityTiers ?? []).entries()) {
    const below = readRate('severityTiers', tier.below, 0n, 1000n * RATE_ONE);
    if (below.rejection) return below;
    const surcharge = readRate('severityTiers', tier.rate);
    if (surcharge.rejection) return surcharge;
    const before = tiers[i - 1];
    if (before && below.ok >= before.below)
      return refused('TIERS_NOT_CONTIGUOUS', { tier: String(i + 1), field: 'severityTiers' });
    if (before && surcharge.ok < before.rate)
      return refused('TIERS_NOT_RISING', { tier: String(i + 1), field: 'severityTiers' });
    tiers.push({ below: below.ok, rate: surcharge.ok });
  }
  return ok(tiers);
}

function readPenaltyTiers(currency: Currency, input: LiquidationTermsInput): Checked<readonly PenaltyTier[]> {
  const tiers: PenaltyTier[] = [];
  for (const [i, tier] of input.penaltyTiers.entries()) {
    const floor = readCash(currency, tier.floor);
    if (floor.rejection) return floor;
    const rate = readRate('penaltyTiers', tier.rate);
    if (rate.rejection) return rate;
    const above: Cash | undefined = tiers[i - 1]?.floor;
    const rising = above === undefined ? floor.ok === 0n : floor.ok > above;
    if (!rising) return refused('TIERS_NOT_CONTIGUOUS', { tier: String(i + 1), field: 'penaltyTiers' });
    tiers.push({ floor: floor.ok, rate: rate.ok });
  }
  return ok(tiers);
}

export function setMarginPolicy(desk: Desk, terms: MarginPolicy): void {
  desk.emit({ type: 'MarginPolicySet', terms });
  if (terms.effectiveAt <= desk.at)
    desk.emit({ type: 'MarginPolicyActivated', policy: terms.id, version: terms.version });
}

export function onMarginPolicySet(state: State, { terms }: EventOf<'MarginPolicySet'>): void {
  state.pendingPolicies.set(terms.id, terms);
  state.deadlines.set(`policy/${terms.id}`, terms.effectiveAt);
}

export function onMarginPolicyActivated(state: State, event: EventOf<'MarginPolicyActivated'>): void {
  noteFormer(state, 'policies', event.policy, state.policies.get(event.policy));
  state.policies.set(event.policy, known(state.pendingPolicies.get(event.policy), 'Pending policy', event.policy));
  state.pendingPolicies.delete(event.policy);
  state.deadlines.set(`policy/${event.policy}`, undefined);
  for (const id of state.book.accountIds()) if (state.book.account(id)?.policy === event.policy) state.due.add(id);
}
