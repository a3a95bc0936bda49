/**
 * The command that plays scenarios: for each story a whole house in memory, behind the real server, on a clock that the
 * story moves. The database of the read models is opened once and emptied for every house.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { createState } from '../core/engine/genesis';
import type { Command } from '../core/message/command';
import type { Result } from '../core/message/envelope';
import { hashOfSecret } from '../graphql/access/keys';
import type { KeyRole } from '../graphql/access/policy';
import type { Limits } from '../graphql/limit/limits';
import { schema } from '../graphql/schema';
import { createServer } from '../graphql/server/server';
import { type ApiAnswer, NobodyKnown, type ScenarioHouse, STAGE_HANDS } from '../interop/scenario/api';
import { type FileResult, runScenarioFile } from '../interop/scenario/file';
import { hasFailed, reportLines } from '../interop/scenario/report';
import { ScenarioMalformed } from '../interop/scenario/scenario';
import { createMemoryJournal } from '../journal/memory';
import { createProjector } from '../projections/follow/projector';
import { createReader } from '../projections/reading/reader';
import { manualClock } from '../sequencer/clock';
import { type House, NotDone, resultBy } from '../sequencer/house';
import { createSequencer } from '../sequencer/sequencer';
import { openEmbedded, type Store } from '../store/client';
import { migrate } from '../store/migrate';
import { sha256 } from '../units/hash';
import type { Instant } from '../units/quantity';

export interface ScenarioOptions {
  readonly update: boolean; // rewrite expectations that were not met
  readonly write: (line: string) => void;
}

/** Plays the files one after the other and says what came of each. */
export async function runScenarioFiles(
  files: readonly string[],
  { update, write }: ScenarioOptions,
): Promise<{ passed: number; failed: number }> {
  const count = { passed: 0, failed: 0 };
  const store = await openScenarioStore();
  try {
    for (const file of files) {
      write(file);
      const passed = await playOne(store, file, { update, write });
      count[passed ? 'passed' : 'failed'] += 1;
    }
  } finally {
    await store.close();
  }
  write(`${count.passed} passed, ${count.failed} failed`);
  return count;
}

async function playOne(store: Store, file: string, { update, write }: ScenarioOptions): Promise<boolean> {
  try {
    const result = await runScenario(store, file);
    if (update && result.rewritten !== null) writeFileSync(file, result.rewritten);
    for (const line of reportLines(result, update)) write(line);
    return !hasFailed(result, update);
  } catch (error) {
    if (!(error instanceof ScenarioMalformed) && !isMissing(error)) throw error;
    write((error as Error).message);
    return false;
  }
}

/** A file that cannot be read, whatever the reason. */
const isMissing = (error: unknown): boolean =>
  ['ENOENT', 'EISDIR', 'EACCES'].includes(String((error as { readonly code?: unknown } | null)?.code));

/** The read models of scenarios, in memory: nobody needs them afterwards. */
export async function openScenarioStore(): Promise<Store> {
  const store = await openEmbedded(null);
  await migrate(store);
  return store;
}

/** Plays the stories of one file. Throws ScenarioMalformed. */
export const runScenario = (store: Store, file: string): Promise<FileResult> =>
  runScenarioFile(
    file,
    (path) => readFileSync(path, 'utf8'),
    (start) => openScenarioHouse(store, start),
  );

/** Who steps are made by, besides the members, whose names are those of their keys. */
const PARTIES: ReadonlyMap<string, KeyRole> = new Map([
  ['admin', 'ADMIN'],
  ['admin-2', 'ADMIN'],
  ['officer', 'RISK_OFFICER'],
  ['officer-2', 'RISK_OFFICER'],
  ['auditor', 'AUDITOR'],
  ['feed', 'FEED'],
  ['venue', 'FEED'],
  ['liquidator', 'LIQUIDATOR'],
]);

/** A story may ask as often and as much as it likes: nobody else is kept waiting. */
const LIMITS: Partial<Limits> = { operationCost: 1e9, budget: 1e12, budgetPerSecond: 1e12, executionMs: 30_000 };

/** An empty house, its clock at the instant, behind a server of its own. */
export async function openScenarioHouse(store: Store, start: Instant): Promise<ScenarioHouse> {
  const clock = manualClock(start);
  let fault: unknown;
  const report = (error: unknown): void => {
    fault ??= error;
  };
  const house = createSequencer({ state: createState(), journal: createMemoryJournal(), clock, onFatal: report });
  const projector = createProjector({ store, read: (after) => house.read(after), onProblem: report });
  await projector.start();
  const unfollow = house.follow((batch) => projector.offer(batch));
  const server = await createServer({
    house,
    reader: createReader(store, projector),
    port: 0,
    clock,
    limits: LIMITS,
    budgets: {}, // the standard one for a feed is less than what a story may use
    explorer: false,
    report,
  });
  const keyring = createKeyring(house);
  return {
    api: {
      schema: schema(),
      async execute(as, document, variables) {
        const answer = await post(server.url, await keyring(as), document, variables);
        if (fault !== undefined) throw fault;
        return answer;
      },
      setClock: (at) => clock.jump(at),
    },
    async close() {
      await server.close();
      unfollow();
      await projector.close();
      await house.close();
    },
  };
}

/**
 * No secrets at all: they are the same every time, and so are the journal and the digest of a story. Any name makes one
 * that can be sent.
 */
const secretOf = (as: string): string => `nvk_scenario_${sha256(as)}`;

/** `officer of anna` speaks by a key of its own, which is one of the keys of the person anna. */
function speakerOf(as: string): { readonly party: string; readonly person: string | null; readonly apiKey: string } {
  const [party = as, person = null] = as.split(' of ');
  return { party, person, apiKey: person === null ? party : `${party}:${person}` };
}

/** Keys, each issued by the house itself when somebody first speaks. Throws NobodyKnown. */
function createKeyring(house: House): (as: string) => Promise<string> {
  const issued = new Set<string>();
  return async (as) => {
    const secret = secretOf(as);
    if (issued.has(as)) return secret;
    const { party, person, apiKey } = speakerOf(as);
    const role = PARTIES.get(party) ?? 'BROKER';
    const member = role === 'BROKER' ? party : null;
    const result = await submitted(house, STAGE_HANDS[0], {
      type: 'IssueApiKey',
      apiKey,
      person,
      role,
      member,
      hash: hashOfSecret(secret),
      label: as,
    });
    if (result.status === 'REJECTED') throw new NobodyKnown(whoIsKnown(as, result.rejection.code));
    // In a house that is open a key needs a second person, here as anywhere.
    if (result.status === 'PROPOSED') {
      const { id, hash } = result.proposal;
      const approved = await submitted(house, STAGE_HANDS[1], { type: 'ApproveProposal', proposal: id, hash });
      if (approved.status !== 'DONE') throw new NotDone(approved);
    }
    issued.add(as);
    return secret;
  };
}

function whoIsKnown(as: string, code: string): string {
  if (code === 'ALREADY_EXISTS')
    return `\`${as}\` has a key already that the story issued: its secret is not known here.`;
  return `\`${as}\` is neither a role (${[...PARTIES.keys()].join(', ')}) nor a member that was admitted.`;
}

async function submitted(house: House, id: string, command: Command): Promise<Result> {
  const [answer] = await house.submit([{ actor: { id, role: 'ADMIN', member: null }, key: null, command }]);
  return resultBy(answer);
}

interface Body {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

async function post(
  url: string,
  secret: string,
  query: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<ApiAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data = null, errors = [] } = (await response.json()) as Body;
  return { data, errors: errors.map(({ message, extensions }) => ({ code: extensions.code, message })) };
}
