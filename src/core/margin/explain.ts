/**
 * Where a figure comes from, line by line: the lines sum to the figure, to the last digit. The parts are those the
 * figure itself is made of, so an explanation cannot drift from what decides.  Rule: RMR-3
 */

import { type Margin, marginOf, minus, NO_MARGIN, negate, RATE_ONE } from '../../units/quantity';
import { formatRatio, ratio } from '../../units/ratio';
import type { AccountId } from '../model/account';
import { slicesOf } from '../model/collateral';
import type { CurrencyId } from '../model/reference';
import type { View } from '../model/state';
import { gainAt } from '../position/value';
import { equityOf } from './equity';
import { type HeldBack, heldBackOf } from './leaving';
import type { Line } from './model/model';
import { explainSets } from './model/models';
import { type Collateral, type Picture, pictureOf, valueOfWeight } from './picture';
import { openingOf, requirementOf } from './requirement';

export interface Explanation {
  readonly equity: Margin;
  readonly equityLines: readonly Line[];
  readonly initial: Margin;
  readonly initialLines: readonly Line[];
  readonly maintenance: Margin;
  readonly maintenanceLines: readonly Line[];
  readonly opening: Margin;
  readonly openingLines: readonly Line[];
  readonly heldBack: Margin;
  readonly heldBackLines: readonly Line[];
}

const EMPTY: Omit<Line, 'kind' | 'subject' | 'amount'> = {
  tier: null,
  base: null,
  rate: null,
  share: null,
  input: null,
};

export function explainAccount(view: View, account: AccountId): Explanation {
  const picture = pictureOf(view, account);
  const heldBack = heldBackOf(view, picture);
  const { initial, maintenance } = requirementOf(picture);
  return {
    equity: equityOf(picture),
    equityLines: equityLines(picture),
    initial,
    initialLines: explainSets(picture.holdings, 'initial'),
    maintenance,
    maintenanceLines: explainSets(picture.holdings, 'maintenance'),
    opening: openingOf(picture),
    openingLines: explainSets(picture.holdings, 'opening'),
    heldBack: marginOf(heldBack.amount),
    heldBackLines: heldBackLines(picture.account.currency, heldBack),
  };
}

/** Ruling 18 */
function heldBackLines(currency: CurrencyId, { gains, counted, offset }: HeldBack): Line[] {
  const lines = gains.map(
    ({ instrument, held }): Line => ({ ...EMPTY, kind: 'HELD_GAIN', subject: instrument, amount: marginOf(held) }),
  );
  if (counted > 0n) lines.push({ ...EMPTY, kind: 'LOST_SINCE', subject: currency, amount: marginOf(negate(counted)) });
  if (offset > 0n) lines.push({ ...EMPTY, kind: 'LOSS_NOT_OFFSET', subject: currency, amount: marginOf(offset) });
  return lines;
}

function equityLines({ account, cash: held, collateral, holdings }: Picture): Line[] {
  return [
    { ...EMPTY, kind: 'CASH', subject: account.currency, amount: marginOf(held) },
    ...holdings.map(({ instrument, position, mark, markSeq }): Line => {
      const amount = gainAt(instrument, position, mark);
      return { ...EMPTY, kind: 'UNREALISED', subject: instrument.id, input: `${mark}@${markSeq}`, amount };
    }),
    ...collateral.flatMap(collateralLines),
  ];
}

/** A line for each haircut: of what amounts come to up to there, rounded down each time, the differences. */
function collateralLines({ currency, amount, terms, price, priceSeq, worth }: Collateral): Line[] {
  let [weight, below] = [0n, NO_MARGIN];
  return slicesOf(terms, amount, 'MAINTENANCE').map((slice, i, slices): Line => {
    weight += slice.amount * (RATE_ONE - slice.haircut);
    const upTo = worth ? valueOfWeight(worth, weight) : NO_MARGIN;
    const line = minus(upTo, below);
    below = upTo;
    return {
      ...EMPTY,
      kind: 'COLLATERAL',
      subject: currency,
      tier: slices.length === 1 ? null : i + 1,
      rate: formatRatio(ratio(slice.haircut, RATE_ONE)),
      input: price === null ? null : `${price}@${priceSeq}`,
      amount: line,
    };
  });
}
