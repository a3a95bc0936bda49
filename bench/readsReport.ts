/** What a full house answers, and how it keeps up, as a table for a terminal. */

import { MOST_MS, type ReadResults } from './reads';
import { tableOf, whole } from './report';

const ms = (value: number): string => value.toFixed(value < 10 ? 1 : 0);

export function readReportOf({
  store,
  accounts,
  entries,
  served,
  rows,
  reads,
  idleShare,
  megabytes,
  lists,
}: ReadResults): string {
  const late = reads.filter(({ times }) => times.p50 > MOST_MS);
  return [
    `A full house, ${store === 'EMBEDDED' ? 'embedded' : 'on Postgres'}: ${whole(accounts)} accounts, ` +
      `${whole(entries)} entries`,
    tableOf(
      ['question', 'who', 'median ms', 'p99', 'most'],
      reads.map(({ who, question, times }) => [
        question,
        who.toLowerCase(),
        ms(times.p50),
        ms(times.p99),
        ms(times.most),
      ]),
    ),
    `Served ${served.toFixed(1)} s after the start, read models there after ${rows.toFixed(1)} s ` +
      `(${whole(entries / rows)} entries a second).`,
    `Idle it takes ${(100 * idleShare).toFixed(1)} % of a core and has ${whole(megabytes)} MB resident.`,
    `Lists of payments: ${whole(lists.perSecond)} a second in, ${whole(lists.rowsPerSecond)} a second with their rows.`,
    late.length === 0
      ? `No question takes more than ${MOST_MS} ms at the median.`
      : `Above ${MOST_MS} ms at the median: ${late.map(({ question }) => question).join(', ')}.`,
  ].join('\n');
}
