/**
 * Whether an account is closed out at its level: by the terms in force, and by those from before a change that its call
 * is held to.  Ruling 12
 */

import { known } from '../../units/failure';
import type { Seq } from '../../units/quantity';
import type { MarginCall } from '../model/call';
import type { MarginPolicy } from '../model/policy';
import type { View } from '../model/state';
import { termsBefore } from '../reference/former';
import { isBelow } from './level';
import { type Picture, pictureOf } from './picture';
import { type Standing, standingOf } from './standing';

export const policyOf = ({ picture }: Standing): MarginPolicy =>
  known(picture.policy, 'Margin policy', picture.account.policy);

/**
 * Where an account would stand at the prices of now under the terms from before an entry; undefined where none of its
 * terms changed since.
 */
export function standingBefore(view: View, { picture }: Standing, entry: Seq | undefined): Standing | undefined {
  return entry !== undefined && hasOtherTerms(view, picture, entry)
    ? standingOf(pictureOf(view, picture.account.id, entry))
    : undefined;
}

const hasOtherTerms = (view: View, { account, holdings, collateral }: Picture, entry: Seq): boolean =>
  termsBefore(view, 'policies', account.policy, entry) !== undefined ||
  holdings.some(({ instrument }) => termsBefore(view, 'listings', instrument.id, entry)) ||
  collateral.some(({ currency }) => termsBefore(view, 'collateral', currency, entry));

/**
 * Where an account with an open call would stand under the terms that the call is held to; undefined where those are in
 * force.
 */
export function heldTo(view: View, standing: Standing): Standing | undefined {
  const call = view.calls.get(view.callOf.get(standing.picture.account.id) ?? '');
  return call && standingBefore(view, standing, call.termsBefore);
}

/** Whether equity has fallen below the level at which the window of an open call is cut.  B1-5 */
export function isAtCloseOut(view: View, standing: Standing, call: MarginCall): boolean {
  if (!isBelow(standing.equity, policyOf(standing).closeOut, standing)) return false;
  const before = standingBefore(view, standing, call.termsBefore);
  return !before || isBelow(before.equity, policyOf(before).closeOut, before);
}
