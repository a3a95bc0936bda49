/**
 * `npm run measure`: what the code looks like today, beside what it is to look like. With `--list` it names what it
 * counted; with `--compile` it also takes each definition away and lists the files in which the compiler then finds
 * errors: those that are no place apply it, or follow from it.
 */

import { unstatedRules } from '../../test/support/rules';
import { brokenWithout } from './compile';
import { circlesOfRooms, linesUnder, longLines } from './counts';
import { exportsForTests } from './exported';
import { placesOf, SUBJECTS } from './places';

const AIM_OF_LINE = 120;

interface Figure {
  readonly what: string;
  readonly today: number;
  readonly aim: string;
  readonly list?: readonly string[];
}

function figures(): Figure[] {
  const { longest, where, over } = longLines(AIM_OF_LINE);
  const exported = exportsForTests();
  const circles = circlesOfRooms().map(({ folder, rooms }) => `${folder}: ${rooms.join(', ')}`);
  const unstated = unstatedRules();
  return [
    ...SUBJECTS.map((subject) => {
      const list = placesOf(subject);
      return { what: `places by hand for ${subject.what}`, today: list.length, aim: `${subject.aim}`, list };
    }),
    { what: 'lines of src', today: linesUnder('src'), aim: 'fewer' },
    { what: 'lines of src/graphql', today: linesUnder('src/graphql'), aim: 'below 12500' },
    { what: 'circles of rooms', today: circles.length, aim: '0', list: circles },
    { what: 'longest line', today: longest, aim: `${AIM_OF_LINE}`, list: [where] },
    { what: `lines longer than ${AIM_OF_LINE}`, today: over, aim: '0' },
    { what: 'rules cited and not stated', today: unstated.length, aim: '0', list: unstated },
    { what: 'exports that only tests import', today: exported.length, aim: 'fewer', list: exported },
  ];
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const asked = new Set(process.argv.slice(2));
const all = figures();
const width = Math.max(...all.map(({ what }) => what.length));
say(`${''.padEnd(width)}   today  aim`);
for (const { what, today, aim, list = [] } of all) {
  say(`${what.padEnd(width)}  ${String(today).padStart(6)}  ${aim}`);
  if (asked.has('--list')) for (const line of list) say(`    ${line}`);
}
if (asked.has('--compile')) {
  for (const [i, broken] of brokenWithout(SUBJECTS).entries()) {
    const subject = SUBJECTS[i] as (typeof SUBJECTS)[number];
    const places = new Set(placesOf(subject));
    say(`\nWithout its definition, ${subject.what} is missed in ${broken.length} files:`);
    for (const path of broken) say(`    ${path}${places.has(path) ? '' : '  (no place)'}`);
    const silent = [...places].filter((path) => !broken.includes(path));
    say(`  The compiler says nothing of ${silent.length} places:`);
    for (const path of silent) say(`    ${path}`);
  }
}
