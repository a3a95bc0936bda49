/** Commands that set who bears losses, and how the house disposes of what it took over. */

import { kind } from '../kind/kind';
import { ISOLATED_RECOURSE, LOSS_LAYER, SOCIALIZATION_BASE } from '../model/policy';
import { commands, EFFECTIVE, OFFICERS } from './definition';

export const LOSS_POLICY_COMMANDS = commands({
  SetLossPolicy: {
    does: 'Sets a version of the policy by which losses are borne. Needs a second person once the house is open.',
    by: OFFICERS,
    takes: 'The policy.',
    about: 'A version of the policy by which losses are borne in a currency.',
    fields: {
      currency: kind.currency('The settlement currency.'),
      layers: kind.list(
        kind.oneOf(LOSS_LAYER),
        'The layers, in the order in which they bear losses. Socialized loss is last.',
      ),
      base: kind.oneOf(SOCIALIZATION_BASE, 'The base by which a socialized loss is shared.'),
      period: kind.span('The period in which gains are counted.'),
      fundTarget: kind.cash('currency', 'The target of the insurance fund, in the currency.'),
      together: kind.optional(
        kind.nullable(
          kind.list(
            kind.list(kind.oneOf(LOSS_LAYER)),
            'Neighbouring layers that bear losses together, in proportion to what they have.',
          ),
        ),
      ),
      gateWindow: kind.optional(kind.nullable(kind.span('How long withdrawals wait after a loss.'))),
      backstopShare: kind.optional(
        kind.nullable(kind.rate('The share of liquidation penalties that goes to the backstop pool.')),
      ),
      surplusToClaims: kind.optional(
        kind.nullable(
          kind.flag('Whether the surplus of inventory repays claims before it goes to the insurance fund.'),
        ),
      ),
      gateFloor: kind.optional(
        kind.nullable(
          kind.cash(
            'currency',
            'The sum of open debts that begins to hold withdrawals back. Null means a hundred of the smallest unit.',
          ),
        ),
      ),
      minorShare: kind.optional(
        kind.nullable(
          kind.rate('The share of the debt below which collateral holds no loss back. Null means a hundredth.'),
        ),
      ),
      priceWait: kind.optional(
        kind.nullable(kind.span('How long a loss waits for a live price of collateral. Null means four hours.')),
      ),
      haltWindow: kind.optional(
        kind.nullable(
          kind.span('How long a halt by one person lasts. It then lifts on a live price. Null means four hours.'),
        ),
      ),
      changeShare: kind.optional(
        kind.nullable(
          kind.rate(
            'The share of all accounts with a position or an order that changes of terms by one person may call ' +
              'in 24 hours. ' +
              'A change that would call more needs a second person or notice. Null means 0.05. With 1 nothing is ' +
              'counted.',
          ),
        ),
      ),
      changeAlone: kind.optional(
        kind.nullable(kind.count('So many accounts such changes may call whatever the share. Null means 10.')),
      ),
      changeNotice: kind.optional(
        kind.nullable(
          kind.span('A change that is announced so long before it holds is not counted. Null means a day.'),
        ),
      ),
      stableWindow: kind.optional(
        kind.nullable(
          kind.span(
            'The window of the stable price: gains made beyond that price within it do not leave. Null means a ' +
              'day. Zero holds nothing back.',
          ),
        ),
      ),
      stableBand: kind.optional(
        kind.nullable(
          kind.rate('The share of itself that the stable price moves by in a window at most. Null means a half.'),
        ),
      ),
      isolatedRecourse: kind.optional(
        kind.nullable(
          kind.oneOf(
            ISOLATED_RECOURSE,
            "How far isolated accounts answer for their owner's other accounts, and these for them. Null means " +
              'SAME_UNDERLYING.',
          ),
        ),
      ),
      ...EFFECTIVE,
    },
    secondPerson: 'ONCE_OPEN',
    refusals: ['CURRENCY_NOT_FOUND', 'LAYERS_INVALID', 'VALUE_OUT_OF_RANGE', 'TOO_MANY_DIGITS'],
  },
  SetDisposalPolicy: {
    does:
      'Sets a version of the policy by which the house disposes of what it took over. Needs a second person ' +
      'once the house is open.',
    by: OFFICERS,
    takes: 'The policy.',
    about: 'A version of the policy by which the house disposes of what it took over.',
    fields: {
      currency: kind.currency('The settlement currency.'),
      interval: kind.span(
        'The time between two steps. An offer that nobody takes while nothing changes waits twice as ' +
          'long each time, up to an hour.',
      ),
      fraction: kind.rate('The share of the remaining inventory that goes out in each step.'),
      fullBelow: kind.cash('currency', 'A position of at most this notional goes out whole, in the currency.'),
      maximumShareOfDepth: kind.rate('The largest step, as a share of the depth that the venue reports.'),
      slippage: kind.rate('The limit of an order is the mark less this share.'),
      ...EFFECTIVE,
    },
    secondPerson: 'ONCE_OPEN',
    refusals: ['CURRENCY_NOT_FOUND', 'VALUE_OUT_OF_RANGE', 'TOO_MANY_DIGITS'],
  },
});
