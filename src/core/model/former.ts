/**
 * Terms that were in force and were replaced: what moves a level calls first, and closes nobody out before.  Ruling 12
 */

import type { Instant, Seq } from '../../units/quantity';
import { kind, type RecordOf } from '../kind/kind';
import { COLLATERAL_IN_FORCE } from './collateral';
import { MARGIN_POLICY } from './policy';
import { TIER_SCHEDULE } from './tiers';

/** Terms that move a level, by the part of the state in which they are: of an instrument what it is margined by. */
export const FORMER_TERMS = {
  listings: kind.record({ tiers: kind.nullable(TIER_SCHEDULE) }),
  policies: MARGIN_POLICY,
  collateral: COLLATERAL_IN_FORCE,
};
export type TermsPart = keyof typeof FORMER_TERMS;
export type TermsIn = { readonly [Part in TermsPart]: RecordOf<(typeof FORMER_TERMS)[Part]> };

/** In force until an entry replaced them. */
export interface Former<Part extends TermsPart = TermsPart> {
  readonly entry: Seq;
  readonly at: Instant;
  readonly terms: TermsIn[Part];
}
