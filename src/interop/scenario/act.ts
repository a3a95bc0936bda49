/**
 * Carrying out the operation of a step, with its second person where it has one, and holding the answer against what is
 * expected.
 */

import { isMap, isSeq, type Node } from 'yaml';
import { type ApiAnswer, NobodyKnown, type ScenarioApi } from './api';
import { shortly } from './compare';
import { withFormerNames } from './formerAnswers';
import { type Difference, differences, flow, isRecord, type Matching } from './match';
import { eventNameIn } from './matchEvents';
import { resolved } from './nodes';
import { FRESHNESS, NameUnknown, type Prepared, variablesOf } from './operation';
import type { Step } from './scenario';

const APPROVE = `mutation ($input: ApproveProposalInput!) {
  approveProposal(input: $input) { rejections { code details { name value } } }
}`;

export async function act(api: ScenarioApi, asked: Prepared, matching: Matching, key: string): Promise<Difference[]> {
  try {
    return await carriedOut(api, asked, matching, key);
  } catch (error) {
    // Often the consequence of what failed before: the step fails, and the story goes on.
    if (error instanceof NobodyKnown || error instanceof NameUnknown)
      return [failed(asked.step, 'a step that can be made', error.message)];
    throw error;
  }
}

/** Every reading waits a while by itself for the read models to follow. */
const MOST_READINGS = 100;

/** An answer older than what was done before it: a story asks about what it has done. */
function isBehind({ data }: ApiAnswer): boolean {
  const freshness = data?.[FRESHNESS];
  return isRecord(freshness) && freshness['fresh'] === false;
}

async function carriedOut(api: ScenarioApi, asked: Prepared, matching: Matching, key: string): Promise<Difference[]> {
  const { step, operation, document } = asked;
  const variables = variablesOf(asked, matching, key);
  let answer = await api.execute(step.as, document, variables);
  for (let again = 0; again < MOST_READINGS && isBehind(answer); again++)
    answer = await api.execute(step.as, document, variables);
  const payload = withFormerNames(answer.data?.[operation.name]);
  if (answer.errors.length > 0 || step.expect?.error) return errorDifferences(step, answer, matching);
  if (operation.kind === 'query') return answerDifferences(step, payload, matching);
  if (!isRecord(payload)) return [failed(step, 'an answer', 'nothing')];

  const second = step.approvedBy === null ? null : await approval(api, step, step.approvedBy, payload, key);
  if (second && 'came' in second) return [second];
  return [
    ...rejectionDifferences(step, [...rejectionsOf(payload), ...(second?.rejections ?? [])], matching),
    ...proposalDifferences(step, payload),
    ...itemDifferences(step, payload),
    ...answerDifferences(step, payload, matching),
  ];
}

/** The second person reads the hash of what was proposed, and repeats it. */
async function approval(
  api: ScenarioApi,
  step: Step,
  by: string,
  payload: Readonly<Record<string, unknown>>,
  key: string,
): Promise<{ readonly rejections: readonly unknown[] } | Difference | null> {
  const { proposal } = payload;
  if (payload['outcome'] === 'REJECTED') return null;
  if (!isRecord(proposal)) return failed(step, 'a proposal for the second person', 'one person was enough');
  const input = { proposal: proposal['id'], hash: proposal['hash'], idempotencyKey: `${key}/approval` };
  const { data, errors } = await api.execute(by, APPROVE, { input });
  const [error] = errors;
  if (error) return failed(step, `approval by ${by}`, `${error.code} ${error.message}`);
  const approved = data?.['approveProposal'];
  return { rejections: isRecord(approved) ? rejectionsOf(approved) : [] };
}

/** Why all of it was refused; why items of a list were is said with each. */
function rejectionsOf({ rejections, items, outcome }: Readonly<Record<string, unknown>>): readonly unknown[] {
  return Array.isArray(rejections) && (outcome === 'REJECTED' || !Array.isArray(items)) ? rejections : [];
}

const failed = ({ source, node }: Step, expected: string, came: string): Difference => ({
  line: source.lineOf(node),
  path: 'answer',
  ...{ expected, came },
});

function errorDifferences(step: Step, { errors }: ApiAnswer, matching: Matching): Difference[] {
  const node = step.expect?.error;
  const [error] = errors;
  if (node && error) return differences(node, error.code, 'error', matching, () => undefined);
  if (node) return [{ ...failed(step, `error ${String(node.value)}`, 'none'), line: step.source.lineOf(node) }];
  return [failed(step, 'no error', `${error?.code} ${error?.message}`)];
}

/** A command is to be accepted unless the step says why it is not: by its first rejection, or by a list of all. */
function rejectionDifferences(
  { expect, source, node }: Step,
  rejections: readonly unknown[],
  matching: Matching,
): Difference[] {
  const [first = null] = rejections;
  const rejection =
    first !== null && expect?.rejection && isSeq(resolved(source, expect.rejection)) ? rejections : first;
  const replace = (value: unknown): void => expect?.node.set('rejection', flow(source.document, value));
  if (expect?.rejection) {
    if (rejection !== null) return differences(expect.rejection, rejection, 'rejection', matching, replace);
    const fix = (): void => void expect.node.delete('rejection');
    return [
      {
        line: source.lineOf(expect.rejection),
        path: 'rejection',
        expected: expectedCode(expect.rejection),
        came: 'accepted',
        fix,
      },
    ];
  }
  if (rejection === null) return [];
  return [
    {
      line: source.lineOf(node),
      path: 'rejection',
      expected: 'accepted',
      came: rejectionText(rejection),
      undone: true,
    },
  ];
}

/** And to be done: what only waits for a second person has done nothing, and a step that expects no more says so. */
function proposalDifferences(step: Step, { proposal }: Readonly<Record<string, unknown>>): Difference[] {
  if (!isRecord(proposal) || step.approvedBy !== null || expectsProposal(step)) return [];
  return [{ ...failed(step, 'done', `a proposal, which waits for a second person: \`approvedBy\``), undone: true }];
}

/** In the answer, or among what followed. */
function expectsProposal({ expect, source }: Step): boolean {
  const answer = resolved(source, expect?.answer);
  if (isMap(answer) && (answer.has('proposal') || [answer.get('outcome'), answer.get('status')].includes('PROPOSED')))
    return true;
  return (expect?.events?.items ?? []).some((item) => eventNameIn(source, item as Node) === 'proposalCreated');
}

const expectedCode = (node: unknown): string => String(node).trim();

/** So is every item of a list, unless the step says what is expected of the items. */
function itemDifferences(step: Step, payload: Readonly<Record<string, unknown>>): Difference[] {
  const { items } = payload;
  const { answer = null } = step.expect ?? {};
  const named = isMap(answer) && answer.has('items');
  if (!Array.isArray(items) || named || payload['outcome'] === 'REJECTED') return [];
  return items.flatMap((item: unknown, i) => {
    if (!isRecord(item)) return [];
    if (item['outcome'] === 'REJECTED')
      return [failed(step, `item ${i} accepted`, rejectionText(rejectionsOf(item)[0]))];
    return item['outcome'] === 'PROPOSED'
      ? [failed(step, `item ${i} done`, 'a proposal, which waits for a second person')]
      : [];
  });
}

function rejectionText(rejection: unknown): string {
  if (!isRecord(rejection)) return shortly(rejection);
  const details = Array.isArray(rejection['details']) ? rejection['details'] : [];
  return [
    rejection['code'],
    ...details.map((detail) => (isRecord(detail) ? `${detail['name']}=${detail['value']}` : '')),
  ].join(' ');
}

function answerDifferences(step: Step, payload: unknown, matching: Matching): Difference[] {
  const { expect, source } = step;
  if (!expect?.answer) return [];
  return differences(expect.answer, payload, 'answer', matching, (value) =>
    expect.node.set('answer', flow(source.document, value)),
  );
}
