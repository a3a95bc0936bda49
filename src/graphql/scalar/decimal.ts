/** Exact decimals on the wire: strings in both directions, because a JSON number is a binary float to most readers.  Rule: X-2 */

import { GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { MOST_DIGITS } from '../../units/bounds';
import { isDecimal, isExact, shortestText } from '../../units/decimal';
import { badInput } from '../error/problem';
import { specified } from './specified';

function read(value: unknown, node?: ValueNode): string {
  if (typeof value !== 'string') throw badInput('A decimal is a string such as "12.50", never a number: numbers lose digits.', node);
  if (!isDecimal(value)) throw badInput('Not a decimal: write digits with a point, such as "-12.50", without exponent.', node);
  return value;
}

/** What was sent, as the house takes it: the same number is the same text, so that it is the same request however it is written. */
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
    'An exact decimal, always a string: `"-12.50"`; no exponent, no sign but a leading minus. ' +
    `What enters has up to ${MOST_DIGITS} digits on each side of the point, and a bound by its kind beyond which it is refused: an amount, ` +
    'the value of a trade, and all there is of a currency stay below 10^28 of its smallest unit; a price stays below 10^18 ticks, a ' +
    'size and what an owner holds below 10^18 lots; a tick, a lot and a multiplier are above zero and below 10^9, with up to 18 ' +
    'decimals; a rate has up to 12 decimals and lies from 0 to 1 unless its field says otherwise. ' +
    'What comes out has fewer than 60 digits before the point. Amounts come with as many digits as their currency has, prices with those of their tick, sizes with those of their lot, rates with as many as they need. ' +
    'What is compared and not booked is exact and as short as it is: equity, requirements, levels and what they are made of, with up to twelve digits more than the currency has; and prices between two ticks, such as those of entry, liquidation and bankruptcy.',
  serialize: show,
  parseValue: (value) => taken(value),
  parseLiteral: (node) => taken(node.kind === Kind.STRING ? node.value : undefined, node),
});
