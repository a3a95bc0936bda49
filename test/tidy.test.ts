/**
 * The rules of the house that a machine can check: who may import whom, what the core must not do, how large things
 * get.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { filesUnder, findings, importsOf, ROOT, targetOf } from './support/source';

const SOURCES = filesUnder('src');
const CORE = SOURCES.filter((path) => path.startsWith('src/core/'));
// The screen is the one place of floats: it decides nothing, it says by a proven bound who need not be looked at.
const EXACT = CORE.filter((path) => !path.startsWith('src/core/book/screen/'));
const PURE = SOURCES.filter((path) => path.startsWith('src/core/') || path.startsWith('src/units/'));
const DOC = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');

/** The tables of the architecture document: the names in their heading rows, and the cells of their rows. */
const TABLES = DOC.split(/\n(?!\|)/).flatMap((block) => {
  const [heading, , ...rows] = block
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map(cellsOf);
  return heading ? [{ heading, rows }] : [];
});

function cellsOf(line: string): string[] {
  const cells = line.split('|').slice(1, -1);
  return cells.map((cell) => cell.trim().replaceAll('`', ''));
}

/** The rooms of a folder in the order in which the document states them, where it does. */
const STATED = new Map(
  TABLES.flatMap(({ heading: [first = ''], rows }) => {
    const folder = /^room of (src\/\S+)$/.exec(first)?.[1];
    return folder === undefined ? [] : [[folder, rows.map(([room = '']) => room)] as const];
  }),
);

const folderOf = (path: string): string => path.split('/').slice(0, 2).join('/');

/** The files directly in a folder are a room of it as its subfolders are. */
const ITSELF = 'itself';

/** The room of a folder in which a file stands. */
function roomOf(folder: string, path: string): string | undefined {
  if (!path.startsWith(`${folder}/`)) return undefined;
  const [room = '', inside] = path.slice(folder.length + 1).split('/');
  return inside === undefined ? ITSELF : room;
}

const roomsOf = (folder: string): Set<string> => new Set(SOURCES.flatMap((path) => roomOf(folder, path) ?? []));

/** Every folder that has rooms besides itself. */
const FLOORS = [...new Set(SOURCES.flatMap(foldersAbove))].filter((folder) =>
  [...roomsOf(folder)].some((room) => room !== ITSELF),
);

/** Imports of project files, as pairs of importer and imported. */
const EDGES = SOURCES.flatMap((path) => importsOf(path).map((name) => [path, targetOf(path, name)] as const)).filter(
  (edge): edge is [string, string] => edge[1] !== undefined,
);

describe('who may import whom', () => {
  const table = TABLES.find(({ heading }) => heading[0] === 'floor' && heading[1] === 'folder');
  const floors = (table?.rows ?? []).map(([floor, folder, , allowed]) => ({
    floor: Number(floor),
    folder: String(folder),
    allowed: String(allowed),
  }));
  const floorOf = (folder: string): number => floors.find((row) => row.folder === folder)?.floor ?? 0;

  test('every folder of the source has its floor, and every file a folder', () => {
    const folders = [...new Set(SOURCES.map(folderOf))];
    expect(folders.filter((folder) => floorOf(folder) === 0)).toEqual([]);
    expect(floors.length).toBeGreaterThanOrEqual(8);
  });

  test('imports go down only, from floor to floor, types included', () => {
    const mayImport = (from: string, to: string): boolean => {
      const { floor = 0, allowed = '' } = floors.find((row) => row.folder === from) ?? {};
      if (from === to || allowed === 'everything') return true;
      if (allowed === 'everything below') return floorOf(to) < floor;
      return allowed.split(', ').some((name) => `src/${name}` === to);
    };
    const upward = EDGES.filter(([from, to]) => to.startsWith('src/') && !mayImport(folderOf(from), folderOf(to)));
    expect(upward).toEqual([]);
    expect(EDGES.filter(([, to]) => !to.startsWith('src/'))).toEqual([]);
  });

  test('a room imports rooms before it in the table of its folder, never after, types included', () => {
    expect([...STATED.keys()]).toEqual(expect.arrayContaining(['src/core', 'src/core/settlement', 'src/projections']));
    for (const [folder, rooms] of STATED) {
      expect({ folder, rooms: new Set(rooms) }).toEqual({ folder, rooms: roomsOf(folder) });
      const inside = stepsIn(folder);
      expect(inside.length).toBeGreaterThan(5);
      expect(inside.filter(({ from, to }) => rooms.indexOf(to) > rooms.indexOf(from)).map(({ edge }) => edge)).toEqual(
        [],
      );
    }
  });

  test('no circle of rooms on any floor, types included', () => {
    expect(FLOORS).toEqual(
      expect.arrayContaining([
        'src',
        'src/core',
        'src/core/settlement',
        'src/projections',
        'src/projections/settlement',
      ]),
    );
    const circles = FLOORS.flatMap((folder) =>
      circlesOf(stepsIn(folder).map(({ from, to }) => [from, to])).map((circle) => `${folder}: ${circle}`),
    );
    expect(circles).toEqual([]);
  });

  test('the core knows the units and nothing else: no package, no module of the machine', () => {
    const foreign = CORE.flatMap((path) =>
      importsOf(path)
        .filter((name) => !name.startsWith('.'))
        .map((name) => `${path} ${name}`),
    );
    expect(foreign).toEqual([]);
    const machine = PURE.flatMap((path) =>
      importsOf(path)
        .filter((name) => name.startsWith('node:'))
        .map((name) => `${path} ${name}`),
    );
    expect(machine).toEqual(['src/units/hash.ts node:crypto']);
  });

  test('no circle of files anywhere', () => {
    expect(circlesOf(EDGES)).toEqual([]);
  });
});

describe('what the core and the units must not do', () => {
  /** Names that reach for a clock, chance, the machine or the locale, wherever they stand. */
  const IMPURE = new Set([
    ...['process', 'globalThis', 'performance', 'console', 'fetch', 'require', 'Intl', 'Promise', 'queueMicrotask'],
    ...['setTimeout', 'setInterval', 'setImmediate', 'randomUUID', 'randomBytes', 'Temporal'],
  ]);
  const LOCALE = new Set([
    'localeCompare',
    'toLocaleString',
    'toLocaleDateString',
    'toLocaleTimeString',
    'toLocaleUpperCase',
    'toLocaleLowerCase',
  ]);

  const impure = (node: ts.Node): string | undefined => {
    if (ts.isIdentifier(node) && !isPropertyName(node) && IMPURE.has(node.text)) return node.text;
    if (ts.isPropertyAccessExpression(node)) {
      const text = node.getText();
      if (text === 'Date.now' || text === 'Math.random') return text;
      if (LOCALE.has(node.name.text)) return node.name.text;
    }
    if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length)
      return 'new Date()';
    if (ts.isCallExpression(node) && node.expression.getText() === 'Date') return 'Date()';
    if (ts.isAwaitExpression(node) || node.kind === ts.SyntaxKind.AsyncKeyword) return 'async';
    return undefined;
  };

  test('DS-1 no clock, no chance, no machine, no locale, nothing that waits', () => {
    expect(PURE.flatMap((path) => findings(path, impure))).toEqual([]);
  });

  test('DS-1 only whole numbers: no float literal, no function of Math that leaves them, no text read as a float', () => {
    const allowed = new Set(['floor', 'max', 'min']);
    const float = (node: ts.Node): string | undefined => {
      if (ts.isNumericLiteral(node) && !Number.isInteger(Number(node.text))) return node.getText();
      if (ts.isPropertyAccessExpression(node) && node.expression.getText() === 'Math' && !allowed.has(node.name.text))
        return node.getText();
      if (ts.isPropertyAccessExpression(node) && /^(toFixed|toPrecision|toExponential)$/.test(node.name.text))
        return node.name.text;
      if (!ts.isCallExpression(node)) return undefined;
      return /^(parseFloat|Number\.parseFloat|parseInt|Number\.parseInt|Number)$/.test(node.expression.getText())
        ? node.getText()
        : undefined;
    };
    // A column holds the nearest float of an integer, and the integer itself beside it where they differ: made in one
    // place.
    const floats = EXACT.flatMap((path) => findings(path, float)).map((line) => line.replace(/:\d+ /, ' '));
    expect(floats).toEqual(['src/core/book/columns.ts Number(value)']);
    const readsFloat = (node: ts.Node): string | undefined =>
      ts.isIdentifier(node) && node.text === 'parseFloat' ? node.text : undefined;
    expect(SOURCES.flatMap((path) => findings(path, readsFloat))).toEqual([]);
  });

  test('DS-1 no bare number in the core: how many or which one is a Count, a time an Instant or a Duration', () => {
    const bare = (node: ts.Node): string | undefined => {
      const named =
        ts.isPropertySignature(node) ||
        ts.isParameter(node) ||
        ts.isPropertyDeclaration(node) ||
        ts.isVariableDeclaration(node);
      return named && node.type && mentionsNumber(node.type)
        ? `${node.name.getText()}: ${node.type.getText()}`
        : undefined;
    };
    // The book numbers rows and names, and screens by floats; what it is asked for and what it hands out are domain
    // values.
    const outside = CORE.filter((path) => !path.startsWith('src/core/book/'));
    expect(outside.flatMap((path) => findings(path, bare))).toEqual([]);
  });

  test('DS-1 division is of integers, or of instants under Math.floor', () => {
    const program = ts.createProgram(
      CORE.map((path) => join(ROOT, path)),
      { target: ts.ScriptTarget.ES2023, lib: ['lib.es2023.d.ts'], types: [], strict: true, noEmit: true },
    );
    const checker = program.getTypeChecker();
    const divisions: string[] = [];
    let seen = 0;
    for (const path of EXACT) {
      const tree = program.getSourceFile(join(ROOT, path)) as ts.SourceFile;
      const look = (node: ts.Node): void => {
        if (ts.isBinaryExpression(node) && /^(\/=?|\*\*=?)$/.test(node.operatorToken.getText())) {
          seen += 1;
          const integers = (checker.getTypeAtLocation(node).flags & ts.TypeFlags.BigIntLike) !== 0;
          const floored = ts.isCallExpression(node.parent) && node.parent.expression.getText() === 'Math.floor';
          if (!integers && !floored) divisions.push(`${path} ${node.getText()}`);
        }
        ts.forEachChild(node, look);
      };
      look(tree);
    }
    expect(divisions).toEqual([]);
    expect(seen).toBeGreaterThan(10);
  });

  test('a check answers with what it checked, or the reason why not', () => {
    let seen = 0;
    const other = (node: ts.Node): string | undefined => {
      const made =
        ts.isVariableDeclaration(node) && node.initializer && ts.isArrowFunction(node.initializer)
          ? node.initializer
          : node;
      if (!ts.isFunctionDeclaration(made) && !ts.isArrowFunction(made)) return undefined;
      const { name } = ts.isVariableDeclaration(node) || ts.isFunctionDeclaration(node) ? node : made;
      if (!name || !/^check[A-Z]/.test(name.getText())) return undefined;
      seen += 1;
      return made.type?.getText().startsWith('Checked<') ? undefined : name.getText();
    };
    expect(CORE.flatMap((path) => findings(path, other))).toEqual([]);
    expect(seen).toBeGreaterThan(100);
  });

  test('the table of commands names checks and verbs and holds no rule', () => {
    let entries = 0;
    const rule = (node: ts.Node): string | undefined => {
      if (!ts.isCallExpression(node) || node.expression.getText() !== 'on') return undefined;
      entries += 1;
      const named = node.arguments.every((given) => ts.isStringLiteral(given) || /^[\w.]+$/.test(given.getText()));
      return named ? undefined : node.arguments[0]?.getText();
    };
    expect(findings('src/core/engine/commands.ts', rule)).toEqual([]);
    expect(entries).toBeGreaterThan(80);
  });

  test('no class in the core', () => {
    const classes = (node: ts.Node): string | undefined => (ts.isClassLike(node) ? 'class' : undefined);
    expect(CORE.flatMap((path) => findings(path, classes))).toEqual([]);
  });
});

/** Imports from one room of a folder into another. */
const stepsIn = (folder: string): { from: string; to: string; edge: readonly [string, string] }[] =>
  EDGES.flatMap((edge) => {
    const [from, to] = [roomOf(folder, edge[0]), roomOf(folder, edge[1])];
    return from === undefined || to === undefined || from === to ? [] : [{ from, to, edge }];
  });

/** The folders a file stands in, from the root of the source down. */
function foldersAbove(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, depth) => parts.slice(0, depth + 1).join('/'));
}

/** Ways along the arrows that come back to where they began. */
function circlesOf(arrows: readonly (readonly [from: string, to: string])[]): string[] {
  const next = new Map<string, Set<string>>();
  for (const [from, to] of arrows) next.set(from, (next.get(from) ?? new Set()).add(to));
  const done = new Set<string>();
  const circles: string[] = [];
  const follow = (at: string, trail: readonly string[]): void => {
    const met = trail.indexOf(at);
    if (met >= 0) circles.push([...trail.slice(met), at].join(' > '));
    if (met >= 0 || done.has(at)) return;
    for (const to of next.get(at) ?? []) follow(to, [...trail, at]);
    done.add(at);
  };
  for (const at of next.keys()) follow(at, []);
  return circles;
}

function isPropertyName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  return (ts.isPropertySignature(parent) || ts.isPropertyAssignment(parent)) && parent.name === node;
}

function mentionsNumber(type: ts.TypeNode): boolean {
  if (type.kind === ts.SyntaxKind.NumberKeyword) return true;
  if (ts.isUnionTypeNode(type)) return type.types.some(mentionsNumber);
  return ts.isArrayTypeNode(type) && mentionsNumber(type.elementType);
}
