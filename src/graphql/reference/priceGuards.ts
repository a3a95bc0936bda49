/** When the price of an index is doubted, every version.  PV-3, X-6 */

import { written } from '../../core/kind/write';
import { PRICE_GUARD_COMMANDS, PRICE_GUARD_TERMS_INPUT } from '../../core/message/priceGuardCommands';
import { PRICE_GUARDS } from '../../core/model/priceGuards';
import type { PriceGuards as PolicyRow } from '../../store/generated/client';
import { ROLES } from '../access/policy';
import { Made } from '../mutation/made';
import { Payload, PayloadType } from '../mutation/payload';
import { mutations } from '../mutation/table';
import { TermsType, termsOf, versionsOf } from '../mutation/terms';
import { connectionOf } from '../reading/connection';
import { byId, list, resolversOf } from '../reading/list';
import { versionsBy } from '../reading/page';

@TermsType('When the price of an index is doubted, and for what it is not used then.')
export class PriceGuardTerms extends termsOf(PRICE_GUARD_TERMS_INPUT.fields) {}

@TermsType('A version of when the price of an index is doubted.')
export class PriceGuards extends versionsOf(PRICE_GUARD_COMMANDS.SetPriceGuards.fields) {}

/** No amount of it is money, so it is in nobody's scale. */
export const priceGuardsOf = ({ indexId, version, setSeq, terms }: PolicyRow): PriceGuards => ({
  ...written(PRICE_GUARDS, terms, 0),
  index: indexId,
  version,
  setSeq,
});

resolversOf(
  list({
    name: 'priceGuards',
    key: { indexId: ({ index }) => index, version: ({ version }) => version },
    description: 'When the prices of indices are doubted, every version, by index.',
    of: connectionOf('PriceGuards', PriceGuards, 'guards of prices'),
    access: ROLES,
    table: 'PriceGuards',
    order: versionsBy('indexId'),
    filters: { index: byId('Of this index only.', 'indexId') },
    node: priceGuardsOf,
  }),
);

@PayloadType('The result of setting guards of a price.')
export class PriceGuardsPayload extends Payload {
  @Made('PriceGuards', 'The version that was set.', 'PriceGuardsSet', ({ policy }) => [policy.index, policy.version])
  guards!: PriceGuards | null;
}

mutations({ SetPriceGuards: PriceGuardsPayload });
