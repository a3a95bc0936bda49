/** Looks now and then how much space is left on the disk of the data folder. */

import { statfs } from 'node:fs/promises';
import type { Trouble } from '../sequencer/house';
import { type SpaceGauge, troubleOf } from '../sequencer/troubles';

export interface SpaceWatch extends SpaceGauge {
  stop(): void;
}

export interface SpaceWatchOptions {
  readonly folder: string;
  readonly least: number; // bytes; with fewer there is little space left, 0 never looks
  readonly onChange: (low: Trouble | undefined) => void;
}

const EVERY_MS = 1_000;

/**
 * So much more than the least must be there before there is enough again, so that it does not come and go with every
 * file.
 */
const ENOUGH_AGAIN = 1.1;

/** Resolves after the first look. */
export async function watchSpace({ folder, least, onChange }: SpaceWatchOptions): Promise<SpaceWatch> {
  let low: Trouble | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function look(): Promise<void> {
    const free = await freeOn(folder);
    const wanted = low ? least * ENOUGH_AGAIN : least;
    if (free !== undefined && free < wanted !== (low !== undefined)) {
      low = low
        ? undefined
        : troubleOf('SPACE_LOW', `${megabytes(free)} MB are free for ${folder}, and ${megabytes(least)} MB are to be`);
      onChange(low);
    }
    if (!stopped) timer = setTimeout(() => void look(), EVERY_MS).unref();
  }
  if (least > 0) await look();

  return {
    get low() {
      return low;
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** Bytes that this process may still write there; undefined where the system does not say. */
async function freeOn(folder: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

const megabytes = (bytes: number): number => Math.floor(bytes / 1_000_000);
