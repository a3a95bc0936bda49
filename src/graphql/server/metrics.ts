/** Figures for whoever watches the server, in the format of Prometheus.  Rule: RLM-1 */

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { eventsOf } from '../../core/message/envelope';
import type { Reader } from '../../projections/reading/reader';
import type { Answer, House, HouseStatus, Submission } from '../../sequencer/house';
import { memoryOfThreads, type ThreadMemory } from '../../thread/memory';
import { readModelsOf } from '../journal/readModels';
import type { Denial } from './denials';

export interface Metrics {
  readonly house: House; // the same house, measured
  readonly streams: StreamCounts;
  readonly contentType: string;
  text(): Promise<string>;
  denied(reason: Denial): void;
  /** A figure that is read when somebody asks for it. */
  gauge(name: string, help: string, read: () => number): void;
}

/** What is counted of subscriptions. */
export interface StreamCounts {
  executed(): void;
  sent(): void;
}

const PRICES: ReadonlySet<string> = new Set([
  'SubmitMarkPrices',
  'SubmitIndexPrices',
  'SubmitImpactPrices',
  'SetMarkPrice',
]);
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** What is shown of the status of the house. */
const OF_HOUSE: readonly { name: string; help: string; of(status: HouseStatus): number }[] = [
  { name: 'novate_journal_seq', help: 'The last durable entry of the journal.', of: ({ seq }) => seq },
  { name: 'novate_commands_queued', help: 'Commands waiting for the house.', of: ({ queued }) => queued },
  {
    name: 'novate_accounts_waiting',
    help: 'Accounts that are to be acted on and wait for their turn.',
    of: ({ backlog }) => backlog,
  },
  {
    name: 'novate_watch_looks',
    help: 'Accounts revalued because a price left their zone, since the start.',
    of: ({ watch }) => watch.looks,
  },
  {
    name: 'novate_watch_named',
    help: 'Of these, accounts that could not be proven to need nothing.',
    of: ({ watch }) => watch.named,
  },
  {
    name: 'novate_audit_accounts',
    help: 'Accounts revalued by the auditor of the watch, since the start.',
    of: ({ watch }) => watch.revalued,
  },
  {
    name: 'novate_audit_rounds',
    help: 'Times the auditor has been through the whole book, since the start.',
    of: ({ watch }) => watch.rounds,
  },
  {
    name: 'novate_audit_round_seconds',
    help: 'How long the last round of the auditor took.',
    of: ({ watch }) => watch.lastRoundMs / 1000,
  },
  {
    name: 'novate_house_running',
    help: 'Whether the house takes commands.',
    of: ({ running }) => (running ? 1 : 0),
  },
  {
    name: 'novate_house_journal_away',
    help: 'Whether the journal cannot be written now, so that no command is taken.',
    of: ({ troubles }) => (troubles.some(({ kind }) => kind === 'JOURNAL_AWAY') ? 1 : 0),
  },
  {
    name: 'novate_house_space_low',
    help: 'Whether the disk is nearly full, so that no new business is taken.',
    of: ({ troubles }) => (troubles.some(({ kind }) => kind === 'SPACE_LOW') ? 1 : 0),
  },
  {
    name: 'novate_clock_step_seconds',
    help: 'How far the wall clock stands from house time by a step that is not taken; 0 where it is followed.',
    of: ({ clock }) => (clock.step?.by ?? 0) / 1000,
  },
  {
    name: 'novate_clock_ahead_seconds',
    help: 'By how much house time goes ahead of the wall clock, as two persons accepted.',
    of: ({ clock }) => clock.ahead / 1000,
  },
];

export function createMetrics(house: House, reader: Reader): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const latency = new Histogram({
    name: 'novate_tick_to_call_seconds',
    help: 'From the arrival of prices to the moment when the margin calls they caused are durable and published.',
    buckets: SECONDS,
    registers,
  });
  const commands = new Histogram({
    name: 'novate_command_seconds',
    help: 'From the arrival of a command to its durable answer.',
    buckets: SECONDS,
    registers,
  });
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers });
  const figures = OF_HOUSE.map(({ name, help, of }) => ({ of, shown: gauge(name, help) }));
  const projected = gauge('novate_read_models_seq', 'Last journal entry in the read models.');
  const lag = gauge('novate_read_models_lag', 'Journal entries that are not in the read models yet.');
  const following = gauge('novate_read_models_following', 'Whether the read models follow the journal.');
  const calls = gauge('novate_margin_calls_open', 'Margin calls that are open.');
  const liquidations = gauge('novate_liquidations_running', 'Liquidations that have not ended.');

  const memory = (name: string, help: string, figure: (of: ThreadMemory) => number): Gauge<'thread'> =>
    new Gauge({
      ...{ name, help, registers, labelNames: ['thread'] as const },
      collect() {
        this.reset();
        for (const of of memoryOfThreads()) this.set({ thread: of.thread }, figure(of));
      },
    });
  memory('novate_thread_heap_bytes', 'Heap of a thread, with what nobody needs any more.', ({ used }) => used);
  memory(
    'novate_thread_live_bytes',
    'Heap of a thread after it was last collected in full: what it keeps.',
    ({ live }) => live,
  );
  memory(
    'novate_thread_external_bytes',
    'Memory of a thread outside its heap: buffers, WebAssembly.',
    ({ external }) => external,
  );

  const count = (name: string, help: string): Counter => new Counter({ name, help, registers });
  const executed = count(
    'novate_stream_executions',
    'Messages of subscriptions that were executed, once for all who asked the same.',
  );
  const sent = count('novate_stream_messages', 'Messages of subscriptions that were sent.');

  const denials = new Counter({
    name: 'novate_denials_total',
    help: 'Connections and requests that were refused, by reason.',
    labelNames: ['reason'],
    registers,
  });

  async function read(): Promise<void> {
    const status = house.status();
    for (const { shown, of } of figures) shown.set(of(status));
    const rows = reader.following();
    projected.set(rows.seq);
    lag.set(Math.max(0, status.seq - rows.seq));
    following.set(readModelsOf(rows, status.seq).following ? 1 : 0);
    // Until their database is open, and while they are made from nothing, there is nothing to count and no time for it.
    if (rows.opening || rows.anew) return;
    // What is there now: watching the house must not wait for it.
    await reader.snapshot({ committed: 0, waitMs: 0 }, async (snapshot) => {
      calls.set(await snapshot.db.marginCall.count({ where: { status: 'OPEN' } }));
      liquidations.set(await snapshot.db.liquidation.count({ where: { endedAt: null } }));
    });
  }

  async function submit(submissions: readonly Submission[]): Promise<Answer[]> {
    const began = performance.now();
    const answers = await house.submit(submissions);
    const took = (performance.now() - began) / 1000;
    for (const [i, answer] of answers.entries()) {
      commands.observe(took);
      if (PRICES.has(submissions[i]?.command.type ?? '') && callsIn(answer)) latency.observe(took);
    }
    return answers;
  }

  return {
    house: { ...house, submit },
    streams: { executed: () => executed.inc(), sent: () => sent.inc() },
    contentType: registry.contentType,
    denied: (reason) => denials.inc({ reason }),
    gauge(name, help, read) {
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read());
        },
      });
    },
    async text() {
      await read();
      return registry.metrics();
    },
  };
}

const callsIn = (answer: Answer): boolean =>
  'outcome' in answer &&
  !answer.replayed &&
  eventsOf(answer.outcome).some((event) => event.type === 'MarginCallIssued');
