/** Curves of models whose requirement at a notional depends on the holding. */

import type { Curve, CurveByHolding, Held } from '../../model/margin';
import type { TierSchedule } from '../../model/tiers';

/** For each schedule one and the same object, as whoever asks goes by whether it is the same. */
export function curvesByHolding<Terms extends { readonly schedule: TierSchedule }>(
  curveOf: (terms: Terms, held: Held) => Curve,
): (terms: Terms) => CurveByHolding {
  const made = new WeakMap<TierSchedule, CurveByHolding>();
  return (terms) => {
    const known = made.get(terms.schedule);
    if (known) return known;
    const curve = { curveFor: (held: Held) => curveOf(terms, held) };
    made.set(terms.schedule, curve);
    return curve;
  };
}
