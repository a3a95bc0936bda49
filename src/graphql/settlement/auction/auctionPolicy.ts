/** The policy by which collateral is auctioned, every version, and the mutations that set it.  Rules: CA-1, CA-4 */

import { written } from '../../../core/kind/write';
import { AUCTION_COMMANDS, AUCTION_CURVE_INPUT } from '../../../core/message/auctionCommands';
import { AUCTION_CAP_BASE, AUCTION_CURVE_SHAPE, AUCTION_POLICY } from '../../../core/model/auction';
import type { AuctionPolicy as Row } from '../../../store/generated/client';
import { ROLES } from '../../access/policy';
import type { Directory } from '../../live/directory';
import { Made } from '../../mutation/made';
import { Payload, PayloadType } from '../../mutation/payload';
import { mutations } from '../../mutation/table';
import { TermsType, termsOf, versionsOf } from '../../mutation/terms';
import { connectionOf } from '../../reading/connection';
import { byId, list, resolversOf } from '../../reading/list';
import { versionsBy } from '../../reading/page';
import { shownAs } from '../../schema/enums';
import { Of, Whole } from '../../schema/fields';

export const AuctionCurveShape = shownAs(AUCTION_CURVE_SHAPE);
export const AuctionCapBase = shownAs(AUCTION_CAP_BASE);

@TermsType('How the price of a Dutch auction falls. Fields that the shape does not have are null.')
export class AuctionCurve extends termsOf(AUCTION_CURVE_INPUT.fields) {}

@TermsType('A version of the policy for auctions of collateral. The bids are in its currency.')
export class AuctionPolicy extends versionsOf(AUCTION_COMMANDS.SetAuctionPolicy.fields) {
  @Whole('The level: 0 allows all, 1 nothing new, 2 nothing new and no resets, 3 nothing at all.')
  breaker!: number;

  @Of(() => AuctionCurveShape, 'How the price of a Dutch auction falls.')
  curveShape!: string;
}

const NO_CURVE = { duration: null, stepFactor: null, step: null, start: null, cutoff: null, fast: null, slow: null };

export function auctionPolicyOf(
  { currency, version, breaker, setSeq, terms: json }: Row,
  directory: Directory,
): AuctionPolicy {
  const policy = written(AUCTION_POLICY, json, directory.scaleOf(currency));
  const { curve, capBase = 'RESERVE_VALUE', discountShare = '0', ...terms } = policy;
  return {
    ...{ ...terms, capBase, discountShare, currency, version, breaker, setSeq },
    ...{ curveShape: curve.shape, curve: { ...NO_CURVE, ...curve } },
  };
}

resolversOf(
  list({
    name: 'auctionPolicies',
    key: { currency: ({ currency }) => currency, version: ({ version }) => version },
    description: 'Every version of the auction policies, by currency.',
    of: connectionOf('AuctionPolicy', AuctionPolicy, 'auction policies'),
    access: ROLES,
    table: 'AuctionPolicy',
    order: versionsBy('currency'),
    filters: { currency: byId('Only versions for this currency.') },
    node: (row, { services }) => auctionPolicyOf(row, services.directory),
  }),
);

@PayloadType('The result of setting an auction policy or its breaker.')
export class AuctionPolicyPayload extends Payload {
  @Made('AuctionPolicy', 'The version that was set.', 'AuctionPolicySet', ({ terms }) => [
    terms.currency,
    terms.version,
  ])
  policy!: AuctionPolicy | null;
}

mutations({
  SetAuctionPolicy: AuctionPolicyPayload,
  SetAuctionBreaker: AuctionPolicyPayload,
});
