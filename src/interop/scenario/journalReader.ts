/**
 * The journal of the scenario's house as its own API tells it: what followed a step, and at the end the proof that
 * money was conserved and that executing every command again gives the same events and the same state.  Rules: X-1,
 * DS-1
 */

import { eventsOf } from '../../core/message/envelope';
import { createMemoryJournal } from '../../journal/memory';
import { decodeEntry } from '../../sequencer/entryText';
import { ReplayDiffers, verify } from '../../sequencer/recover';
import { assert } from '../../units/failure';
import { type ScenarioApi, STAGE_HANDS } from './api';
import { createDefinitions } from './definitions';
import { type StepEvent, stepEventOf } from './events';

export interface JournalReader {
  /** Reads what was written since the last time. */
  followUp(): Promise<readonly StepEvent[]>;
  /** What is wrong with the whole, if anything is. */
  proof(): Promise<Proof>;
}

export interface Proof {
  readonly entries: number;
  readonly digest: string;
  readonly problems: readonly { readonly expected: string; readonly came: string }[];
}

const READER = 'auditor';
const PAGE = 100;

const ENTRIES = `query ($from: Seq!) {
  journal(from: $from, first: ${PAGE}) { nodes { seq actor text sealed } pageInfo { hasNextPage } asOf { fresh } }
}`;

const STANDING =
  '{ conservation { holds currencies { currency difference } asOf { fresh } } house { seq hash digest { seq ' +
  'digest } } }';

interface EntryRow {
  readonly seq: string;
  readonly actor: string;
  readonly text: string;
  readonly sealed: boolean; // bids of a round that is open are left out of it for now
}

export function createJournalReader(api: ScenarioApi): JournalReader {
  const definitions = createDefinitions();
  const texts: string[] = [];
  const sealed = new Set<number>();

  async function page(from = texts.length + 1): Promise<{ rows: readonly EntryRow[]; more: boolean }> {
    const { journal } = await ask<{
      journal: { nodes: EntryRow[]; pageInfo: { hasNextPage: boolean }; asOf: { fresh: boolean } };
    }>(api, ENTRIES, { from: String(from) });
    // An answer that is older than what was done before it says nothing of the end.
    return { rows: journal.nodes, more: journal.pageInfo.hasNextPage || !journal.asOf.fresh };
  }

  async function followUp(): Promise<readonly StepEvent[]> {
    const events: StepEvent[] = [];
    for (let more = true; more; ) {
      const read = await page();
      more = read.more;
      for (const row of read.rows) {
        assert(Number(row.seq) === texts.length + 1, 'The journal is read without gaps', {
          seq: row.seq,
          read: texts.length,
        });
        texts.push(row.text);
        if (row.sealed) sealed.add(texts.length);
        const made = eventsIn(row.text);
        if (!(STAGE_HANDS as readonly string[]).includes(row.actor)) events.push(...made);
      }
    }
    return events;
  }

  /** Reads again what was left out, now that its rounds have ended. */
  async function unseal(): Promise<void> {
    for (const seq of sealed) {
      const [row] = (await page(seq)).rows;
      if (row) texts[seq - 1] = row.text;
    }
    sealed.clear();
  }

  function eventsIn(text: string): StepEvent[] {
    const { seq, outcome } = decodeEntry(text);
    return eventsOf(outcome).map((event) => {
      definitions.learn(event);
      return stepEventOf(event, seq, definitions);
    });
  }

  return {
    followUp,
    async proof() {
      await followUp();
      await unseal();
      const standing = await ask<Standing>(api, STANDING, {});
      const again = await executedAgain(texts);
      return {
        entries: texts.length,
        digest: standing.house.digest.digest,
        problems: [...unbalanced(standing), ...diverging(standing, again)],
      };
    },
  };
}

interface Standing {
  readonly conservation: {
    readonly holds: boolean;
    readonly currencies: readonly { currency: string; difference: string }[];
  };
  readonly house: { readonly seq: string; readonly hash: string; readonly digest: { readonly digest: string } };
}

interface Again {
  readonly seq: number;
  readonly hash: string;
  readonly digest: string;
}

/** Every command of the journal executed again from nothing, and the chain of its hashes made anew. */
async function executedAgain(texts: readonly string[]): Promise<Again> {
  const journal = createMemoryJournal();
  await journal.append(texts);
  const digest = await verify(journal).then(
    ({ digest: same, spans }) =>
      spans.every(({ executed }) => executed) ? same : 'not executed: it names other rules',
    (error: unknown) => {
      if (error instanceof ReplayDiffers) return `${error.message}: ${error.executed}`;
      throw error;
    },
  );
  return { seq: journal.lastSeq, hash: journal.lastHash, digest };
}

const unbalanced = ({ conservation }: Standing): Proof['problems'] =>
  conservation.currencies
    .filter(({ difference }) => !conservation.holds && !/^-?0(\.0*)?$/.test(difference))
    .map(({ currency, difference }) => ({
      expected: `every ${currency} accounted for`,
      came: `a difference of ${difference} ${currency}`,
    }));

function diverging({ house }: Standing, again: Again): Proof['problems'] {
  const pairs = [
    [`entry ${house.seq} as the last of the journal`, String(again.seq) === house.seq, `entry ${again.seq}`],
    [`hash ${house.hash} of the last entry`, again.hash === house.hash, again.hash],
    [
      `digest ${house.digest.digest} when every command is executed again`,
      again.digest === house.digest.digest,
      again.digest,
    ],
  ] as const;
  return pairs.filter(([, same]) => !same).map(([expected, , came]) => ({ expected, came }));
}

async function ask<Data>(
  api: ScenarioApi,
  document: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<Data> {
  const { data, errors } = await api.execute(READER, document, variables);
  const [error] = errors;
  if (error || data === null)
    throw new Error(`The house does not answer its auditor: ${error?.code} ${error?.message}`);
  return data as Data;
}
