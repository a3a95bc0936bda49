/** Reading scenario files. What cannot be understood is refused with its line, never passed over. */

import { dirname, isAbsolute, join } from 'node:path';
import { type Document, isMap, isNode, isSeq, LineCounter, type Node, parseAllDocuments, type YAMLMap } from 'yaml';
import { Malformed } from '../../units/failure';
import { parseInstant } from '../../units/instant';
import { type Instant, instant } from '../../units/quantity';
import { fieldsOf, textAt } from './nodes';
import { underNamesOfToday } from './oldNames';
import { malformed, type Scenario, ScenarioMalformed, type Source, type Step } from './scenario';
import { readStep } from './step';

/** The text of a file; throws where there is none. */
export type ReadText = (path: string) => string;

/** When a scenario begins that does not say. */
export const STANDARD_START: Instant = instant(Date.UTC(2025, 9, 10, 12));

const KEYS = ['story', 'given', 'start', 'let', 'steps'] as const;

/** The stories of a file: its YAML documents, each with a house of its own. Throws ScenarioMalformed. */
export function readScenarios(file: string, read: ReadText): Scenario[] {
  const sources = readSources(file, read);
  if (sources.length === 0) throw new ScenarioMalformed(file, 1, 'The file is empty.');
  return sources.map((source) => {
    const { node, ...told } = readStory(source, read, [file]);
    const { story, start } = fieldsOf(source, node, KEYS);
    if (!story) throw malformed(source, node, 'A scenario says what it shows: `story`.');
    if (!told.steps.some((step) => !step.given)) throw malformed(source, node, 'A scenario has steps of its own.');
    return {
      ...told,
      source,
      story: textAt(source, story, 'story'),
      start: start ? readStart(source, start) : STANDARD_START,
    };
  });
}

interface Story {
  readonly node: YAMLMap;
  readonly steps: readonly Step[];
  readonly values: ReadonlyMap<string, unknown>;
  readonly sources: readonly Source[];
}

/** A document with what it includes: included steps come first, and its own values stand before theirs. */
function readStory(source: Source, read: ReadText, trail: readonly string[]): Story {
  const node = source.document.contents;
  if (!isMap(node)) throw malformed(source, node, `A scenario is a map of ${KEYS.join(', ')}.`);
  const { given, let: own, steps } = fieldsOf(source, node, KEYS);
  const included = givenFiles(source, given).map(({ path, at }) => {
    const file = isAbsolute(path) ? path : join(dirname(source.file), path);
    if (trail.includes(file)) throw malformed(source, at, `${path} includes itself.`);
    return readStory(openGiven(source, at, file, read), read, [...trail, file]);
  });
  const values = new Map(included.flatMap((story) => [...story.values]));
  if (own && !isMap(own)) throw malformed(source, own, '`let` is a map of names to values.');
  for (const [name, value] of Object.entries((own?.toJS(source.document) ?? {}) as Record<string, unknown>))
    values.set(name, value);
  if (steps && !isSeq(steps)) throw malformed(source, steps, '`steps` is a list.');
  const written = (steps?.items ?? []).map((item, i) => readStep(source, item, i + 1, trail.length > 1));
  const sources = [source, ...included.flatMap((story) => story.sources)];
  return { node, values, sources, steps: [...included.flatMap((story) => story.steps), ...written] };
}

function givenFiles(source: Source, given: Node | undefined): { path: string; at: Node }[] {
  if (!given) return [];
  const nodes = isSeq(given) ? given.items : [given];
  return nodes.map((node) => ({ path: textAt(source, node, 'given'), at: node as Node }));
}

function openGiven(source: Source, at: Node, file: string, read: ReadText): Source {
  let sources: Source[];
  try {
    sources = readSources(file, read);
  } catch (error) {
    throw error instanceof ScenarioMalformed ? error : malformed(source, at, `${file} cannot be read.`);
  }
  const [only] = sources;
  if (!only || sources.length > 1) throw malformed(source, at, `${file} is to hold one document.`);
  return only;
}

function readSources(file: string, read: ReadText): Source[] {
  const lines = new LineCounter();
  const documents: readonly Document[] = parseAllDocuments(read(file), { lineCounter: lines, prettyErrors: false });
  return documents.map((document) => {
    const [error] = document.errors;
    if (error) throw new ScenarioMalformed(file, lines.linePos(error.pos[0]).line, firstLine(error.message));
    const place = (node: unknown): number => lineOf(lines, document, node);
    return { file, document, lineOf: place, renamed: underNamesOfToday(document, place) };
  });
}

function lineOf(lines: LineCounter, document: Document, node: unknown): number {
  const place = isNode(node) ? node.range?.[0] : undefined;
  return lines.linePos(place ?? document.range?.[0] ?? 0).line;
}

const firstLine = (text: string): string => text.split('\n')[0] ?? text;

function readStart(source: Source, node: Node): Instant {
  try {
    return parseInstant(textAt(source, node, 'start'));
  } catch (error) {
    if (error instanceof Malformed)
      throw malformed(source, node, '`start` is an instant such as 2025-10-10T12:00:00Z.');
    throw error;
  }
}
