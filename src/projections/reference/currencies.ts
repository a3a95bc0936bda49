/** Currencies, what they count as collateral, members.  Rules: QC-1, RB-4, X-6 */

import { readerOf } from '../../core/kind/json';
import type { EventOf } from '../../core/message/event';
import { COLLATERAL_VARIANTS, type CollateralTerms } from '../../core/model/collateral';
import { variantsOf } from '../../core/reference/collateralVariants';
import { CLEARINGHOUSE } from '../../core/reference/members';
import type { Queries } from '../../store/client';
import type { Batch, Moment } from '../rows/batch';
import { orNull, rateOf, rateText, timeOf, timeText } from '../rows/decimals';
import type { Shared } from '../rows/memory';
import { jsonOf } from '../rows/parts';
import { milliseconds, select } from '../rows/rows';

interface SelectedTerms extends Pick<CollateralTerms, 'currency' | 'version' | 'eligible'> {
  readonly haircut: string;
  readonly discount: string;
  readonly ranOff: boolean;
  readonly runsOff: number | null;
  readonly variants: unknown;
}

const readVariants = readerOf(COLLATERAL_VARIANTS);

export async function loadCurrencies(
  sql: Queries,
  { currencies, collateral }: Pick<Shared, 'currencies' | 'collateral'>,
): Promise<void> {
  for (const row of await select<{ id: string; scale: number }>(
    sql,
    'SELECT "id", "scale" FROM "Currency" ORDER BY "id"',
  )) {
    currencies.set(row.id, row);
  }
  const terms = await select<SelectedTerms>(
    sql,
    `SELECT DISTINCT ON ("currency") "currency", "version", "haircut"::text, "conversionDiscount"::text AS discount,
      "eligible", "ranOff", "variants",
       ${milliseconds('"runOffDate"')} AS "runsOff"
     FROM "CollateralTerms" ORDER BY "currency", "version" DESC`,
  );
  for (const { currency, version, haircut, discount, eligible, ranOff, runsOff, variants } of terms) {
    collateral.set(currency, {
      ...{ currency, version, haircut: rateOf(haircut), conversionDiscount: rateOf(discount), eligible },
      ...(runsOff === null ? {} : { runOffDate: timeOf(runsOff) }),
      ...(ranOff ? { ranOff } : {}),
      ...(variants === null ? {} : readVariants(variants)),
    });
  }
}

export function onCurrencyDefined({ rows }: Batch, { definition }: EventOf<'CurrencyDefined'>): void {
  rows.insert('Currency', { id: definition.id, scale: definition.scale });
}

export function onCollateralTermsSet(
  { rows }: Batch,
  { terms }: EventOf<'CollateralTermsSet'>,
  { seq, at }: Moment,
): void {
  const variants = variantsOf(terms);
  rows.insert('CollateralTerms', {
    currency: terms.currency,
    version: terms.version,
    haircut: rateText(terms.haircut),
    conversionDiscount: rateText(terms.conversionDiscount),
    eligible: terms.eligible,
    runOffDate: orNull(terms.runOffDate ?? null, timeText),
    ranOff: false,
    variants: variants ? jsonOf(variants) : null,
    setAt: timeText(at),
    setSeq: seq,
  });
}

export function onCollateralRanOff({ rows }: Batch, { currency, version }: EventOf<'CollateralRanOff'>): void {
  rows.update('CollateralTerms', { currency, version, ranOff: true });
}

const NEVER_OTHERWISE = { status: 'ACTIVE', reason: null, since: null } as const;

export function onMemberAdmitted({ rows }: Batch, { member, name }: EventOf<'MemberAdmitted'>, { at }: Moment): void {
  rows.insert('Member', { id: member, name, at: timeText(at), ...NEVER_OTHERWISE });
}

/**
 * The house's own accounts are under a member nobody admitted: its row comes with the first currency, which no other
 * precedes.
 */
export function admitClearinghouse({ rows, state }: Batch, { at }: Moment): void {
  if (state.currencies.size === 1)
    rows.insert('Member', { id: CLEARINGHOUSE, name: 'Clearinghouse', at: timeText(at), ...NEVER_OTHERWISE });
}
