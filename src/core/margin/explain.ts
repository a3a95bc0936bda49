/**
 * Where a figure comes from, line by line: the lines sum to the figure, to the last digit. The parts are those the
 * figure itself is made of, so an explanation cannot drift from what decides.  Rule: RMR-3
 */

import { abs, type Cash, cash, MARGIN_PER_CASH, type Margin, margin, marginOf, NO_MARGIN, plus, total } from '../../units/quantity';
import { formatRatio, ratio } from '../../units/ratio';
import { exposureOf } from '../book/exposure';
import type { AccountId } from '../model/account';
import type { View } from '../model/state';
import type { MarginTier, TierSchedule } from '../model/tiers';
import { unrealisedOf } from '../position/value';
import { equityOf } from './equity';
import { type Holding, type Picture, pictureOf } from './picture';
import { type Requirement, requirementOf, requirementOfHolding } from './requirement';

/** One part of a figure. Which fields are set depends on its kind. */
export interface Line {
  readonly kind: 'CASH' | 'UNREALISED' | 'COLLATERAL' | 'TRANCHE' | 'CHOSEN_LEVERAGE';
  readonly subject: string; // instrument or currency
  readonly tier: number | null; // of a tranche, 1 is the lowest
  readonly base: Cash | null; // of a tranche: notional of the owner in that tier
  readonly rate: string | null; // rate of the tranche, haircut of collateral
  readonly share: string | null; // of a tranche: this account's part of the owner's exposure
  readonly input: string | null; // price the line was computed at, in ticks, with the journal entry that set it: price@seq
  readonly amount: Margin;
}

export interface Explanation {
  readonly equity: Margin;
  readonly equityLines: readonly Line[];
  readonly initial: Margin;
  readonly initialLines: readonly Line[];
  readonly maintenance: Margin;
  readonly maintenanceLines: readonly Line[];
}

const EMPTY: Omit<Line, 'kind' | 'subject' | 'amount'> = { tier: null, base: null, rate: null, share: null, input: null };

export const explainAccount = (view: View, account: AccountId): Explanation => explain(pictureOf(view, account));

export function explain(picture: Picture): Explanation {
  const { initial, maintenance } = requirementOf(picture);
  return {
    equity: equityOf(picture),
    equityLines: equityLines(picture),
    initial,
    initialLines: picture.holdings.flatMap((holding) => trancheLines(holding, 'initial')),
    maintenance,
    maintenanceLines: picture.holdings.flatMap((holding) => trancheLines(holding, 'maintenance')),
  };
}

function equityLines({ account, cash: held, collateral, holdings }: Picture): Line[] {
  return [
    { ...EMPTY, kind: 'CASH', subject: account.currency, amount: marginOf(held) },
    ...holdings.map(({ instrument, position, mark, markSeq }): Line => {
      const amount = marginOf(unrealisedOf(instrument, position, mark));
      return { ...EMPTY, kind: 'UNREALISED', subject: instrument.id, input: `${mark}@${markSeq}`, amount };
    }),
    ...collateral.map(({ currency, price, priceSeq, haircut, value }): Line => {
      const rate = formatRatio(ratio(haircut, 10n ** 12n));
      return {
        ...EMPTY,
        kind: 'COLLATERAL',
        subject: currency,
        rate,
        input: price === null ? null : `${price}@${priceSeq}`,
        amount: value,
      };
    }),
  ];
}

/** A requirement tier by tier: each slice of the owner's notional at its rate, this account's share of it. */
function trancheLines(holding: Holding, which: keyof Requirement): Line[] {
  const { instrument, tiers, mark, markSeq, position, otherLots } = holding;
  const lots = exposureOf(position);
  const ownerLots = plus(lots, otherLots);
  const notional = cash(abs(mark) * instrument.tickValue * ownerLots);
  const slices = slicesOf(tiers, notional);
  const figure = requirementOfHolding({ ...holding, leverage: null })[which];
  let left = figure;
  const lines = slices.map(({ tier, ordinal, slice }, i): Line => {
    const rate = tier[`${which}Rate`];
    const exact = ownerLots === 0n ? 0n : (slice * rate * lots * MARGIN_PER_CASH) / (tiers.denominator * ownerLots);
    // The last slice takes what rounding left, so that the lines sum to the figure.
    const amount = i === slices.length - 1 ? left : margin(exact);
    left = margin(left - amount);
    const line = {
      tier: ordinal,
      base: slice,
      rate: formatRatio(ratio(rate, tiers.denominator)),
      share: ownerLots === 0n ? '1' : formatRatio(ratio(lots, ownerLots)),
    };
    return { ...EMPTY, kind: 'TRANCHE', subject: instrument.id, ...line, input: `${mark}@${markSeq}`, amount };
  });
  return [...lines, ...chosenLeverageLines(holding, which, figure)];
}

/** What the leverage its holder chose asks for above the tiers. */
function chosenLeverageLines(holding: Holding, which: keyof Requirement, byTiers: Margin): Line[] {
  const more = margin(requirementOfHolding(holding)[which] - byTiers);
  if (more === 0n || holding.leverage === null) return [];
  const rate = formatRatio(ratio(holding.leverage.denominator, holding.leverage.numerator));
  return [
    { ...EMPTY, kind: 'CHOSEN_LEVERAGE', subject: holding.instrument.id, rate, input: `${holding.mark}@${holding.markSeq}`, amount: more },
  ];
}

function slicesOf({ tiers }: TierSchedule, notional: Cash): { tier: MarginTier; ordinal: number; slice: Cash }[] {
  const reached = tiers.filter((tier, i) => i === 0 || notional > tier.floor);
  return reached.map((tier, i) => {
    const last = i === reached.length - 1;
    const top = last ? notional : (tier.cap as Cash);
    return { tier, ordinal: i + 1, slice: cash(top - tier.floor) };
  });
}

/** The sum of lines: equal to the figure they explain. */
export const sumOf = (lines: readonly Line[]): Margin => plus(NO_MARGIN, total(lines.map((line) => line.amount)));
