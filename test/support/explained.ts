/** Lines that explain a figure. */

import type { Line } from '../../src/core/margin/model/model';
import type { Margin } from '../../src/units/quantity';

/** Their sum: equal to the figure they explain. */
export const sumOf = (lines: readonly Line[]): Margin => lines.reduce((sum, { amount }) => sum + amount, 0n) as Margin;
