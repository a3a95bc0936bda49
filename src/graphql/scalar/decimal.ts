/**
 * Exact decimals on the wire: strings in both directions, because a JSON number is a binary float to most readers.
 * Rule: X-2
 */

import { GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { MOST_DIGITS } from '../../units/bounds';
import { isDecimal, isExact, shortestText } from '../../units/decimal';
import { badInput } from '../error/problem';
import { specified } from './specified';

function read(value: unknown, node?: ValueNode): string {
  if (typeof value !== 'string')
    throw badInput('A decimal is a string such as "12.50", never a number: numbers lose digits.', node);
  if (!isDecimal(value))
    throw badInput('Not a decimal: write digits with a point, such as "-12.50", without exponent.', node);
  return value;
}

/**
 * What was sent, as the house takes it: the same number is the same text, so that it is the same request however it is
 * written.
 */
const taken = (value: unknown, node?: ValueNode): string => shortestText(read(value, node));

/** Whatever the house holds is shown, however large: only what is no decimal at all is not. */
function show(value: unknown): string {
  if (typeof value !== 'string' || !isExact(value)) throw new Error(`Not a decimal: ${String(value).slice(0, 100)}`);
  return value;
}

export const Decimal = new GraphQLScalarType<string, string>({
  name: 'Decimal',
  ...specified(
    'Decimal',
    [
      ['"12.50"', '"12.5"'],
      ['"-0.000001"', '"-0.000001"'],
    ],
    ['12.5', '"1e5"', '"+1"', '".5"', '"1,000"'],
  ),
  description:
    'An exact decimal, always a string, such as `"-12.50"`. It has no exponent and no sign but a leading minus. ' +
    `Input has up to ${MOST_DIGITS} digits on each side of the point. Each kind of quantity has a bound, beyond which ` +
    'it is refused. An amount, the value of a trade and the total of a currency stay below 10^28 of its smallest ' +
    'unit. A price stays below 10^18 ticks. A size and the total of an owner stay below 10^18 lots. A tick, a lot ' +
    'and a multiplier are above zero and below 10^9, with up to 18 decimals. A rate has up to 12 decimals. It lies ' +
    'from 0 to 1 unless its field says otherwise. Output has fewer than 60 digits before the point. Amounts have as ' +
    'many digits after it as their currency, prices as their tick, sizes as their lot. Rates have as many as they ' +
    'need. Figures that are compared and not booked are exact and as short as they are: equity, requirements, levels ' +
    'and their parts. They have up to twelve digits more than the currency. So have prices between two ticks, such ' +
    'as those of entry, liquidation and bankruptcy.',
  serialize: show,
  parseValue: (value) => taken(value),
  parseLiteral: (node) => taken(node.kind === Kind.STRING ? node.value : undefined, node),
});
