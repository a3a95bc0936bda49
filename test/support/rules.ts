/** Rules by their numbers: where docs/rules states them, and where code, tests, stories and documents cite them. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './source';

const STATED_IN = 'docs/rules';

/** Where rules are cited, and in which kinds of files. */
const CITED_IN: readonly (readonly [place: string, kind: RegExp])[] = [
  ['src', /\.ts$/],
  ['test', /\.(ts|yaml)$/],
  ['attack', /\.ts$/],
  ['bench', /\.ts$/],
  ['scripts', /\.(mjs|ts)$/],
  ['prisma', /\.prisma$/],
  ['docs', /\.md$/],
];

/** A system's rule (B1-4, IM-5), a disaster (S07), a case (A41, DY-M1, VEGA-MTM-03). */
const NUMBER = /(?<![\w-])(?:[A-Z][A-Z0-9]{1,4}-(?:[A-Z]{2,3}-|[A-Z])?\d{1,2}|[ACS]\d\d|X-\d)(?![\w-])/g;
const RULING = /\b[Rr]ulings? (\d+(?:(?:, | and )\d+)*)/g;

/** What looks like the number of a rule and is none: standards, and a currency of a test. */
const OTHERS = new Set(['UTF-8', 'CRC-32', 'BTC-2']);

/** The numbers that a text cites, each once. */
export function citedIn(text: string): string[] {
  const numbers = [...text.matchAll(NUMBER)].map(([number]) => number);
  const rulings = [...text.matchAll(RULING)].flatMap(([, list = '']) =>
    (list.match(/\d+/g) ?? []).map((n) => `Ruling ${n}`),
  );
  return [...new Set([...numbers, ...rulings])].filter((number) => !OTHERS.has(number));
}

/** The numbers that a page states, by headings or in the first column of its tables, as often as it does. */
export function statedIn(page: string): string[] {
  const found = page.matchAll(/^(?:### |\| )(Ruling \d+|[A-Z][A-Z0-9-]*\d)(?= )/gm);
  return [...found].map(([, number = '']) => number);
}

/** Every number that is stated, with the pages that do it; a page that does it twice stands there twice. */
export function statedRules(): Map<string, string[]> {
  const stated = new Map<string, string[]>();
  for (const path of filesIn(STATED_IN, /\.md$/))
    for (const number of statedIn(readFileSync(join(ROOT, path), 'utf8')))
      stated.set(number, [...(stated.get(number) ?? []), path]);
  return stated;
}

/** Every number that is cited, with the files that do it. */
export function citedRules(): Map<string, string[]> {
  const cited = new Map<string, string[]>();
  for (const path of CITED_IN.flatMap(([place, kind]) => filesIn(place, kind)))
    for (const number of citedIn(readFileSync(join(ROOT, path), 'utf8')))
      cited.set(number, [...(cited.get(number) ?? []), path]);
  return cited;
}

/** Numbers that are cited and not stated, each with a file that cites it. */
export function unstatedRules(): string[] {
  const stated = statedRules();
  return [...citedRules()].filter(([number]) => !stated.has(number)).map(([number, [path]]) => `${number} ${path}`);
}

/** Files of a kind under a folder, as paths from the root; nothing that tools have made. */
function filesIn(folder: string, kind: RegExp): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (path === 'src/store/generated') return [];
    if (entry.isDirectory()) return filesIn(path, kind);
    return kind.test(entry.name) ? [path] : [];
  });
}
