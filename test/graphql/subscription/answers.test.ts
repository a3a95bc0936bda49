/** What is asked, what is kept of what was answered, and the places left open in it. */

import { parse } from 'graphql';
import type { Role } from '../../../src/core/model/actor';
import { sightOf } from '../../../src/graphql/access/sight';
import type { Context } from '../../../src/graphql/reading/context';
import { fillIn, Slot, templateOf } from '../../../src/graphql/scalar/slot';
import { schema } from '../../../src/graphql/schema';
import { createSharedAnswers, type Made } from '../../../src/graphql/server/shared';
import { questionOf } from '../../../src/graphql/subscription/question';

describe('what is kept of answers', () => {
  const made = (text: string, keep = true) => {
    const make = jest.fn(async (): Promise<Made> => ({ template: [text], keep }));
    return make;
  };

  test('one is made once, for those who ask meanwhile and for those who ask later', async () => {
    const answers = createSharedAnswers(100);
    const make = made('answer');
    await Promise.all([answers.get('a', make), answers.get('a', make)]);
    expect(await answers.get('a', make)).toEqual(['answer']);
    expect(make).toHaveBeenCalledTimes(1);
  });

  test('the oldest are forgotten where all are longer than may be kept, and made again', async () => {
    const answers = createSharedAnswers(10);
    const [first, second, third] = [made('xxxxx'), made('yyyyy'), made('z')];
    await answers.get('first', first);
    await answers.get('second', second);
    await answers.get('first', first);
    expect(first).toHaveBeenCalledTimes(1);
    await answers.get('third', third);
    await answers.get('second', second);
    expect(second).toHaveBeenCalledTimes(1);
    await answers.get('first', first);
    expect(first).toHaveBeenCalledTimes(2);
  });

  test('one longer than all may be is answered, and not kept', async () => {
    const answers = createSharedAnswers(10);
    const make = made('x'.repeat(11));
    expect(await answers.get('a', make)).toHaveLength(1);
    await answers.get('a', make);
    expect(make).toHaveBeenCalledTimes(2);
  });

  test('one with a failure in it goes to those who waited for it, and is made anew for the next', async () => {
    const answers = createSharedAnswers(100);
    const failed = made('failed', false);
    await Promise.all([answers.get('a', failed), answers.get('a', failed)]);
    expect(failed).toHaveBeenCalledTimes(1);
    const broken = jest.fn(() => Promise.reject(new Error('Nothing came of it')));
    await expect(answers.get('a', broken)).rejects.toThrow('Nothing came of it');
    expect(await answers.get('a', made('whole'))).toEqual(['whole']);
  });
});

describe('what is asked', () => {
  const context = (role: Role, member: string | null = null): Context => {
    const actor = { id: `${role} key`, role, member };
    return { actor, sight: sightOf(actor) } as Context;
  };
  const asked = (query: string, variables: object = {}, by = context('BROKER', 'one')): string =>
    questionOf({ schema: schema(), document: parse(query), variables: variables as Record<string, unknown> }, by);
  const STATUS = (root: string, inside = ''): string =>
    `subscription ($a: Cursor, $f: Int) { accountStatus(${root}) { kind account { id ${inside} } } }`;

  test('is the same wherever a stream begins', () => {
    const from = asked(STATUS('account: "x", after: $a'), { a: 'AAAA' });
    expect(asked(STATUS('account: "x", after: $a'), { a: 'BBBB' })).toBe(from);
    expect(asked(STATUS('account: "x", after: "CCCC"'))).toBe(from);
    expect(asked(STATUS('account: "x", snapshot: true'))).toBe(from);
    expect(asked(STATUS('account: "x"'), { unused: 1 })).toBe(from);
  });

  test('is another with other arguments, fields, variables that matter, or another page within', () => {
    const questions = [
      asked(STATUS('account: "x"')),
      asked(STATUS('account: "y"')),
      asked(STATUS('account: "x"', 'status')),
      asked(STATUS('account: "x"', 'trades(first: $f) { totalCount }'), { f: 1 }),
      asked(STATUS('account: "x"', 'trades(first: $f) { totalCount }'), { f: 2 }),
      asked(STATUS('account: "x"', 'trades(first: 1, after: $a) { totalCount }'), { a: 'AAAA' }),
      asked(STATUS('account: "x"', 'trades(first: 1, after: $a) { totalCount }'), { a: 'BBBB' }),
    ];
    expect(new Set(questions).size).toBe(questions.length);
  });

  test('X-5 is another by another role or for another member, and the same by another key of them', () => {
    const query = STATUS('account: "x"');
    const by = [
      context('BROKER', 'one'),
      context('BROKER', 'two'),
      context('BROKER_READONLY', 'one'),
      context('AUDITOR'),
      context('ADMIN'),
    ];
    expect(new Set(by.map((who) => asked(query, {}, who))).size).toBe(by.length);
    const other = {
      ...context('BROKER', 'one'),
      actor: { id: 'another key', role: 'BROKER', member: 'one' },
    } as Context;
    expect(asked(query, {}, other)).toBe(asked(query, {}, context('BROKER', 'one')));
  });
});

test('places left open are filled in with JSON, and text that looks like one is left alone', () => {
  const text = JSON.stringify({
    a: String(new Slot('cursor')),
    b: '"cursor"',
    c: [String(new Slot('streamSeq')), String(new Slot('cursor'))],
  });
  const filled = fillIn(templateOf(text), { cursor: null, streamSeq: '7"' });
  expect(JSON.parse(filled)).toEqual({ a: null, b: '"cursor"', c: ['7"', null] });
});
