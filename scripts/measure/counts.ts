/** What the code looks like, in figures that are read off the files. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder, importsOf, ROOT, targetOf } from '../../test/support/source';

const SOURCES = filesUnder('src');

const linesOf = (path: string): string[] => readFileSync(join(ROOT, path), 'utf8').replace(/\n$/, '').split('\n');

export const linesUnder = (folder: string): number =>
  filesUnder(folder).reduce((sum, path) => sum + linesOf(path).length, 0);

/** The longest line of source and tests, and how many are longer than so many characters. */
export function longLines(most: number): { readonly longest: number; readonly where: string; readonly over: number } {
  let [longest, where, over] = [0, '', 0];
  for (const path of [...SOURCES, ...filesUnder('test')])
    for (const [i, { length }] of linesOf(path).entries()) {
      if (length > most) over += 1;
      if (length > longest) [longest, where] = [length, `${path}:${i + 1}`];
    }
  return { longest, where, over };
}

type Arrow = readonly [from: string, to: string];

/** Circles of rooms: of each folder with folders in it, the groups of rooms that import each other, round about. */
export function circlesOfRooms(): { readonly folder: string; readonly rooms: readonly string[] }[] {
  const edges = SOURCES.flatMap((path) =>
    importsOf(path).flatMap((name): Arrow[] => {
      const to = targetOf(path, name);
      return to ? [[path, to]] : [];
    }),
  );
  const folders = new Set(
    SOURCES.flatMap((path) =>
      path
        .split('/')
        .slice(0, -1)
        .map((_, i, parts) => parts.slice(0, i + 1).join('/')),
    ),
  );
  return [...folders].sort().flatMap((folder) => {
    const roomOf = (path: string): string | undefined => {
      if (!path.startsWith(`${folder}/`)) return undefined;
      const [room = '', inside] = path.slice(folder.length + 1).split('/');
      return inside === undefined ? 'itself' : room;
    };
    const steps = edges.flatMap(([from, to]): Arrow[] => {
      const [one, other] = [roomOf(from), roomOf(to)];
      return one === undefined || other === undefined || one === other ? [] : [[one, other]];
    });
    return circlesOf(steps).map((rooms) => ({ folder, rooms }));
  });
}

/** Groups of more than one in which everybody can be reached from everybody, by Tarjan's walk. */
export function circlesOf(arrows: readonly Arrow[]): string[][] {
  const next = new Map<string, Set<string>>();
  for (const [from, to] of arrows) next.set(from, (next.get(from) ?? new Set()).add(to));
  const [met, low, open] = [new Map<string, number>(), new Map<string, number>(), [] as string[]];
  const circles: string[][] = [];
  const follow = (at: string): number => {
    met.set(at, met.size);
    open.push(at);
    let least = met.get(at) as number;
    for (const to of next.get(at) ?? []) {
      if (!met.has(to)) least = Math.min(least, follow(to));
      else if (open.includes(to)) least = Math.min(least, low.get(to) ?? (met.get(to) as number));
    }
    low.set(at, least);
    if (least !== met.get(at)) return least;
    const circle = open.splice(open.indexOf(at));
    if (circle.length > 1) circles.push(circle.sort());
    return least;
  };
  for (const at of next.keys()) if (!met.has(at)) follow(at);
  return circles;
}
