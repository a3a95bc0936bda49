/**
 * Playing a scenario: step by step against a house, holding each answer and all that followed against what is expected.
 */

import type { Node } from 'yaml';
import { EVENTS } from '../../core/message/event';
import { formatInstant } from '../../units/instant';
import type { Instant } from '../../units/quantity';
import { act } from './act';
import type { ScenarioApi } from './api';
import type { Comparison, Values } from './compare';
import { nameOf } from './events';
import { createJournalReader, type JournalReader } from './journalReader';
import type { Difference } from './match';
import { eventDifferences, eventNameIn, unwanted } from './matchEvents';
import { type Prepared, prepare } from './operation';
import { instantOf, malformed, type Scenario, type Step } from './scenario';

/** Something that was not as expected. */
export interface Failure extends Difference {
  readonly file: string;
  readonly step: number | null; // null: of the whole
}

export interface Played {
  readonly failures: readonly Failure[];
  readonly notes: readonly Failure[]; // what was not done where a step rules events out and says nothing else
  readonly steps: number;
  readonly entries: number; // of the journal
  readonly digest: string; // of the state at the end
}

interface Stage {
  readonly api: ScenarioApi;
  readonly reader: JournalReader;
  readonly comparison: Comparison;
  now: Instant;
  read: boolean; // whether everything the steps before wrote has been looked at
}

/** Throws ScenarioMalformed where the scenario asks for what the API does not have. */
export async function play(scenario: Scenario, api: ScenarioApi): Promise<Played> {
  const { start, steps, source } = scenario;
  const values: Values = new Map(scenario.values);
  const stage: Stage = {
    api,
    reader: createJournalReader(api),
    comparison: { values, start },
    now: start,
    read: false,
  };
  checkOrder(scenario);
  const prepared = steps.map((step) => ({ step, asked: checked(api, step) }));
  const failures: Failure[] = [];
  const notes: Failure[] = [];
  for (const [i, { step, asked }] of prepared.entries()) {
    const found = await playStep(stage, step, asked, `step-${i + 1}`);
    for (const difference of found) {
      const list = difference.undone && onlyRulesOut(step) ? notes : failures;
      list.push({ ...difference, file: step.source.file, step: step.number });
    }
  }
  const { entries, digest, problems } = await stage.reader.proof();
  const line = source.lineOf(source.document.contents);
  failures.push(...problems.map((problem) => ({ ...problem, line, path: 'proof', file: source.file, step: null })));
  return { failures, notes, steps: steps.length, entries, digest };
}

/**
 * Whether a step says what must not follow, and nothing of what is to come of it: that is met by what is refused, too.
 */
const onlyRulesOut = ({ expect }: Step): boolean =>
  Boolean(expect?.without && !expect.answer && !expect.rejection && !expect.error && !expect.events);

const EVENT_NAMES: ReadonlySet<string> = new Set(Object.keys(EVENTS).map(nameOf));

/**
 * The operation of a step. What it names is looked up before anything is done: a misspelt event would never be missed.
 */
function checked({ schema }: ScenarioApi, step: Step): Prepared | null {
  for (const node of [...(step.expect?.events?.items ?? []), ...(step.expect?.without?.items ?? [])] as Node[]) {
    const name = eventNameIn(step.source, node);
    if (!EVENT_NAMES.has(name)) throw malformed(step.source, node, `There is no event \`${name}\`.`);
  }
  return step.operation && prepare(schema, step, step.operation);
}

function checkOrder({ steps, start }: Scenario): void {
  let now = start;
  for (const { at, source, node } of steps) {
    const to = at ? instantOf(at, start) : now;
    if (to < now) throw malformed(source, node, 'Time does not run backwards: `at` is before the step before.');
    now = to;
  }
}

async function playStep(stage: Stage, step: Step, asked: Prepared | null, key: string): Promise<Difference[]> {
  const { events: wanted = null, without = null } = step.expect ?? {};
  const looks = wanted !== null || without !== null;
  if (looks && !stage.read) await stage.reader.followUp();
  stage.read = looks;
  const matching = { ...stage.comparison, source: step.source };
  const found = await letTimePass(stage, step);
  if (asked) found.push(...(await act(stage.api, asked, matching, key)));
  if (!looks) return found;
  const came = await stage.reader.followUp();
  if (wanted) found.push(...eventDifferences(wanted, came, matching));
  if (without) found.push(...unwanted(without, came, matching));
  return found;
}

const ADVANCE = 'mutation ($to: DateTime!) { advanceTime(input: { to: $to }) { outcome } }';

/**
 * Time passes by the API, deadline by deadline. Only the machine's own clock can be set without the house being told.
 */
async function letTimePass(stage: Stage, { at, clock, source, node }: Step): Promise<Difference[]> {
  const { start } = stage.comparison;
  const to = at ? instantOf(at, start) : stage.now;
  const moves = to > stage.now;
  const { errors } = moves ? await stage.api.execute('admin', ADVANCE, { to: formatInstant(to) }) : { errors: [] };
  stage.now = to;
  if (clock) stage.api.setClock(instantOf(clock, start));
  return errors.map(({ message }) => ({
    line: source.lineOf(node),
    path: 'at',
    expected: 'time to pass',
    came: message,
  }));
}
