/** What no value of a request may be, wherever it stands: lists beyond all measure, and text that no store can hold. */

import { type DocumentNode, type GraphQLError, visit } from 'graphql';
import { problem } from '../error/problem';
import { LONGEST_LIST } from '../schema/lists';
import { ofDocument } from './document';

// A store of UTF-8 text holds neither the character of code zero nor half of a surrogate pair.
const UNSTORABLE = /\0|\p{Surrogate}/u;

/** Deeper than any input is: what is looked at step by step must end. */
const DEEPEST = 20;

/** Errors: LIMIT_EXCEEDED, BAD_USER_INPUT. */
export function checkVariables(variables: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(variables)) checkValue(value, name, 1);
}

function checkValue(value: unknown, path: string, depth: number): void {
  if (depth > DEEPEST)
    throw problem('LIMIT_EXCEEDED', `A value lies at most ${DEEPEST} deep in others.`, {
      limit: 'valueDepth',
      maximum: DEEPEST,
      path,
    });
  if (typeof value === 'string') {
    if (UNSTORABLE.test(value)) throw unstorable(path);
  } else if (Array.isArray(value)) {
    if (value.length > LONGEST_LIST)
      throw problem('LIMIT_EXCEEDED', `A list takes at most ${LONGEST_LIST} items.`, {
        limit: 'list',
        maximum: LONGEST_LIST,
        path,
      });
    for (const [i, item] of value.entries()) checkValue(item, `${path}[${i}]`, depth + 1);
  } else if (value !== null && typeof value === 'object') {
    for (const [name, field] of Object.entries(value)) checkValue(field, `${path}.${name}`, depth + 1);
  }
}

/** The same for what is written out in the document itself. Errors: BAD_USER_INPUT. */
export function checkLiterals(document: DocumentNode): void {
  if (holdsUnstorable(document)) throw unstorable(undefined);
}

const holdsUnstorable = ofDocument((document) => {
  let found = false;
  visit(document, {
    StringValue({ value }) {
      found ||= UNSTORABLE.test(value);
    },
  });
  return found;
});

const unstorable = (path: string | undefined): GraphQLError =>
  problem('BAD_USER_INPUT', 'A text holds a character that no text may hold.', path === undefined ? {} : { path });
