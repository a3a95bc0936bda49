/** What came of scenario files, in words: file, line and step of everything that was not as expected. */

import { type FileResult, isOwn } from './file';
import type { Failure } from './play';

export function failureText({ file, line, step, path, expected, came }: Failure): string {
  const where = `${file}:${line}  ${step === null ? 'at the end' : `step ${step}`}  ${path}`;
  return [where, `  expected  ${expected}`, `  came      ${came}`].join('\n');
}

const noteText = ({ file, line, step, came }: Failure): string =>
  `note    ${file}:${line}  step ${step} was not done: ${came}`;

/** A line for every story, and under it what failed; with `update` only what could not be written anew. */
export function reportLines({ file, stories, warnings }: FileResult, update: boolean): string[] {
  const told = warnings.map((warning) => `warning ${warning}`);
  const lines = stories.flatMap(({ story, failures, notes, steps, entries, digest }) => {
    const left = update ? failures.filter((failure) => !isOwn(failure, file)) : failures;
    const changed = failures.length - left.length;
    const came =
      `${steps} steps, ${entries} entries, digest ` +
      `${digest.slice(0, 12)}${changed > 0 ? `, ${changed} expectations written anew` : ''}`;
    const heading = `${left.length === 0 ? 'ok    ' : 'FAILED'}  ${story} (${came})`;
    return [heading, ...left.map(failureText), ...notes.map(noteText)];
  });
  return [...told, ...lines];
}

export const hasFailed = ({ file, stories }: FileResult, update: boolean): boolean =>
  stories.some(({ failures }) => failures.some((failure) => !update || !isOwn(failure, file)));
