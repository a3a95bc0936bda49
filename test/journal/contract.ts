/**
 * What every journal and every store of snapshots does, whatever is behind it. Each implementation runs these tests.
 */

import fc from 'fast-check';
import { GENESIS_HASH, type Journal, type SavedSnapshot, type Snapshots } from '../../src/journal/journal';
import { readAll, recordsOf, textsOf } from './lines';

export interface JournalHome {
  /** Opens the journal that is there, or begins an empty one. */
  open(): Promise<Journal>;
}

/** Any text that a line can hold: all of Unicode but line feeds and NUL. */
export const line = (): fc.Arbitrary<string> =>
  fc.string({ unit: 'binary', maxLength: 200 }).map((text) => text.replaceAll(/[\n\0]/g, ' '));

export function journalContract(newHome: () => Promise<JournalHome>, { runs = 25 }: { runs?: number } = {}): void {
  let home: JournalHome;
  let journal: Journal;

  beforeEach(async () => {
    home = await newHome();
    journal = await home.open();
  });
  afterEach(() => journal.close());

  const reopen = async () => {
    await journal.close();
    journal = await home.open();
  };

  test('DS-4 begins empty', async () => {
    expect(journal.lastSeq).toBe(0);
    expect(journal.lastHash).toBe(GENESIS_HASH);
    expect(await readAll(journal)).toEqual([]);
  });

  test('DS-4 numbers lines from 1 without gaps and chains their hashes', async () => {
    const texts = textsOf(1, 7);
    await journal.append(texts.slice(0, 1));
    await journal.append(texts.slice(1, 5));
    await journal.append(texts.slice(5));
    const records = recordsOf(texts);
    expect(journal.lastSeq).toBe(7);
    expect(journal.lastHash).toBe(records.at(-1)?.hash);
    expect(await readAll(journal)).toEqual(records);
  });

  test('DS-4 an append of nothing changes nothing', async () => {
    await journal.append(['a']);
    await journal.append([]);
    expect(journal.lastSeq).toBe(1);
    await journal.append(['b']);
    expect(await readAll(journal)).toEqual(recordsOf(['a', 'b']));
  });

  test('DS-4 reads from any number on, and nothing from past the end', async () => {
    const texts = textsOf(1, 12);
    await journal.append(texts.slice(0, 5));
    await journal.append(texts.slice(5));
    const records = recordsOf(texts);
    for (let from = 0; from <= 14; from++)
      expect(await readAll(journal, from)).toEqual(records.slice(Math.max(0, from - 1)));
  });

  test('DS-4 appends that are asked for at once come one after the other', async () => {
    const texts = textsOf(1, 30);
    await Promise.all(texts.map((text) => journal.append([text])));
    expect(await readAll(journal)).toEqual(recordsOf(texts));
  });

  test('X-3 what was appended is there after opening again, and goes on', async () => {
    const texts = textsOf(1, 20);
    await journal.append(texts.slice(0, 8));
    await reopen();
    expect([journal.lastSeq, journal.lastHash]).toEqual([8, recordsOf(texts)[7]?.hash]);
    await journal.append(texts.slice(8));
    await reopen();
    expect(await readAll(journal)).toEqual(recordsOf(texts));
  });

  test('X-3 any lines in any appends, opened again anywhere, read the same from anywhere', async () => {
    await fc.assert(
      fc
        .asyncProperty(
          fc.array(fc.record({ lines: fc.array(line(), { maxLength: 6 }), again: fc.boolean() }), { maxLength: 6 }),
          fc.nat(),
          async (appends, from) => {
            const written: string[] = [];
            for (const { lines, again } of appends) {
              await journal.append(lines);
              written.push(...lines);
              if (again) await reopen();
            }
            const start = 1 + (from % (written.length + 1));
            expect(journal.lastSeq).toBe(written.length);
            expect(await readAll(journal, start)).toEqual(recordsOf(written).slice(start - 1));
          },
        )
        .beforeEach(async () => {
          await journal.close();
          home = await newHome();
          journal = await home.open();
        }),
      { numRuns: runs },
    );
  });

  test('DS-3 a reader sees durable entries only, while appends go on', async () => {
    const texts = textsOf(1, 60);
    let durable = 0;
    const writing = (async () => {
      for (let i = 0; i < texts.length; i += 3) {
        await journal.append(texts.slice(i, i + 3));
        durable = i + 3;
      }
    })();
    const records = recordsOf(texts);
    let seen = 0;
    while (seen < texts.length) {
      for await (const record of journal.read(seen + 1)) {
        expect(record).toEqual(records[seen]);
        seen += 1;
        expect(seen).toBeLessThanOrEqual(journal.lastSeq);
      }
      expect(seen).toBeGreaterThanOrEqual(durable - 3);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await writing;
  });

  test('DS-3 a reader that pauses goes on with what was appended meanwhile', async () => {
    const texts = textsOf(1, 40);
    await journal.append(texts.slice(0, 2));
    const records = recordsOf(texts);
    const seen = [];
    for await (const record of journal.read(1)) {
      seen.push(record);
      if (record.seq === 1) await journal.append(texts.slice(2, 4));
      if (record.seq === 4) for (const text of texts.slice(4)) await journal.append([text]);
    }
    expect(seen).toEqual(records);
  });

  test('DS-3 closing again changes nothing', async () => {
    await journal.append(['a']);
    await Promise.all([journal.close(), journal.close()]);
    await journal.close();
    await reopen();
    expect(journal.lastSeq).toBe(1);
  });

  test('DS-4 a reader that stops early leaves the journal usable', async () => {
    await journal.append(textsOf(1, 10));
    for await (const { seq } of journal.read(1)) if (seq === 3) break;
    await journal.append(textsOf(11, 11));
    expect((await readAll(journal, 10)).map(({ seq }) => seq)).toEqual([10, 11]);
  });
}

export function snapshotsContract(newSnapshots: () => Promise<Snapshots>): void {
  const of = (seq: number, size = 1000): SavedSnapshot => ({
    seq,
    digest: `digest of ${seq}`,
    bytes: Uint8Array.from({ length: size }, (_, i) => (i * seq) % 256),
  });
  const plain = (snapshot: SavedSnapshot | undefined) =>
    snapshot && { ...snapshot, bytes: Buffer.from(snapshot.bytes).toString('hex') };

  test('X-3 there is none at first', async () => {
    expect(await (await newSnapshots()).latest(1_000_000)).toBeUndefined();
  });

  test('X-3 gives back the newest at or below a number, byte for byte', async () => {
    const snapshots = await newSnapshots();
    await snapshots.save(of(5));
    await snapshots.save(of(10));
    expect(await snapshots.latest(4)).toBeUndefined();
    expect(plain(await snapshots.latest(9))).toEqual(plain(of(5)));
    expect(plain(await snapshots.latest(10))).toEqual(plain(of(10)));
    expect(plain(await snapshots.latest(11))).toEqual(plain(of(10)));
  });

  test('X-3 keeps the newest two', async () => {
    const snapshots = await newSnapshots();
    for (const seq of [1, 2, 3, 40, 500]) await snapshots.save(of(seq));
    expect((await snapshots.latest(39))?.seq).toBeUndefined();
    expect((await snapshots.latest(499))?.seq).toBe(40);
    expect((await snapshots.latest(500))?.seq).toBe(500);
  });

  test('X-3 saving the same entry again replaces it', async () => {
    const snapshots = await newSnapshots();
    await snapshots.save(of(7));
    await snapshots.save({ ...of(7), digest: 'other' });
    expect((await snapshots.latest(7))?.digest).toBe('other');
  });

  test('X-3 a snapshot of a past that was given up goes when the present is saved', async () => {
    const snapshots = await newSnapshots();
    await snapshots.save(of(10));
    await snapshots.save(of(20));
    await snapshots.save(of(8));
    expect((await snapshots.latest(100))?.seq).toBe(8);
  });

  test('X-3 a snapshot without bytes, and one of some megabytes', async () => {
    const snapshots = await newSnapshots();
    await snapshots.save(of(1, 0));
    expect(plain(await snapshots.latest(1))).toEqual(plain(of(1, 0)));
    await snapshots.save(of(2, 17_000_000));
    expect(Buffer.from((await snapshots.latest(2))?.bytes ?? []).equals(of(2, 17_000_000).bytes)).toBe(true);
  });
}
