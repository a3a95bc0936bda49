/**
 * The health of an account, computed by the very functions that call and liquidate. Its amounts are in the currency of
 * the account. Rules: AH-1 to AH-4, PV-1, PV-4, LF-4
 */

import { Ctx, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import { type Health, healthOf, type PositionHealth as PositionFigures } from '../../core/margin/health';
import type { Unreachable as Reason } from '../../core/margin/solve';
import { known } from '../../units/failure';
import { Reached } from '../access/policy';
import type { Context, Services } from '../reading/context';
import { Account, AccountStatus } from '../reference/account';
import { enumOf } from '../schema/enums';
import { Amount, Flag, Id, Of, OPTIONAL, Rate, SeqNo, When } from '../schema/fields';
import { CollateralHealth, collateralShown } from './collateralHealth';

export const Unreachable = enumOf<Reason>('Unreachable', 'Why there is no liquidation price.', {
  NO_POSITION: 'The account has open orders only.',
  NEVER_REACHED: 'Equity meets maintenance margin at no price of this instrument alone.',
});

/** Of what is measured at maintenance margin: which rung that is depends on the policy. */
const NEITHER =
  'Since 2026-11-30. Whether maintenance margin calls or closes out depends on the policy: ask for callPrice or ' +
  'closeOutPrice.';

@Reached()
@ObjectType({ description: 'The figures of a position within its account.' })
export class PositionHealth {
  @Id('The instrument.')
  instrument!: string;

  @Amount('Contracts, signed: above zero is long.')
  size!: string;

  @Amount('The mark price that values it, in the quote currency.')
  mark!: string;

  @SeqNo('The journal entry that set the mark. It is the id of the price.')
  markSeq!: number;

  @When('When the mark was observed.', OPTIONAL)
  markAt!: number | null;

  @Flag('Whether the mark is too old to decide on.')
  stale!: boolean;

  @Flag(
    'Whether it stands still, because its mark is stale or its instrument is halted. Gains on it then back no new ' +
      'risk and no withdrawal.',
  )
  frozen!: boolean;

  @Amount('Size at the mark, signed: its net notional, and its market value.')
  value!: string;

  @Amount('Value without sign: the gross notional.')
  notional!: string;

  @Amount('Delta-adjusted notional, signed: the price times what the position gains when the price rises by one.')
  deltaNotional!: string;

  @Amount('Unrealised gain, signed: what it has gained and was not posted yet. It counts from the settled price.')
  unrealised!: string;

  @Rate(
    'The average price at which its open lots were entered, in the quote currency, to 12 digits. Settlements do not ' +
      'move it. Null without open lots.',
    OPTIONAL,
  )
  entryPrice!: string | null;

  @Rate(
    'The price that gains are settled up to: that of the last settlement, averaged with what was traded after it, ' +
      'to 12 digits. Null without open lots.',
    OPTIONAL,
  )
  settledPrice!: string | null;

  @Amount('What closing lots has gained since the position was opened, against the entry price. Signed, without fees.')
  realisedGain!: string;

  @Amount('What its open lots have gained since they were entered, at the mark. Signed.')
  unrealisedGain!: string;

  @Amount(
    'What was posted to the account of both so far. It is `realisedGain` plus `unrealisedGain` less `unrealised`.',
  )
  settledGain!: string;

  @Amount('Initial margin of the position, rounded up.')
  initial!: string;

  @Amount('Maintenance margin of the position, rounded up.')
  maintenance!: string;

  @Rate(
    'Mark at which a margin call is issued, all others standing still, to 12 digits. Null if no ' +
      'allowed price leads there.',
    OPTIONAL,
  )
  callPrice!: string | null;

  @Rate('Move of the mark to the call price, as a share of the mark, signed, to 12 digits.', OPTIONAL)
  callDistance!: string | null;

  @Rate(
    'Mark at which liquidation starts at once, all others standing still, to 12 digits. Null if ' +
      'no allowed price leads there.',
    OPTIONAL,
  )
  closeOutPrice!: string | null;

  @Rate('Move of the mark to the close-out price, as a share of the mark, signed, to 12 digits.', OPTIONAL)
  closeOutDistance!: string | null;

  @Rate(
    'Mark at which the account has nothing left, all others standing still, to 12 digits. Null ' +
      'if no allowed price leads there.',
    OPTIONAL,
  )
  bankruptcyPrice!: string | null;

  @Rate(
    'The worst price at which a liquidation closes it, to 12 digits. ' +
      'There it uses up its own share of equity, in proportion to maintenance margin. ' +
      'It is the bankruptcy price where this is the only position.',
    OPTIONAL,
  )
  closingLimit!: string | null;

  @Rate('The mark at which equity meets maintenance margin if every other price stands still, to 12 digits.', {
    ...OPTIONAL,
    deprecationReason: NEITHER,
  })
  liquidationPrice!: string | null;

  @Of(() => Unreachable, 'Why no price brings equity to maintenance margin.', {
    ...OPTIONAL,
    deprecationReason: NEITHER,
  })
  unreachable!: string | null;

  @Rate('The move of the mark to the liquidation price as a share of the mark, signed, to 12 digits.', {
    ...OPTIONAL,
    deprecationReason: NEITHER,
  })
  distance!: string | null;

  @Rate('The same move in price steps of the instrument, signed, to 12 digits.', {
    ...OPTIONAL,
    deprecationReason: NEITHER,
  })
  distanceTicks!: string | null;
}

@Reached()
@ObjectType({
  description:
    'The health of an account. Amounts are in the currency of the account. Ratios are rounded ' +
    'half to even at 12 digits.',
})
export class AccountHealth {
  @SeqNo('Journal entry it is as of.')
  seq!: number;

  @Id('The account.')
  account!: string;

  @Id('Currency of the amounts.')
  currency!: string;

  @Of(() => AccountStatus, 'The status of the account.')
  status!: string;

  @Id('Its open margin call.', OPTIONAL)
  openCall!: string | null;

  @Amount('Cash in its own currency, signed.')
  cash!: string;

  @Amount('Unrealised gain of its positions, signed.')
  unrealised!: string;

  @Of(() => [CollateralHealth], 'Its collateral in other currencies.')
  collateral!: CollateralHealth[];

  @Amount('Value of that collateral after haircut, rounded down.')
  collateralValue!: string;

  @Amount('Equity: cash, unrealised gains and collateral value, signed, rounded down.')
  equity!: string;

  @Amount('Initial margin, rounded up.')
  initial!: string;

  @Amount('Maintenance margin, rounded up.')
  maintenance!: string;

  @Amount(
    'What equity has to cover for new risk and withdrawals. ' +
      'It is initial margin, or more where rates rise with open interest. Rounded up.',
  )
  opening!: string;

  @Amount('The initial margin that open orders add. Cancelling all of them would free it.')
  ordersInitial!: string;

  @Amount('The maintenance margin that open orders add. Cancelling all of them would free it.')
  ordersMaintenance!: string;

  @Amount('Equity less initial margin, signed, rounded down.')
  freeMargin!: string;

  @Amount(
    'The amount that could be withdrawn. Unrealised gains and collateral that is stale or was struck off do not count.',
  )
  freeCollateral!: string;

  @Amount('By how much that is less because gains count at the worse of what was settled and the stable price.')
  heldBack!: string;

  @Amount('Equity less maintenance margin, signed, rounded down.')
  buffer!: string;

  @Rate('Buffer as a share of equity. Null if equity is not above zero.', OPTIONAL)
  bufferRatio!: string | null;

  @Rate('Equity over maintenance margin. Null without a requirement.', OPTIONAL)
  healthRatio!: string | null;

  @Rate('Initial margin over equity. Null if equity is not above zero.', OPTIONAL)
  utilisation!: string | null;

  @Rate('Gross notional over equity. Null if equity is not above zero.', OPTIONAL)
  leverage!: string | null;

  @Rate('Share of gross notional that equity does not cover. Null without positions.', OPTIONAL)
  loanToValue!: string | null;

  @Amount('Sum of notionals without sign.')
  grossNotional!: string;

  @Amount('Sum of values, signed.')
  netNotional!: string;

  @Amount('Sum of delta-adjusted notionals, signed.')
  deltaNotional!: string;

  @Amount('What closing lots of its open positions has gained since they were opened, signed.')
  realisedGain!: string;

  @Amount('What the open lots of its positions have gained since they were entered, at the mark. Signed.')
  unrealisedGain!: string;

  @Amount('The level of the last warning before the call: equity below it warns.', OPTIONAL)
  warningLevel!: string | null;

  @Amount('The call level: equity below it is called.', OPTIONAL)
  callLevel!: string | null;

  @Amount(
    'The close-out level: equity below it is liquidated at once. While a call is open, changed terms do not raise it.',
    OPTIONAL,
  )
  closeOutLevel!: string | null;

  @Amount('The liquidation fee if the account were closed out now.')
  feePreview!: string;

  @Amount('The liquidation penalty if the account were closed out now.')
  penaltyPreview!: string;

  @Flag('Whether any price it depends on is stale.')
  stale!: boolean;

  @Of(() => [PositionHealth], 'Its positions, by instrument.')
  positions!: PositionHealth[];
}

type Shown = Pick<Services, 'amounts' | 'directory'>;

/** Health as it is shown: the same for a query, a what-if and a subscription. */
export function healthShown(health: Health, seq: number, services: Shown): AccountHealth {
  const { currency } = health;
  const { cash } = services.amounts;
  const optional = (value: Health['callLevel']): string | null => (value === null ? null : cash(value, currency));
  return {
    ...health,
    seq,
    cash: cash(health.cash, currency),
    unrealised: cash(health.unrealised, currency),
    collateral: health.collateral.map((item) => collateralShown(item, currency, services)),
    collateralValue: cash(health.collateralValue, currency),
    equity: cash(health.equity, currency),
    initial: cash(health.initial, currency),
    maintenance: cash(health.maintenance, currency),
    opening: cash(health.opening, currency),
    ordersInitial: cash(health.ordersInitial, currency),
    ordersMaintenance: cash(health.ordersMaintenance, currency),
    freeMargin: cash(health.freeMargin, currency),
    freeCollateral: cash(health.freeCollateral, currency),
    heldBack: cash(health.heldBack, currency),
    buffer: cash(health.buffer, currency),
    grossNotional: cash(health.grossNotional, currency),
    netNotional: cash(health.netNotional, currency),
    deltaNotional: cash(health.deltaNotional, currency),
    realisedGain: cash(health.realisedGain, currency),
    unrealisedGain: cash(health.unrealisedGain, currency),
    warningLevel: optional(health.warningLevel),
    callLevel: optional(health.callLevel),
    closeOutLevel: optional(health.closeOutLevel),
    feePreview: cash(health.feePreview, currency),
    penaltyPreview: cash(health.penaltyPreview, currency),
    positions: health.positions.map((position) => positionShown(position, currency, services)),
  };
}

export function positionShown(position: PositionFigures, currency: string, { amounts }: Shown): PositionHealth {
  const { instrument } = position;
  return {
    ...position,
    size: amounts.lots(position.size, instrument),
    mark: amounts.ticks(position.mark, instrument),
    value: amounts.cash(position.value, currency),
    notional: amounts.cash(position.notional, currency),
    deltaNotional: amounts.cash(position.deltaNotional, currency),
    unrealised: amounts.cash(position.unrealised, currency),
    realisedGain: amounts.cash(position.realisedGain, currency),
    unrealisedGain: amounts.cash(position.unrealisedGain, currency),
    settledGain: amounts.cash(position.settledGain, currency),
    initial: amounts.cash(position.initial, currency),
    maintenance: amounts.cash(position.maintenance, currency),
  };
}

@Resolver(() => Account)
export class AccountHealthField {
  @FieldResolver(() => AccountHealth, {
    complexity: 20,
    description: 'The health of the account, as of the same journal entry as everything else in the answer.',
  })
  async health(@Root() { id }: Account, @Ctx() context: Context): Promise<AccountHealth> {
    const reading = await context.read();
    const view = known(await reading.viewOf(id), 'Account', id);
    return healthShown(healthOf(view, id), reading.seq, context.services);
  }
}
