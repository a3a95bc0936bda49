/** A tier schedule as it is sent. */

import { InputType } from 'type-graphql';
import { ABSENT, Amount, Share } from '../schema/fields';

@InputType({ description: 'One bracket of a tier schedule. The first starts at zero, each where the one before ends.' })
export class TierInput {
  @Amount('From this notional, in the settlement currency.')
  floor!: string;

  @Amount('Up to this notional, in the settlement currency; null in the last bracket for no limit.', ABSENT)
  cap!: string | null;

  @Share('Initial margin as a share of notional.')
  initialRate!: string;

  @Share('Maintenance margin as a share of notional.')
  maintenanceRate!: string;

  @Amount('Deduction from maintenance margin; if stated it must be the one that makes the table continuous.', ABSENT)
  deduction!: string | null;
}
