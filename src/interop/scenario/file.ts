/**
 * Running a scenario file: every story in it against a house of its own, and the file written anew where that is asked
 * for.
 */

import { Lexer } from 'yaml';
import type { OpenScenarioHouse } from './api';
import { type Failure, type Played, play } from './play';
import { type ReadText, readScenarios } from './read';
import type { Scenario, Source } from './scenario';

export interface StoryResult extends Played {
  readonly story: string;
}

export interface FileResult {
  readonly file: string;
  readonly stories: readonly StoryResult[];
  readonly warnings: readonly string[]; // of old names, each once
  /** The file with what came in the place of what was expected; null where nothing was, or could be, written anew. */
  readonly rewritten: string | null;
}

/** Throws ScenarioMalformed. */
export async function runScenarioFile(file: string, read: ReadText, open: OpenScenarioHouse): Promise<FileResult> {
  const scenarios = readScenarios(file, read);
  const stories: StoryResult[] = [];
  for (const scenario of scenarios) {
    const { api, close } = await open(scenario.start);
    try {
      stories.push({ story: scenario.story, ...(await play(scenario, api)) });
    } finally {
      await close();
    }
  }
  const fixes = stories.flatMap(({ failures }) => failures).filter((failure) => isOwn(failure, file));
  for (const { fix } of fixes) fix?.();
  const renamed = scenarios.some(({ source }) => source.renamed.length > 0);
  const warnings = [...new Set(scenarios.flatMap(({ sources }) => sources.flatMap(warningsOf)))];
  return { file, stories, warnings, rewritten: fixes.length > 0 || renamed ? textOf(scenarios) : null };
}

const warningsOf = ({ file, renamed }: Source): string[] =>
  renamed.map(({ line, was, is }) => `${file}:${line}  \`${was}\` is called \`${is}\` now`);

/** Whether a failure can be written anew in the file itself; included files are not touched. */
export const isOwn = (failure: Failure, file: string): boolean => failure.fix !== undefined && failure.file === file;

/** How scenario files are written: what is in one line stays in it as far as it fits. */
const FORMAT = { lineWidth: 140, flowCollectionPadding: true };

/** The documents as text, comments and all. */
export const textOf = (scenarios: readonly Scenario[]): string =>
  closedUp(scenarios.map(({ source }) => source.document.toString(FORMAT)).join(''));

/** Marks by which the lexer says what a token is; they are no part of the text. */
const MARKS = '\u0002\u0018\u001f';

/** `[a]` instead of `[ a ]`, as formatters write lists. The library pads maps and lists alike. */
function closedUp(text: string): string {
  const tokens = [...new Lexer().lex(text)]
    .map((token) => (MARKS.includes(token) ? '' : token))
    .filter((token) => token !== '');
  return tokens.filter((token, i) => token !== ' ' || (tokens[i - 1] !== '[' && tokens[i + 1] !== ']')).join('');
}
