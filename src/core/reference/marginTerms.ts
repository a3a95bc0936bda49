/** Which margin model an instrument is under, and its terms. */

import { known } from '../../units/failure';
import type { MarginTerms } from '../model/margin';
import type { Listing } from '../model/state';
import type { TierSchedule } from '../model/tiers';

/** Whether there is anything to margin a position by. */
export const isMargined = ({ tiers }: Pick<Listing, 'tiers'>): boolean => tiers !== null;

export const marginTermsOf = ({ instrument, tiers }: Pick<Listing, 'instrument' | 'tiers'>): MarginTerms =>
  tieredBy(known(tiers ?? undefined, 'Margin tiers', instrument.id));

export const tieredBy = (schedule: TierSchedule): MarginTerms => ({ model: 'TIERED', schedule });
