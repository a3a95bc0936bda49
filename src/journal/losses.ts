/**
 * Losses that were accepted: a record that stays, so that whoever reads the journal later knows that it once held more.
 * In a data folder it is a file, a line of JSON each; in Postgres it is the comment on the journal's table.
 */

import { appendFile, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Client } from 'pg';
import { FILE_MODE } from '../store/private';
import type { Seq } from '../units/quantity';
import { syncFolder } from './durable';

export interface Loss {
  readonly at: string; // when it was accepted, by the clock of the machine
  readonly from: Seq; // entries that are lost
  readonly to: Seq;
  readonly head: string; // of the journal that is gone on with
  readonly witnesses: readonly string[];
}

export interface Losses {
  record(loss: Loss): Promise<void>;
  all(): Promise<Loss[]>;
}

export const fileLosses = (path: string): Losses => ({
  async record(loss) {
    await appendFile(path, lineOf(loss), { mode: FILE_MODE });
    const file = await open(path, 'r+');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    await syncFolder(dirname(path));
  },
  all: async () => lossesIn(await readFile(path, 'utf8').catch(() => '')),
});

export function postgresLosses(url: string): Losses {
  const text = async (client: Client): Promise<string> => {
    const { rows } = await client.query<{ text: string | null }>(
      `SELECT obj_description('"JournalBlock"'::regclass) AS text`,
    );
    return rows[0]?.text ?? '';
  };
  return {
    record: (loss) =>
      withClient(url, async (client) => {
        await client.query(
          `COMMENT ON TABLE "JournalBlock" IS ${client.escapeLiteral(`${await text(client)}${lineOf(loss)}`)}`,
        );
      }),
    all: () => withClient(url, async (client) => lossesIn(await text(client))),
  };
}

const lineOf = (loss: Loss): string => `${JSON.stringify(loss)}\n`;

const lossesIn = (text: string): Loss[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Loss);

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
  }
}
