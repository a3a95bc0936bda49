/**
 * Margin by position size whose figures, one or both, are taken at what a position was entered at: they stand still
 * when the mark moves, as at BitMEX and Bybit. Orders without a position are valued at the mark.
 * Rule: MT-8
 */

import { abs, greatest, MARGIN_PER_CASH, type Margin, minus, plus, type Size, total } from '../../../units/quantity';
import { type Ratio, ratio } from '../../../units/ratio';
import { divUp } from '../../../units/rounding';
import { exposureOf } from '../../book/exposure';
import type { EntryTerms, Held } from '../../model/margin';
import type { MarginTier, TierSchedule } from '../../model/tiers';
import { costOf } from '../../product/posting';
import { tierAt } from '../../reference/tiers';
import { curvesByHolding } from './byHolding';
import type { Line, MarginModel, Requirement, Under } from './model';
import { BY_TIERS, chosenInitial, lotWorth, requirementFrom, trancheLines } from './tiered';

type Entered = Under<EntryTerms>;
type Which = keyof Requirement;

const isAtEntry = (schedule: TierSchedule, which: Which): boolean => schedule[`${which}At`] === 'ENTRY';

/** What one lot was entered at, without sign; nothing without a position. */
function entryOf({ position }: Pick<Held, 'position'>): Ratio | undefined {
  if (position.size === 0n) return undefined;
  return ratio(abs(costOf(position)), abs(position.size) * MARGIN_PER_CASH);
}

/** What lots of a holding ask for, if a lot was entered at `entry`. */
function askedFor(
  { instrument, terms, mark, otherLots, leverage }: Entered,
  lots: Size,
  entry: Ratio | undefined,
): Requirement {
  const { schedule } = terms;
  const ownerLots = plus(lots, otherLots);
  const now = lotWorth(instrument, mark);
  const marked = requirementFrom(instrument, schedule, lots, ownerLots, now, leverage);
  if (entry === undefined) return marked;
  const entered = requirementFrom(instrument, schedule, lots, ownerLots, entry);
  // The leverage that its holder chose is one of the present notional.
  const chosen = leverage === null ? entered.initial : greatest(entered.initial, chosenInitial(lots, now, leverage));
  return {
    initial: isAtEntry(schedule, 'initial') ? chosen : marked.initial,
    maintenance: isAtEntry(schedule, 'maintenance') ? entered.maintenance : marked.maintenance,
  };
}

const requirementOfHolding = (holding: Entered): Requirement =>
  askedFor(holding, exposureOf(holding.position), entryOf(holding));

function requirement(set: readonly Entered[]): Requirement {
  const each = set.map(requirementOfHolding);
  return {
    initial: total(each.map((part) => part.initial)),
    maintenance: total(each.map((part) => part.maintenance)),
  };
}

/** What is left was entered at the same price. */
function attribute(_set: readonly Entered[], holding: Entered, lots: Size): Requirement {
  const before = requirementOfHolding(holding);
  const after = askedFor(holding, minus(abs(holding.position.size), lots), entryOf(holding));
  return { initial: minus(before.initial, after.initial), maintenance: minus(before.maintenance, after.maintenance) };
}

function explainHolding(holding: Entered, which: Which): Line[] {
  const entry = isAtEntry(holding.terms.schedule, which) ? entryOf(holding) : undefined;
  return trancheLines(holding, which, entry);
}

/** The table over the notional at the mark, where a figure that is taken at the entry is the same everywhere. */
function curveOfHolding({ schedule }: EntryTerms, held: Held): TierSchedule {
  const entry = entryOf(held);
  if (entry === undefined) return schedule;
  const ownerLots = exposureOf(held.position) + held.otherLots;
  const tier = tierAt(schedule, divUp(entry.numerator * ownerLots, entry.denominator));
  const still = (which: Which): bigint =>
    tier[`${which}Deduction`] * entry.denominator - entry.numerator * ownerLots * tier[`${which}Rate`];
  const figure = (piece: MarginTier, which: Which): readonly [rate: bigint, deduction: bigint] =>
    isAtEntry(schedule, which)
      ? [0n, still(which)]
      : [piece[`${which}Rate`] * entry.denominator, piece[`${which}Deduction`] * entry.denominator];
  const tiers = schedule.tiers.map((piece): MarginTier => {
    const [initialRate, initialDeduction] = figure(piece, 'initial');
    const [maintenanceRate, maintenanceDeduction] = figure(piece, 'maintenance');
    return { ...piece, initialRate, initialDeduction, maintenanceRate, maintenanceDeduction };
  });
  return { ...schedule, denominator: schedule.denominator * entry.denominator, tiers };
}

export const ENTRY: MarginModel<EntryTerms> = {
  termsOf: ({ tiers }) =>
    tiers && (isAtEntry(tiers, 'initial') || isAtEntry(tiers, 'maintenance'))
      ? { model: 'ENTRY', schedule: tiers }
      : null,
  requirement,
  opening: (set): Margin => requirement(set).initial,
  explain: (set, which) => set.flatMap((holding) => explainHolding(holding, which === 'opening' ? 'initial' : which)),
  attribute,
  // What closing costs is of the mark, what it frees of the entry: the search does it.
  fewestLots: () => undefined,
  screen: curvesByHolding(curveOfHolding),
  limit: BY_TIERS.limit,
};
