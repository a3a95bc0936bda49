/** What the layers before a named one could bear now: how much of a loss would never reach it. Changes nothing. */

import { known } from '../../../units/failure';
import { type Cash, cash, plus, total } from '../../../units/quantity';
import type { LossLayer } from '../../model/policy';
import type { CurrencyId } from '../../model/reference';
import type { View } from '../../model/state';
import type { PoolId } from '../../model/waterfall';
import { closeOutIdOf } from '../../reference/accounts';
import { levyOf } from './payers';
import { sourcesOf } from './sources';

/**
 * Cover of the layers before `layer`, in the currency's smallest unit, for a loss of a market of `pool` (none: of no pool).
 * The layers of the defaulter itself count for nothing, since nobody has defaulted yet; assessments count with what may be asked.
 * Without the layer in the policy: the cover of all layers.
 */
export function coverBefore(view: View, currency: CurrencyId, layer: LossLayer, pool: PoolId | null = null): Cash {
  const policy = known(view.lossPolicies.get(currency), 'Loss policy', currency);
  const at = policy.layers.indexOf(layer);
  const instrument = pool === null ? null : (view.insurancePools.get(pool)?.instruments[0] ?? null);
  const defaulter = { account: closeOutIdOf(currency), instrument };
  let cover = cash(0n);
  for (const before of at < 0 ? policy.layers : policy.layers.slice(0, at)) {
    if (before === 'GAINS_HAIRCUT' || before === 'SOCIALIZED_LOSS') {
      const base = before === 'GAINS_HAIRCUT' ? 'GAINS' : policy.base;
      cover = plus(cover, levyOf(view, policy, base, cash(1n), new Set(), () => cash(0n)).available);
    } else {
      const sources = before === 'DEFAULTER_FUND' ? [] : sourcesOf(view, currency, before, defaulter, new Map());
      cover = plus(cover, total(sources.map(({ cap }) => cap)));
    }
  }
  return cover;
}
