/** Commands of funding that the house computes. */

import { kind } from '../kind/kind';
import { FUNDING_CAP_BASE, FUNDING_MEASURE, FUNDING_PRICE, FUNDING_WEIGHTS } from '../model/funding';
import { type AskedOf, type CommandsOf, commands, EFFECTIVE, OFFICERS } from './definition';

export const FUNDING_CLAMP_INPUT = kind.part(
  'FundingClampInput',
  'Between which rates interest less premium is held before it is added to the premium.',
  {
    lower: kind.rate('The lower end, -1 to 1.'),
    upper: kind.rate('The upper end, from the lower one to 1.'),
  },
);

export const FUNDING_CAP_INPUT = kind.part('FundingCapInput', 'A cap of a funding rate, as a share of a margin rate.', {
  base: kind.oneOf(FUNDING_CAP_BASE, 'The margin rate.'),
  share: kind.ratio('The share, above 0.'),
});

export const FUNDING_TERMS_INPUT = kind.part(
  'FundingTermsInput',
  'How a funding rate follows from what was sampled: premium, plus interest within the clamp, times the scale, ' +
    'within the bounds and the cap. Of that each interval settles a share.',
  {
    interval: kind.span('Rates are fixed and settled at its whole multiples, in UTC: 1 minute to 7 days.'),
    sampleInterval: kind.or(
      kind.span('The premium is sampled at its whole multiples: 1 second to 1 hour. The interval is a multiple of it.'),
      60_000,
    ),
    leastSamples: kind.or(kind.count('With fewer samples in an interval nothing is paid.'), 1),
    measure: kind.or(kind.oneOf(FUNDING_MEASURE, 'What is averaged over an interval.'), 'PREMIUM'),
    weights: kind.or(kind.oneOf(FUNDING_WEIGHTS, 'How much each sample of an interval counts.'), 'EQUAL'),
    step: kind.nullable(
      kind.rate(
        'Premiums, their average and the rate before the share are rounded towards zero to whole multiples of it. ' +
          'Null means that they stay exact.',
      ),
    ),
    interest: kind.or(kind.rate('Interest of the rate, -1 to 1.'), '0'),
    clamp: kind.nullable(
      kind.said(
        FUNDING_CLAMP_INPUT,
        'Between which rates interest less premium is held. Null means that interest is added as it is.',
      ),
    ),
    scale: kind.or(kind.ratio('The rate is multiplied by it before it is bounded. Above 0.'), '1'),
    lower: kind.nullable(kind.ratio('The rate is not below this. Null means -1.')),
    upper: kind.nullable(kind.ratio('The rate is not above this. Null means 1.')),
    marginCap: kind.nullable(
      kind.said(
        FUNDING_CAP_INPUT,
        'Neither side of the rate is beyond this share of a margin rate. Null means no cap.',
      ),
    ),
    share: kind.or(
      kind.ratio('The share of the rate that one interval settles, above 0: 1/8 of a rate of 8 hours.'),
      '1',
    ),
    price: kind.or(kind.oneOf(FUNDING_PRICE, 'The price at which positions are valued.'), 'MARK'),
    paymentStep: kind.nullable(
      kind.rate(
        'What one lot pays is rounded towards zero to whole multiples of it, as a share of the smallest unit of the ' +
          'settlement currency. Null means that it stays exact.',
      ),
    ),
  },
);
export type FundingTermsInput = AskedOf<typeof FUNDING_TERMS_INPUT>;

export const FUNDING_COMMANDS = commands({
  SetFundingPolicy: {
    does:
      'Sets how the house computes the funding of a perpetual. What was sampled under the version before does not ' +
      'count any more. Needs a second person once the house is open.',
    by: OFFICERS,
    takes: 'The policy.',
    about: 'How the house computes the funding of a perpetual.',
    fields: {
      instrument: kind.instrument('The perpetual. It needs an index.'),
      terms: kind.nullable(
        kind.said(FUNDING_TERMS_INPUT, 'The terms. Null if the house computes none and a venue may submit rates.'),
      ),
      ...EFFECTIVE,
    },
    secondPerson: 'ONCE_OPEN',
    refusals: [
      'INSTRUMENT_NOT_FOUND',
      'INSTRUMENT_NOT_TRADING',
      'INDEX_NOT_FOUND',
      'VALUE_OUT_OF_RANGE',
      'TOO_MANY_DIGITS',
    ],
  },
});
export type FundingCommand = CommandsOf<typeof FUNDING_COMMANDS>;
