/**
 * Exact ratios on the wire: decimals, or fractions where no decimal says it, such as the 1/15 of a fifteenfold
 * leverage.
 */

import { GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { shortestText } from '../../units/decimal';
import { isRatio, parseRatio } from '../../units/ratio';
import { badInput } from '../error/problem';
import { specified } from './specified';

function read(value: unknown, node?: ValueNode): string {
  if (typeof value !== 'string') throw badInput('A ratio is a string such as "0.025" or "1/15", never a number.', node);
  if (!isRatio(value))
    throw badInput(
      'Not a ratio within its bounds: write a decimal such as "0.025" or a fraction such as "1/15".',
      node,
    );
  return value;
}

/** Whatever the house holds is shown, however fine. */
function show(value: unknown): string {
  if (typeof value !== 'string') throw new Error(`Not a ratio: ${String(value).slice(0, 100)}`);
  parseRatio(value);
  return value;
}

/** What was sent, as the house takes it: the same digits are the same text. */
const taken = (value: unknown, node?: ValueNode): string => read(value, node).split('/').map(shortestText).join('/');

export const Ratio = new GraphQLScalarType<string, string>({
  name: 'Ratio',
  ...specified(
    'Ratio',
    [
      ['"0.0250"', '"0.025"'],
      ['"1/15"', '"1/15"'],
    ],
    ['0.025', '"1/0"', '"2.5%"'],
  ),
  description:
    'An exact ratio, always a string: a decimal such as `"0.025"`, or a fraction such as ' +
    '`"1/15"` if no decimal is exact. ' +
    'Input has, in lowest terms, a numerator and a denominator below 10^18.',
  serialize: show,
  parseValue: (value) => taken(value),
  parseLiteral: (node) => taken(node.kind === Kind.STRING ? node.value : undefined, node),
});
