/**
 * What the API says of itself is plain English, as far as a machine can tell: short sentences, no chains, a full stop.
 */

import { everything } from './everything';

/** Words that a sentence may have. */
const LONGEST = 32;

/** Constructions that chain thoughts, or say nothing without what stands around them. */
const BANNED: readonly (readonly [RegExp, string])[] = [
  [/;/, 'two sentences, not a semicolon'],
  [/\bwhat came of\b/i, '"The result of"'],
  [/\bas far as the caller\b/i, '"that the caller may see"'],
  [/\bof whom\b|\bof which\b/i, 'two sentences'],
  [/\bhow it stands\b/i, '"The status"'],
  [/^(Why|When|Who|Which|How)( then)?\.$/, 'a sentence that names the thing'],
  [/\b(for|by) so (long|much|many)\b/i, '"how long", "by this amount"'],
  [/\bas it is now\b/i, '"after the command"'],
  [/\bnull (of|where)\b|\bnull: /i, '"Null if", "Null for", "Null means"'],
  [/\b(it is|where|when) left out;/i, 'a sentence of its own'],
  [/\b(to|by|for) who takes\b|\bwho takes it\b/i, '"the taker"'],
  [/\bnobody's\b|\bof what of\b/i, 'subject, verb, object'],
];

/** An abbreviation or a decimal does not end a sentence: the next one begins with a capital, a digit or code. */
const sentencesOf = (text: string): string[] => text.split(/(?<=[.!?])\s+(?=[A-Z0-9`"])/);

function complaintsOf(text: string): string[] {
  const long = sentencesOf(text).filter((sentence) => sentence.split(/\s+/).length > LONGEST);
  return [
    ...long.map((sentence) => `more than ${LONGEST} words: ${sentence}`),
    ...BANNED.filter(([pattern]) => pattern.test(text)).map(([, instead]) => instead),
    ...(/[.]$/.test(text.trim()) ? [] : ['a full stop at the end']),
  ];
}

test('descriptions are plain English', () => {
  const described = everything().filter(({ place }) => place !== 'JSONObject'); // of a library
  const found = described.flatMap(({ place, description }) =>
    complaintsOf(description ?? '').map((complaint) => `${place}: ${complaint}`),
  );
  expect(found).toEqual([]);
});

test.each([
  ['What came of a command; null where there is none.'],
  ['Accounts, as far as the caller may see them.'],
  ['How it stands.'],
  ['The account'],
  [`The account ${'of the member '.repeat(11)}is open.`],
])('%s is found', (text) => {
  expect(complaintsOf(text)).not.toEqual([]);
});

test('a plain sentence is not', () => {
  expect(complaintsOf('The amount, such as `1.5`. Null if the caller may not see it.')).toEqual([]);
});
