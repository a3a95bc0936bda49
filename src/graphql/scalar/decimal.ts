/** Exact decimals on the wire: strings in both directions, because a JSON number is a binary float to most readers.  Rule: X-2 */

import { GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { isDecimal, shortestText } from '../../units/decimal';
import { badInput } from '../error/problem';

function read(value: unknown, node?: ValueNode): string {
  if (typeof value !== 'string') throw badInput('A decimal is a string such as "12.50", never a number: numbers lose digits.', node);
  if (!isDecimal(value)) throw badInput('Not a decimal: write digits with a point, such as "-12.50", without exponent.', node);
  return value;
}

/** What was sent, as the house takes it: the same number is the same text, so that it is the same request however it is written. */
const taken = (value: unknown, node?: ValueNode): string => shortestText(read(value, node));

export const Decimal = new GraphQLScalarType<string, string>({
  name: 'Decimal',
  description:
    'An exact decimal, always a string: `"-12.50"`. Up to 40 digits on each side of the point; no exponent, no sign but a leading minus. ' +
    'Amounts come with as many digits as their currency has, prices with those of their tick, sizes with those of their lot, rates with as many as they need.',
  serialize: (value) => read(value),
  parseValue: (value) => taken(value),
  parseLiteral: (node) => taken(node.kind === Kind.STRING ? node.value : undefined, node),
});
