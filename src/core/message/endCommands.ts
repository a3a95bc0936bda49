/** Commands about the end of contracts that would go on. */

import { kind } from '../kind/kind';
import { commands, OFFICERS } from './definition';

export const END_COMMANDS = commands({
  DelistInstrument: {
    does:
      'Announces the end of a contract: from one time on it takes reducing trades only, at another everybody is paid ' +
      'out. Needs a second person once the house is open.',
    by: OFFICERS,
    takes: 'The end.',
    about: 'The announced end of a contract.',
    fields: {
      instrument: kind.instrument('The instrument.'),
      reduceOnlyAt: kind.nullable(
        kind.instant('The time from which only reducing trades are taken. Open orders are cancelled. Null means now.'),
      ),
      endsAt: kind.instant('The time at which everybody is paid out. For a future it is before its expiry.'),
      settlementWindow: kind.optional(
        kind.nullable(
          kind.span(
            'The time before the end over which its index is averaged to its last price, 1s to 1d. It lies after ' +
              '`reduceOnlyAt`. An instrument with an index needs one, and without an index there is none.',
          ),
        ),
      ),
      reason: kind.text('The reason.'),
    },
    secondPerson: 'ONCE_OPEN',
    refusals: ['INSTRUMENT_NOT_FOUND', 'INSTRUMENT_NOT_TRADING', 'ALREADY_DELISTING', 'VALUE_OUT_OF_RANGE'],
  },
  CancelDelisting: {
    does:
      'Calls off the announced end of a contract, before its last price is averaged. Needs a second ' +
      'person once the house is open.',
    by: OFFICERS,
    takes: 'The contract.',
    about: 'A contract that goes on after all.',
    fields: {
      instrument: kind.instrument('The instrument.'),
      reason: kind.text('The reason.'),
    },
    secondPerson: 'ONCE_OPEN',
    refusals: ['INSTRUMENT_NOT_FOUND', 'DELISTING_NOT_FOUND'],
  },
});
