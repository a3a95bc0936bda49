/** The HTTP status of an answer: that of the code where nothing of the request was answered, 200 where anything was. */

import { retryAfterOf, statusOfAnswer } from '../../../src/graphql/error/status';

const failed = (code: string, ...path: string[]) => ({ message: '', path, extensions: { code } });

test.each([
  ['nothing failed', { a: 1 }, [], undefined],
  ['nothing is there, and nothing failed', { a: null }, [], undefined],
  ['one of two failed', { a: null, b: 1 }, [failed('FORBIDDEN', 'a')], undefined],
  ['one failed, and the other is not there', { a: null, b: null }, [failed('FORBIDDEN', 'a')], undefined],
  ['both failed', { a: null, b: null }, [failed('FORBIDDEN', 'a'), failed('FORBIDDEN', 'b')], 403],
  ['one failed and took all with it', null, [failed('UNAVAILABLE', 'a')], 503],
  [
    'both failed, one of them by a fault',
    { a: null, b: null },
    [failed('FORBIDDEN', 'a'), failed('INTERNAL_SERVER_ERROR', 'b')],
    500,
  ],
  ['something within failed', { a: { b: null } }, [failed('FORBIDDEN', 'a', 'b')], undefined],
  ['it was not executed: whoever refused it has said so', undefined, [failed('LIMIT_EXCEEDED')], undefined],
])('%s', (_, data, errors, status) => {
  expect(statusOfAnswer(data, errors)).toBe(status);
});

test('the longest wait of all decides when to come back, in whole seconds', () => {
  const waits = (retryAfterMs: number) => ({ message: '', extensions: { retryAfterMs } });
  expect([retryAfterOf([]), retryAfterOf([waits(250), waits(1_001), failed('FORBIDDEN')])]).toEqual([undefined, '2']);
});
