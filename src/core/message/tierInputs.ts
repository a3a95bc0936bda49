/** Parts of the command that sets margin tiers. */

import { kind } from '../kind/kind';
import { GROWTH_SHAPE } from '../model/tiers';
import type { AskedOf } from './definition';

export const TIER_INPUT = kind.part(
  'TierInput',
  'One bracket of a tier schedule. The first starts at zero. Each other starts where the one before ends.',
  {
    floor: kind.cash('currency', 'The lower end of the bracket, in the settlement currency.'),
    cap: kind.nullable(
      kind.cash(
        'currency',
        'The upper end of the bracket, in the settlement currency. Null in the last bracket means no limit.',
      ),
    ),
    initialRate: kind.nullable(
      kind.ratio('Initial margin as a share of notional. Null means initialPerMaintenance x the maintenance rate.'),
    ),
    maintenanceRate: kind.nullable(
      kind.ratio('Maintenance margin as a share of notional. Null means maintenancePerInitial x the initial rate.'),
    ),
    deduction: kind.nullable(
      kind.cash(
        'currency',
        'The deduction from maintenance margin. If it is stated, it must be the one that makes the table continuous.',
      ),
    ),
  },
);
export type TierInput = AskedOf<typeof TIER_INPUT>;

export const RATE_GROWTH_INPUT = kind.part(
  'RateGrowthInput',
  'Rates that grow with the size the owner holds. The rate of the whole holding is the larger of the rate in the ' +
    'table, and of keptShare x that rate + factor x the size or its root.',
  {
    shape: kind.oneOf(GROWTH_SHAPE, 'What the growth is proportional to.'),
    initialFactor: kind.ratio(
      'The growth of the initial rate for one unit of the underlying, or of its root. Of an inverse contract a unit is ' +
        'one of the quote currency. It is never below maintenanceFactor.',
    ),
    maintenanceFactor: kind.ratio('The growth of the maintenance rate.'),
    keptShare: kind.or(kind.ratio('The share of the rate in the table to which the growth is added, 0 to 1.'), '1'),
    step: kind.nullable(
      kind.rate(
        'Rates are whole steps: what is kept of the table is rounded up, the growth down. Null means exact, and of a ' +
          'root 12 digits.',
      ),
    ),
  },
);

export const SHORT_RATES_INPUT = kind.part('ShortRatesInput', 'Rates of what is short.', {
  initialRate: kind.nullable(kind.ratio('Initial margin as a share of notional, as in a bracket.')),
  maintenanceRate: kind.nullable(kind.ratio('Maintenance margin as a share of notional, as in a bracket.')),
});
