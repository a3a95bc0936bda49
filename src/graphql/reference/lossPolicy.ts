/**
 * Who bears a loss, and how the house disposes of what it took over: policies per settlement currency, every version.
 * Ruling 7
 */

import { written } from '../../core/kind/write';
import { LOSS_POLICY_COMMANDS } from '../../core/message/lossPolicyCommands';
import {
  DISPOSAL_POLICY,
  ISOLATED_RECOURSE,
  LOSS_LAYER,
  LOSS_POLICY,
  SOCIALIZATION_BASE,
} from '../../core/model/policy';
import { LOSS_STANDARDS } from '../../core/reference/lossPolicies';
import type { DisposalPolicy as DisposalRow, LossPolicy as LossRow } from '../../store/generated/client';
import { formatRate, formatScaled } from '../../units/decimal';
import { ROLES } from '../access/policy';
import type { Directory } from '../live/directory';
import { TermsType, versionsOf } from '../mutation/terms';
import { connectionOf } from '../reading/connection';
import { byId, list, resolversOf } from '../reading/list';
import { versionsBy } from '../reading/page';
import { shownAs } from '../schema/enums';
import { Amount, Flag, Of, OPTIONAL, Rate, Span, When, Whole } from '../schema/fields';

export const LossLayer = shownAs(LOSS_LAYER);

export const SocializationBase = shownAs(SOCIALIZATION_BASE);

export const IsolatedRecourse = shownAs(ISOLATED_RECOURSE);

@TermsType('A version of the policy by which losses are borne in a currency.')
export class LossPolicy extends versionsOf(
  LOSS_POLICY_COMMANDS.SetLossPolicy.fields,
  'together',
  'backstopShare',
  'surplusToClaims',
  'gateFloor',
  'minorShare',
  'priceWait',
  'haltWindow',
  'changeShare',
  'changeAlone',
  'changeNotice',
  'stableWindow',
  'stableBand',
  'isolatedRecourse',
) {
  @Of(() => [[LossLayer]], 'Neighbouring layers that bear losses together, in proportion to what they have.')
  together!: string[][];

  @Rate('The share of liquidation penalties that goes to the backstop pool.')
  backstopShare!: string;

  @Flag('Whether the surplus of inventory repays claims before it goes to the insurance fund.')
  surplusToClaims!: boolean;

  @Amount('The sum of open debts that begins to hold withdrawals back, in the currency.')
  gateFloor!: string;

  @Rate(
    'The share of the debt below which collateral holds no loss back. It is taken over, not auctioned, and no ' +
      'price is awaited.',
  )
  minorShare!: string;

  @Span(
    'How long a loss waits for a live price of collateral. After that the collateral counts as zero and is kept ' +
      'as a recovery.',
  )
  priceWait!: number;

  @Span('How long a halt by one person lasts. It then lifts by itself on a live price.')
  haltWindow!: number;

  @Rate(
    'The share of all accounts with a position or an order that changes of terms by one person may call in 24 hours.',
  )
  changeShare!: string;

  @Whole('So many accounts such changes may call whatever the share.')
  changeAlone!: number;

  @Span('A change that is announced so long before it holds is not counted.')
  changeNotice!: number;

  @Span('The window of the stable price: gains made beyond that price within it do not leave. Zero holds nothing back.')
  stableWindow!: number;

  @Rate('The share of itself that the stable price moves by in a window at most.')
  stableBand!: string;

  @Of(() => IsolatedRecourse, "How far isolated accounts answer for their owner's other accounts, and these for them.")
  isolatedRecourse!: string;

  @When('When the present period ends.', OPTIONAL)
  periodEnds!: Date | null;
}

@TermsType('A version of the policy by which the house disposes of what it took over.')
export class DisposalPolicy extends versionsOf(LOSS_POLICY_COMMANDS.SetDisposalPolicy.fields) {}

export function lossPolicyOf(
  { currency, version, setSeq, terms: json, periodEnds }: LossRow,
  directory: Directory,
): LossPolicy {
  const scale = directory.scaleOf(currency);
  // Earlier versions are silent about these.
  const {
    together = [],
    gateAfter = null,
    backstopShare = '0',
    surplusToClaims = false,
    gateFloor = formatScaled(LOSS_STANDARDS.gateFloor, scale),
    minorShare = formatScaled(LOSS_STANDARDS.minorShare, 12).replace(/0+$/, ''),
    priceWait = LOSS_STANDARDS.priceWait,
    haltWindow = LOSS_STANDARDS.haltWindow,
    changeShare = formatRate(LOSS_STANDARDS.changeShare),
    changeAlone = LOSS_STANDARDS.changeAlone,
    changeNotice = LOSS_STANDARDS.changeNotice,
    stableWindow = LOSS_STANDARDS.stableWindow,
    stableBand = formatRate(LOSS_STANDARDS.stableBand),
    isolatedRecourse = LOSS_STANDARDS.isolatedRecourse,
    ...terms
  } = written(LOSS_POLICY, json, scale);
  const policy = {
    ...terms,
    together,
    gateWindow: gateAfter,
    backstopShare,
    surplusToClaims,
    gateFloor,
    minorShare,
    priceWait,
    haltWindow,
    changeShare,
    changeAlone,
    changeNotice,
    stableWindow,
    stableBand,
    isolatedRecourse,
  };
  return { ...policy, currency, version, setSeq, periodEnds };
}

export function disposalPolicyOf(
  { currency, version, setSeq, terms: json }: DisposalRow,
  directory: Directory,
): DisposalPolicy {
  return { ...written(DISPOSAL_POLICY, json, directory.scaleOf(currency)), currency, version, setSeq };
}

resolversOf(
  list({
    name: 'lossPolicies',
    key: { currency: ({ currency }) => currency, version: ({ version }) => version },
    description: 'Every version of the loss policies, by currency.',
    of: connectionOf('LossPolicy', LossPolicy, 'loss policies'),
    access: ROLES,
    table: 'LossPolicy',
    order: versionsBy('currency'),
    filters: { currency: byId('Only versions for this currency.') },
    node: (row, { services }) => lossPolicyOf(row, services.directory),
  }),
  list({
    name: 'disposalPolicies',
    key: { currency: ({ currency }) => currency, version: ({ version }) => version },
    description: 'Every version of the disposal policies, by currency.',
    of: connectionOf('DisposalPolicy', DisposalPolicy, 'disposal policies'),
    access: ROLES,
    table: 'DisposalPolicy',
    order: versionsBy('currency'),
    filters: { currency: byId('Only versions for this currency.') },
    node: (row, { services }) => disposalPolicyOf(row, services.directory),
  }),
);
