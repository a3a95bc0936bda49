/** Who bears a loss, and how the house disposes of what it took over: policies per settlement currency, every version.  Ruling 7 */

import { ObjectType } from 'type-graphql';
import { written } from '../../core/kind/write';
import { type SocializationBase as Base, DISPOSAL_POLICY, type LossLayer as Layer, LOSS_POLICY } from '../../core/model/policy';
import type { DisposalPolicy as DisposalRow, LossPolicy as LossRow } from '../../store/generated/client';
import { Reached, ROLES } from '../access/policy';
import type { Directory } from '../live/directory';
import { connectionOf } from '../reading/connection';
import { byId, list, resolversOf } from '../reading/list';
import { versionsBy } from '../reading/page';
import { enumOf } from '../schema/enums';
import { Amount, Flag, Id, Of, OPTIONAL, Rate, SeqNo, Span, When, Whole } from '../schema/fields';

export const LossLayer = enumOf<Layer>('LossLayer', 'A layer of the default waterfall.', {
  DEFAULTER_MARGIN:
    "The account's own collateral, used when its last positions were closed. Always first: the case then shows the gross loss.",
  OWNER_COLLATERAL:
    "What the account's owner has above maintenance margin in its other accounts of the currency with the same member, isolated ones included; pro rata. Only DEFAULTER_MARGIN may stand before it.",
  MEMBER_COLLATERAL: "Free collateral of the house accounts of the account's member, never below their initial margin.",
  DEFAULTER_FUND: "The default-fund contribution of the account's member.",
  INSURANCE_FUND: 'The pool of the instrument, then the insurance fund of the currency where the pool says so.',
  HOUSE_CAPITAL: "The house's own capital: its first tranche.",
  DEFAULT_FUND: "The other members' contributions: juniors of the default all they have, then the others pro rata.",
  HOUSE_TRANCHE_2: "The second tranche of the house's capital.",
  HOUSE_FURTHER: 'What the house has set aside beyond that.',
  BACKSTOP_POOL: 'The backstop pool: every contributor in proportion.',
  ASSESSMENTS: 'Calls on surviving members, capped; the loss stands unallocated until they have paid or their time is up.',
  GAINS_HAIRCUT: 'Gains of the period, cut pro rata.',
  DELEVERAGING: 'Holders on the other side of what the house took over, by the deleveraging policy.',
  TEAR_UP: 'Holders on the other side, pro rata to what each holds; what the house took over is closed whole.',
  SOCIALIZED_LOSS: 'The accounts that gained, in proportion; always last.',
});

export const SocializationBase = enumOf<Base>('SocializationBase', 'By what a socialized loss is shared.', {
  GAINS: 'Realised and unrealised gains of the loss period.',
  OPEN_INTEREST: 'Notional of open positions.',
  EQUITY: 'Equity.',
});

@Reached()
@ObjectType({ description: 'A version of the policy by which losses are borne in a currency.' })
export class LossPolicy {
  @Id('The settlement currency.')
  currency!: string;

  @Whole('1, 2, 3 in the order they were set; the highest is in force.')
  version!: number;

  @SeqNo('Journal entry that set it.')
  setSeq!: bigint;

  @Of(() => [LossLayer], 'Layers in the order in which they bear.')
  layers!: string[];

  @Of(() => SocializationBase, 'By what a socialized loss is shared.')
  base!: string;

  @Span('The period within which gains are counted.')
  period!: number;

  @Amount('What the insurance fund should hold, in the currency.')
  fundTarget!: string;

  @Of(() => [[LossLayer]], 'Layers that bear side by side, in proportion to what they have.')
  together!: string[][];

  @Span('Withdrawals wait so long after a loss had to be borne; null: not at all.', OPTIONAL)
  gateWindow!: number | null;

  @Rate('Share of liquidation penalties that goes to the backstop pool.')
  backstopShare!: string;

  @Flag('Whether surplus of the inventory repays claims before the insurance fund gets it.')
  surplusToClaims!: boolean;

  @When('When the present period ends.', OPTIONAL)
  periodEnds!: Date | null;
}

@Reached()
@ObjectType({ description: 'A version of the policy by which the house disposes of what it took over.' })
export class DisposalPolicy {
  @Id('The settlement currency.')
  currency!: string;

  @Whole('1, 2, 3 in the order they were set; the highest is in force.')
  version!: number;

  @SeqNo('Journal entry that set it.')
  setSeq!: bigint;

  @Span('Between two steps. What nobody takes while nothing changes stays out twice as long each time, up to an hour.')
  interval!: number;

  @Rate('Share of what is left that goes out per step.')
  fraction!: string;

  @Amount('A position of this notional or less goes out whole, in the currency.')
  fullBelow!: string;

  @Rate('No step is larger than this share of the depth the venue states.')
  maximumShareOfDepth!: string;

  @Rate('The limit of an order is the mark less this share.')
  slippage!: string;
}

export function lossPolicyOf({ currency, version, setSeq, terms: json, periodEnds }: LossRow, directory: Directory): LossPolicy {
  // Earlier versions are silent about the last four.
  const {
    together = [],
    gateAfter = null,
    backstopShare = '0',
    surplusToClaims = false,
    ...terms
  } = written(LOSS_POLICY, json, directory.scaleOf(currency));
  return { ...terms, together, gateWindow: gateAfter, backstopShare, surplusToClaims, currency, version, setSeq, periodEnds };
}

export function disposalPolicyOf({ currency, version, setSeq, terms: json }: DisposalRow, directory: Directory): DisposalPolicy {
  return { ...written(DISPOSAL_POLICY, json, directory.scaleOf(currency)), currency, version, setSeq };
}

export const LossPolicyQueries = resolversOf(
  list({
    name: 'lossPolicies',
    description: 'Loss policies, every version, by currency.',
    of: connectionOf('LossPolicy', LossPolicy, 'loss policies'),
    access: ROLES,
    table: 'LossPolicy',
    order: versionsBy('currency'),
    filters: { currency: byId('Of this currency only.') },
    node: (row, { services }) => lossPolicyOf(row, services.directory),
  }),
  list({
    name: 'disposalPolicies',
    description: 'Disposal policies, every version, by currency.',
    of: connectionOf('DisposalPolicy', DisposalPolicy, 'disposal policies'),
    access: ROLES,
    table: 'DisposalPolicy',
    order: versionsBy('currency'),
    filters: { currency: byId('Of this currency only.') },
    node: (row, { services }) => disposalPolicyOf(row, services.directory),
  }),
);
