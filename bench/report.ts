/** The results as tables for a terminal. */

import Table from 'cli-table3';
import { FAIR } from './fairness';
import type { Percentiles } from './figures';
import type { GapOutput } from './gap';
import type { LevyOutput } from './levy';
import type { Kind } from './load';
import type { Throughput } from './mutations';
import type { Results } from './results';
import type { Reached } from './subscribers';

export const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const ms = (value: number): string => (value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : whole(value));
export const times = (value: number): string => `${value.toFixed(1)} x`;

export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: [...head],
    style: { head: [], border: [] },
    colAligns: ['left', ...head.slice(1).map(() => 'right' as const)],
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}

export function reportOf({
  commit,
  machine,
  effort,
  mutations,
  calls,
  subscribers,
  fairness,
  gaps,
  levy,
  replay,
}: Results): string {
  const { cores, processor, memoryGiB, node, postgres, busyBefore } = machine;
  return [
    `Novate ${commit}, ${effort === 'SMOKE' ? 'a short run that says little about speed' : 'a full run'}`,
    `${cores} cores (${processor}), ${memoryGiB} GiB, Node ${node}, ` +
      `${postgres === null ? 'no Postgres' : `Postgres ${postgres}`}, load ${busyBefore.toFixed(1)} before`,
    '',
    'Durable mutations over HTTP',
    mutationTable(mutations),
    `${whole(mutations.acknowledged)} mutations were acknowledged by the embedded house before it was killed; its ` +
      `journal holds ${whole(mutations.journaled)}.`,
    '',
    `From a mark price to the margin call in a subscriber's hands, ${whole(calls.accounts)} accounts that all ` +
      `hold the instrument`,
    callTable(calls),
    `One price that calls ${whole(calls.together.calls)} accounts: the first after ${ms(calls.together.first)} ` +
      `ms, the last after ${ms(calls.together.last)} ms.`,
    '',
    `From a mark price to ${whole(subscribers.subscribers)} live subscribers of one broker${
      subscribers.subscribers < subscribers.asked ? `; there were not the files for ${whole(subscribers.asked)}` : ''
    }`,
    subscriberTable(subscribers),
    '',
    `One payment after the other of one key while another floods; the bar is ${times(FAIR)} the quiet median`,
    fairnessTable(fairness),
    '',
    ...gaps.map(gapLine),
    levyLine(levy),
    '',
    'From the journal',
    replayTable(replay),
  ].join('\n');
}

function mutationTable({ rival, embedded, postgres }: Results['mutations']): string {
  const rivalRow = (kind: Kind): readonly string[][] =>
    rival
      ? [
          [
            `${kind}, one Prisma row a transaction`,
            String(rival[kind].connections),
            whole(rival[kind].perSecond),
            '',
            '',
            '',
            '1',
          ],
        ]
      : [];
  const row =
    (store: string) =>
    ({ kind, items, connections, perSecond, p50, p99, catchUp }: Throughput): readonly string[] => [
      `${kind}, ${store}, ${items === 1 ? 'one by one' : `lists of ${whole(items)}`}`,
      String(connections),
      whole(perSecond),
      ms(p50),
      ms(p99),
      catchUp.toFixed(1),
      rival ? times(perSecond / rival[kind].perSecond) : '',
    ];
  const rows = (['deposits', 'trades'] as const).flatMap((kind) => [
    ...rivalRow(kind),
    ...embedded.filter((each) => each.kind === kind).map(row('embedded')),
    ...(postgres ?? []).filter((each) => each.kind === kind).map(row('on Postgres')),
  ]);
  return tableOf(['', 'connections', 'a second', 'request p50 ms', 'p99 ms', 'rows behind, s', 'against rival'], rows);
}

function callTable({ quiet, loaded, beside, rival }: Results['calls']): string {
  const row = (name: string, { count, p50, p99, most }: Percentiles): string[] => [
    name,
    whole(count),
    ms(p50),
    ms(p99),
    ms(most),
    rival ? times(rival.p50 / p50) : '',
  ];
  return tableOf(
    ['', 'calls', 'p50 ms', 'p99 ms', 'most ms', 'rival p50 / p50'],
    [
      ...(rival ? [row('a transaction in SQL that finds them', rival)] : []),
      row('the house, otherwise quiet', quiet),
      row(`the house, taking ${whole(beside)} payments a second`, loaded),
    ],
  );
}

function subscriberTable({ shared, alone, own }: Results['subscribers']): string {
  const row = (name: string, { opening, prices, messages, together, perSecond, perExecution }: Reached): string[] => [
    name,
    opening.toFixed(1),
    whole(prices),
    ...[messages.p50, messages.p99, messages.most].map(ms),
    whole(together),
    whole(perSecond),
    whole(perExecution),
    times(perSecond / alone.perSecond),
    times(alone.messages.p99 / messages.p99),
  ];
  const calls = ['one call: prices', 'p50 ms', 'p99 ms', 'most ms', 'many: calls', 'messages/s', 'an execution'];
  return tableOf(
    ['', 'opening, s', ...calls, 'messages/s, x', 'p99, x'],
    [
      row('one execution each', alone),
      row('one for all who ask the same', shared),
      row('each of an account of its own', own),
    ],
  );
}

export function fairnessTable({ quiet, floods }: Results['fairness']): string {
  const figures = ({ count, p50, p99, most }: Percentiles): string[] => [whole(count), ms(p50), ms(p99), ms(most)];
  const rows = floods.map(({ flood, payments, times: longer, answered, refused }) => [
    ...[
      flood,
      ...figures(payments),
      times(longer),
      longer <= FAIR ? 'held' : 'broken',
      whole(answered),
      whole(refused),
    ],
  ]);
  const head = ['flood', 'payments', 'p50 ms', 'p99 ms', 'most ms', 'p50, x quiet', 'bar', 'flood answered', 'refused'];
  return tableOf(head, [['quiet', ...figures(quiet), '', '', '', ''], ...rows]);
}

const levyLine = ({ contributors, update, loop, rows }: LevyOutput): string =>
  `A loss over ${whole(contributors)} contributors: ${update.toFixed(1)} us in one update, ${whole(loop)} us by a loop over them in memory${
    rows === null ? '' : `, ${whole(rows)} us by an update of as many rows in Postgres`
  }.`;

const gapLine = ({
  accounts,
  liquidated,
  bankrupt,
  taken,
  entries,
  commits,
  events,
  first,
  seconds,
  oneByOne,
}: GapOutput): string =>
  `A fall of 30 % at once over ${whole(accounts)} ` +
  `accounts${taken.liquidators > 0 ? ', on a ladder of five rungs with caps' : ''}: ${whole(liquidated)} ` +
  `liquidations, ${whole(bankrupt)} of them bankrupt, in ${whole(entries)} entries, ` +
  `${whole(events)} events and ${whole(commits)} commits; the first durable after ${first.toFixed(2)} s, all done ` +
  `after ${seconds.toFixed(2)} s ` +
  `(as many commits as accounts alone: ${oneByOne.toFixed(2)} s). Closed by liquidators ` +
  `${whole(taken.liquidators)}, at auction ${whole(taken.auction)}, ` +
  `by providers ${whole(taken.providers)}, by the house ${whole(taken.house)}.`;

function replayTable(replay: Results['replay']): string {
  const rows = replay.map(({ journal, entries, events, recover, verify }) => [
    journal,
    whole(entries),
    whole(events),
    whole(entries / recover),
    whole(events / recover),
    whole(entries / verify),
    whole(events / verify),
  ]);
  return tableOf(
    ['', 'entries', 'events', 'applied: entries/s', 'events/s', 'executed again: entries/s', 'events/s'],
    rows,
  );
}
