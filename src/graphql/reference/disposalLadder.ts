/**
 * Disposal ladders, every version: by whom positions of liquidated accounts are closed, in which order, within which
 * limits.  Rules: LE-4, LI-2, X-6
 */

import { written } from '../../core/kind/write';
import { LADDER_COMMANDS, LADDER_RUNG_INPUT, OFFER_TERMS_INPUT } from '../../core/message/ladderCommands';
import { DISPOSAL_LADDER, OFFER_TERMS } from '../../core/model/ladder';
import type { DisposalLadder as Row } from '../../store/generated/client';
import { ROLES } from '../access/policy';
import type { Directory } from '../live/directory';
import { Made } from '../mutation/made';
import { Payload, PayloadType } from '../mutation/payload';
import { mutations } from '../mutation/table';
import { TermsType, termsOf, versionsOf } from '../mutation/terms';
import { connectionOf } from '../reading/connection';
import { byId, list, resolversOf } from '../reading/list';
import { versionsBy } from '../reading/page';
import { Id } from '../schema/fields';

@TermsType('The terms for liquidators. Amounts hold for a whole order, and in proportion for a part of it.')
export class OfferTerms extends termsOf(OFFER_TERMS_INPUT.fields) {}

@TermsType('One rung of a disposal ladder: a method with its limits.')
export class LadderRung extends termsOf(LADDER_RUNG_INPUT.fields) {}

@TermsType('A version of a disposal ladder.')
export class DisposalLadder extends versionsOf(LADDER_COMMANDS.SetDisposalLadder.fields) {
  @Id('`currency/USD`, or `instrument/BTC-PERP`: the same of all its versions.')
  ladderId!: string;
}

export const offerTermsOf = (json: unknown, scale: number): OfferTerms => written(OFFER_TERMS, json, scale);

export function disposalLadderOf(
  { id, version, currency, instrumentId, setSeq, terms }: Row,
  directory: Directory,
): DisposalLadder {
  const { rungs } = written(DISPOSAL_LADDER, terms, directory.scaleOf(currency));
  const shown = rungs.map(({ urgency = null, ...rung }) => ({ ...rung, urgency }));
  return { ladderId: id, version, currency, instrument: instrumentId, setSeq, rungs: shown };
}

resolversOf(
  list({
    name: 'disposalLadders',
    key: { id: ({ ladderId }) => ladderId, version: ({ version }) => version },
    description:
      'Every version of the disposal ladders. Without one a venue fills orders, and the house ' +
      'takes over what is left.',
    of: connectionOf('DisposalLadder', DisposalLadder, 'disposal ladders'),
    access: ROLES,
    table: 'DisposalLadder',
    order: versionsBy('id'),
    filters: {
      currency: byId('Only versions for this currency.'),
      instrument: byId('Only runs of this instrument.', 'instrumentId'),
    },
    node: (row, { services }) => disposalLadderOf(row, services.directory),
  }),
);

@PayloadType('The result of setting a disposal ladder.')
export class DisposalLadderPayload extends Payload {
  @Made('DisposalLadder', 'The version that was set.', 'DisposalLadderSet', ({ terms }) => [terms.id, terms.version])
  ladder!: DisposalLadder | null;
}

mutations({
  SetDisposalLadder: DisposalLadderPayload,
});
