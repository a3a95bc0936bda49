/** Moves of prices as arguments, read. */

import type { Rate } from '../../units/quantity';
import { RATE_ONE, rate } from '../../units/quantity';
import { parseRatio } from '../../units/ratio';
import { badInput } from '../error/problem';

const MOST_SHOCKS = 20;
/** A price cannot lose more than all of itself; one that grows further than this is a mistake. */
const LARGEST = 100n * RATE_ONE;

/** Errors: BAD_USER_INPUT. */
export function readShocks(texts: readonly string[]): Rate[] {
  if (texts.length === 0 || texts.length > MOST_SHOCKS) throw badInput(`\`shocks\` takes 1 to ${MOST_SHOCKS} moves.`);
  return texts.map((text) => {
    const { numerator, denominator } = parseRatio(text);
    const scaled = numerator * RATE_ONE;
    if (scaled % denominator !== 0n) throw badInput('A move is a decimal of at most 12 digits.');
    const move = scaled / denominator;
    if (move < -RATE_ONE || move > LARGEST) throw badInput('A move is a share from -1 to 100.');
    return rate(move);
  });
}
