/**
 * How much space is left: looked at before the first command, again and again, and enough only when there is clearly
 * enough.
 */

import fs from 'node:fs/promises';
import { watchSpace } from '../../src/main/space';
import type { Trouble } from '../../src/sequencer/house';

const FOLDER = '/somewhere';
const told: (Trouble | undefined)[] = [];
const onChange = (low: Trouble | undefined): void => void told.push(low);
let free = 0;

beforeEach(() => {
  told.length = 0;
  jest.useFakeTimers();
  jest.spyOn(fs, 'statfs').mockImplementation((async () => {
    if (free < 0) throw new Error('nobody knows');
    return { bavail: free, bsize: 1_000 };
  }) as unknown as typeof fs.statfs);
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

test('a disk that fills up and is cleared', async () => {
  free = 60_000;
  const space = await watchSpace({ folder: FOLDER, least: 50_000_000, onChange });
  expect(space.low).toBeUndefined();
  for (const [now, low] of [
    [50_000, false],
    [49_999, true],
    [54_999, true], // enough, but hardly
    [-1, true], // where the system says nothing, all stays as it is
    [55_001, false],
    [0, true],
  ] as const) {
    free = now;
    await jest.advanceTimersByTimeAsync(1_100);
    expect([now, space.low !== undefined]).toEqual([now, low]);
  }
  expect(told.map((trouble) => trouble?.says)).toEqual([
    '49 MB are free for /somewhere, and 50 MB are to be',
    undefined,
    '0 MB are free for /somewhere, and 50 MB are to be',
  ]);
  space.stop();
});

test('a full disk is known before the first command, and with a least of 0 nobody looks', async () => {
  free = 0;
  const [full, blind] = [
    await watchSpace({ folder: FOLDER, least: 1, onChange }),
    await watchSpace({ folder: FOLDER, least: 0, onChange }),
  ];
  expect([full.low?.kind, blind.low]).toEqual(['SPACE_LOW', undefined]);
  full.stop();
});
