/**
 * What terms of collateral say besides one haircut: brackets by amount, haircuts of their own for new risk, limits, and
 * by what a haircut is measured.  Rule: RB-4
 */

import { duration, greatest, RATE_ONE, type Rate } from '../../units/quantity';
import { compareRatios, parseRatio, ratio } from '../../units/ratio';
import type { HaircutBasisInput, HaircutBracketInput } from '../message/collateralInputs';
import type { CommandOf } from '../message/command';
import { type Checked, ok, refused } from '../message/rejection';
import type { CollateralVariants, HaircutBasis, HaircutBracket } from '../model/collateral';
import type { Currency } from '../model/reference';
import { readRate, readSpan, readTerm } from './reading';

const MOST_BRACKETS = 20;
const DAY = 86_400_000;
const YEAR = BigInt(365 * DAY);
/** No volatility is above, and no multiple: beyond it is a slip of the pen. */
const MOST = 100n;

type Asked = CommandOf<'SetCollateralTerms'>;

/** What terms say besides one haircut, as far as they say anything. */
export function variantsOf(terms: CollateralVariants): CollateralVariants | undefined {
  const { openingHaircut, brackets, accountLimit, houseLimit, wrongWayHaircut, basis } = terms;
  const variants = { openingHaircut, brackets, accountLimit, houseLimit, wrongWayHaircut, basis };
  const said = Object.entries(variants).filter(([, value]) => value !== undefined);
  return said.length === 0 ? undefined : (Object.fromEntries(said) as CollateralVariants);
}

/** Errors: TOO_MANY_DIGITS, VALUE_OUT_OF_RANGE. */
export function readVariants(currency: Currency, command: Asked, haircut: Rate): Checked<CollateralVariants> {
  const basis = readBasis(command.basis ?? null, haircut, command.haircut);
  if (basis.rejection) return basis;
  const opening = readOpening(command.openingHaircut ?? null, haircut);
  if (opening.rejection) return opening;
  const brackets = readBrackets(currency, command.brackets ?? [], { haircut, openingHaircut: opening.ok ?? haircut });
  if (brackets.rejection) return brackets;
  const last = brackets.ok.at(-1)?.above ?? 0n;
  const limits = readLimits(currency, command, last);
  if (limits.rejection) return limits;
  const wrongWay = readRateOrNone('wrongWayHaircut', command.wrongWayHaircut ?? null);
  if (wrongWay.rejection) return wrongWay;
  return ok({
    ...(opening.ok !== undefined && { openingHaircut: opening.ok }),
    ...(brackets.ok.length > 0 && { brackets: brackets.ok }),
    ...limits.ok,
    ...(wrongWay.ok !== undefined && { wrongWayHaircut: wrongWay.ok }),
    ...(basis.ok && { basis: basis.ok }),
  });
}

const readRateOrNone = (field: string, text: string | null, least = 0n): Checked<Rate | undefined> =>
  text === null ? ok(undefined) : readRate(field, text, least);

/** The same as the other haircut is none of its own. */
function readOpening(text: string | null, haircut: Rate): Checked<Rate | undefined> {
  const opening = readRateOrNone('openingHaircut', text, haircut);
  return opening.rejection || opening.ok !== haircut ? opening : ok(undefined);
}

/** Amounts that rise, and haircuts that never fall: so more of it never counts for less, and never for more a unit. */
function readBrackets(
  currency: Currency,
  inputs: readonly HaircutBracketInput[],
  first: Pick<HaircutBracket, 'haircut' | 'openingHaircut'>,
): Checked<readonly HaircutBracket[]> {
  if (inputs.length > MOST_BRACKETS)
    return refused('VALUE_OUT_OF_RANGE', { field: 'brackets', value: String(inputs.length) });
  const brackets: HaircutBracket[] = [];
  for (const input of inputs) {
    const before = brackets.at(-1) ?? { above: 0n, ...first };
    const above = readTerm(currency, 'above', input.above);
    if (above.rejection) return above;
    if (above.ok <= before.above) return refused('VALUE_OUT_OF_RANGE', { field: 'above', value: input.above });
    const haircut = readRate('haircut', input.haircut, before.haircut);
    if (haircut.rejection) return haircut;
    const least = greatest(before.openingHaircut, haircut.ok);
    const opening = input.openingHaircut === null ? ok(least) : readRate('openingHaircut', input.openingHaircut, least);
    if (opening.rejection) return opening;
    brackets.push({ above: above.ok, haircut: haircut.ok, openingHaircut: opening.ok });
  }
  return ok(brackets);
}

type Limits = Pick<CollateralVariants, 'accountLimit' | 'houseLimit'>;

/** An account's limit ends the last bracket. */
function readLimits(currency: Currency, command: Asked, last: bigint): Checked<Limits> {
  const { accountLimit = null, houseLimit = null } = command;
  const account = accountLimit === null ? ok(undefined) : readTerm(currency, 'accountLimit', accountLimit);
  if (account.rejection) return account;
  if (account.ok !== undefined && account.ok <= last)
    return refused('VALUE_OUT_OF_RANGE', { field: 'accountLimit', value: accountLimit ?? '' });
  const house = houseLimit === null ? ok(undefined) : readTerm(currency, 'houseLimit', houseLimit);
  if (house.rejection) return house;
  return ok({
    ...(account.ok !== undefined && { accountLimit: account.ok }),
    ...(house.ok !== undefined && { houseLimit: house.ok }),
  });
}

/** Whether the haircut covers what it is said to be measured by: both sides squared, so that no root is rounded. */
function readBasis(input: HaircutBasisInput | null, haircut: Rate, shown: string): Checked<HaircutBasis | undefined> {
  if (input === null) return ok(undefined);
  const volatility = readRate('volatility', input.volatility, 0n, MOST * RATE_ONE);
  if (volatility.rejection) return volatility;
  const multiple = parseRatio(input.multiple);
  if (multiple.numerator <= 0n || compareRatios(multiple, ratio(MOST)) > 0)
    return refused('VALUE_OUT_OF_RANGE', { field: 'multiple', value: input.multiple });
  const horizon = readSpan('horizon', input.horizon, 60_000, 366 * DAY);
  if (horizon.rejection) return horizon;
  const covered = (haircut * multiple.denominator) ** 2n * YEAR;
  const least = (volatility.ok * multiple.numerator) ** 2n * BigInt(horizon.ok);
  return covered < least
    ? refused('VALUE_OUT_OF_RANGE', { field: 'haircut', value: shown })
    : ok({ volatility: volatility.ok, multiple, horizon: duration(horizon.ok) });
}
