/** The contracts of the proof whose rates grow with size, differ by side, or are taken at the entry.  MT-6 to MT-8 */

import type { CommandOf } from '../../src/core/message/command';
import { type Part, RATES, type Varied } from '../oracle/varied';
import type { Contract } from '../oracle/watchOracle';
import { TIERS } from './proofHouse';

/** Of the contracts that are not scaled by open interest, in turn. */
const VARIED: readonly Varied[] = [
  {
    growth: {
      ...{ root: false, units: 1n, kept: [1n, 1n], step: 1n },
      factor: { initial: [1n, 2_000_000n], maintenance: [1n, 5_000_000n] },
    },
    short: { initial: 250n, maintenance: 90n },
    atEntry: [],
  },
  {
    growth: {
      ...{ root: true, units: 1_000n, kept: [4n, 5n], step: 100_000_000n },
      factor: { initial: [1n, 200_000n], maintenance: [1n, 300_000n] },
    },
    atEntry: [],
  },
  { atEntry: ['maintenance'] },
];

export function variedContract(i: number): Pick<Contract, 'varied' | 'tiers'> {
  const varied = VARIED[(i / 2) % 3];
  if (i % 2 === 1 || !varied) return { tiers: TIERS };
  const lowest = TIERS.slice(0, 1).map((tier) => ({ ...tier, cap: null }));
  return { varied, tiers: varied.atEntry.length > 0 ? TIERS : lowest };
}

const fraction = ([above, below]: Part): string => `${above}/${below}`;

/** The same as the house is told. */
export function variedTerms(varied: Varied | undefined): Partial<CommandOf<'SetTierSchedule'>> {
  if (!varied) return {};
  const { growth, short, atEntry } = varied;
  return {
    ...(growth && {
      growth: {
        shape: growth.root ? 'SQUARE_ROOT' : 'LINEAR',
        initialFactor: fraction(growth.factor.initial),
        maintenanceFactor: fraction(growth.factor.maintenance),
        keptShare: fraction(growth.kept),
        step: `0.${String(growth.step).padStart(12, '0')}`,
      },
    }),
    ...(short && {
      short: { initialRate: `${short.initial}/${RATES}`, maintenanceRate: `${short.maintenance}/${RATES}` },
    }),
    ...(atEntry.includes('maintenance') && { maintenanceAt: 'ENTRY' as const }),
  };
}
