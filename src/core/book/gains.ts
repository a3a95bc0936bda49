/**
 * What positions have gained since the loss period began, or were posted since they were opened. Before the first
 * settlement nobody has gained anything, after it nearly everybody has: so the column comes in pages, made when
 * somebody on them gains.
 */

import { bytesOfMap, INTEGER } from './bytes';
import { type Beyond, integerAt, setInteger } from './columns';

export interface SavedGains {
  readonly pages: readonly (Float64Array | undefined)[];
  readonly beyond: Beyond;
}

export interface Gains {
  at(row: number): bigint;
  isZero(row: number): boolean;
  set(row: number, value: bigint): void;
  save(): SavedGains;
  bytes(): number;
}

const PAGE = 4096;

export const noGains = (): SavedGains => ({ pages: [], beyond: new Map() });

export function createGains(saved?: SavedGains): Gains {
  const pages = saved ? saved.pages.map((page) => page?.slice()) : [];
  const beyond: Beyond = new Map(saved?.beyond);
  return {
    at(row) {
      const page = pages[Math.floor(row / PAGE)];
      return page ? integerAt(page, beyond, row, row % PAGE) : 0n;
    },
    isZero(row) {
      const page = pages[Math.floor(row / PAGE)];
      return page === undefined || page[row % PAGE] === 0;
    },
    set(row, value) {
      const number = Math.floor(row / PAGE);
      let page = pages[number];
      if (!page) {
        if (value === 0n) return;
        while (pages.length < number) pages.push(undefined);
        page = new Float64Array(PAGE);
        pages[number] = page;
      }
      setInteger(page, beyond, row, value, row % PAGE);
    },
    save: () => ({ pages: pages.map((page) => page?.slice()), beyond: new Map(beyond) }),
    bytes: () => pages.length * 8 + pages.filter((page) => page).length * PAGE * 8 + bytesOfMap(beyond, INTEGER),
  };
}
