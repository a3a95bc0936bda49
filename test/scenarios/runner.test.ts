/** The runner itself: that a story which is not true fails, and says where; that a house which lies is found out. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApiAnswer, ScenarioApi } from '../../src/interop/scenario/api';
import { runScenarioFile, textOf } from '../../src/interop/scenario/file';
import { play } from '../../src/interop/scenario/play';
import { readScenarios } from '../../src/interop/scenario/read';
import { hasFailed, reportLines } from '../../src/interop/scenario/report';
import { openScenarioHouse, openScenarioStore, runScenarioFiles } from '../../src/main/scenario';
import type { Store } from '../../src/store/client';
import { SCENARIOS } from './files';

const GIVEN = join(__dirname, 'given', 'alice-long-ten.yaml');
const STORY = 'story.yaml';
const read =
  (text: string) =>
  (path: string): string =>
    path === STORY ? text : readFileSync(path, 'utf8');

/** A call at 48,600, with whatever is expected of it. */
const calling = (expect: string): string => `story: A call
given: ${GIVEN}
steps:
  - as: feed # who says so
    mutation: submitMarkPrices
    input: { source: venue, prices: [{ instrument: BTC-PERP, price: "48600.0" }] }
    expect:
      events:
        - marginCallIssued: { id: $call, amount: ${expect} }
`;

let store: Store;
beforeAll(async () => {
  store = await openScenarioStore();
}, 60_000);
afterAll(() => store?.close());

async function failuresOf(text: string): Promise<string[]> {
  const { stories } = await runScenarioFile(STORY, read(text), (start) => openScenarioHouse(store, start));
  return stories.flatMap(({ failures }) =>
    failures.map(({ line, step, path, expected, came }) => `${line} ${step} ${path}: ${expected} / ${came}`),
  );
}

test('a step that only rules events out may be refused, and the report says so', async () => {
  const text =
    `story: s\ngiven: ${GIVEN}\nsteps:\n  - as: broker-a\n    mutation: depositCollateral\n    input: ` +
    `{ account: nobody, currency: USD, amount: "1" }\n`;
  const played = async (expect: string) => {
    const result = await runScenarioFile(STORY, read(`${text}    expect: { ${expect} }\n`), (start) =>
      openScenarioHouse(store, start),
    );
    return { failed: hasFailed(result, false), lines: reportLines(result, false).slice(1) };
  };
  const note = 'note    story.yaml:4  step 1 was not done: ACCOUNT_NOT_FOUND account=nobody';
  expect(await played('without: [collateralDeposited]')).toEqual({ failed: false, lines: [note] });
  expect(await played('without: [collateralDeposited], events: []')).toMatchObject({ failed: true });
});

describe('a story that is not true', () => {
  test('a figure that is wrong by a cent is told with its line and step', async () => {
    expect(await failuresOf(calling('"13300.00"'))).toEqual([]);
    expect(await failuresOf(calling('"13300.01"'))).toEqual([
      '9 1 events.marginCallIssued.amount: 13300.01 / 13300.00',
    ]);
  });

  const steps = (text: string): string => `story: s\ngiven: ${GIVEN}\nsteps:\n${text}`;
  const deposit = (account: string, more = ''): string =>
    `  - as: broker-a\n    mutation: depositCollateral\n    input: { account: ${account}, currency: USD, amount: ` +
    `"1" }\n${more}`;

  const issue = (more = ''): string =>
    `  - as: admin\n    mutation: issueApiKey\n    input: { role: AUDITOR, label: for the auditors }\n${more}`;

  test.each([
    ['refused unexpectedly', deposit('nobody'), ['4 1 rejection: accepted / ACCOUNT_NOT_FOUND account=nobody']],
    [
      'accepted unexpectedly',
      deposit('alice', '    expect: { rejection: ACCOUNT_NOT_FOUND }\n'),
      ['7 1 rejection: ACCOUNT_NOT_FOUND / accepted'],
    ],
    [
      'refused otherwise',
      deposit('nobody', '    expect: { rejection: CALL_NOT_FOUND }\n'),
      ['7 1 rejection: CALL_NOT_FOUND / ACCOUNT_NOT_FOUND'],
    ],
    [
      'no error where one is expected',
      deposit('alice', '    expect: { error: FORBIDDEN }\n'),
      ['7 1 answer: error FORBIDDEN / none'],
    ],
    [
      'followed by what was ruled out',
      deposit('alice', '    expect: { without: [collateralDeposited] }\n'),
      ['7 1 without: no collateralDeposited / collateralDeposited'],
    ],
    [
      'by nobody',
      '  - as: somebody\n    query: house\n',
      [expect.stringMatching(/^4 1 answer: a step that can be made \/ `somebody` is neither/)],
    ],
    [
      'about a name without a value',
      '  - as: auditor\n    query: marginCall\n    input: { id: $call }\n',
      [expect.stringMatching(/`\$call` has no value here/)],
    ],
    [
      'approved without need',
      deposit('alice', '    approvedBy: admin\n'),
      ['4 1 answer: a proposal for the second person / one person was enough'],
    ],
    ['only proposed', issue(), ['4 1 answer: done / a proposal, which waits for a second person: `approvedBy`']],
    [
      'only proposed, whatever else of its answer is expected',
      issue('    expect: { answer: { ok: true }, events: [] }\n'),
      expect.arrayContaining(['4 1 answer: done / a proposal, which waits for a second person: `approvedBy`']),
    ],
  ])('%s', async (_, text, expected) => {
    expect(await failuresOf(steps(text))).toEqual(expected);
  });

  test('what all versions of a policy are called by may be asked for as `id`, as it once was', async () => {
    const policies = (id: string): string =>
      steps(`  - as: auditor\n    query: marginPolicies\n    expect: { answer: [{ id: ${id}, version: 1 }] }\n`);
    expect(await failuresOf(policies('classic'))).toEqual([]);
    expect(await failuresOf(policies('other'))).toEqual([expect.stringContaining('other / classic')]);
  });

  test.each([
    ['approved', issue('    approvedBy: admin-2\n')],
    [
      'approved, with a proposal in its answer',
      issue('    approvedBy: admin-2\n    expect: { answer: { proposal: { status: OPEN } } }\n'),
    ],
    ['said to be a proposal in its answer', issue('    expect: { answer: { proposal: { status: OPEN } } }\n')],
    ['said to be one by its outcome', issue('    expect: { answer: { outcome: PROPOSED } }\n')],
    ['said to be one by its status, as it once was called', issue('    expect: { answer: { status: PROPOSED } }\n')],
    ['said to be one among what followed', issue('    expect: { events: [proposalCreated] }\n')],
  ])('an act that needs a second person is true where it is %s', async (_, text) => {
    expect(await failuresOf(steps(text))).toEqual([]);
  });

  test.each([
    [
      'an operation',
      '  - as: feed\n    mutation: submitMarkPrice\n',
      'story.yaml:5: There is no mutation `submitMarkPrice`.',
    ],
    [
      'a field',
      '  - as: auditor\n    query: house\n    expect: { answer: { sate: RUNNING } }\n',
      'story.yaml:6: House has no field `sate`; it has ',
    ],
    [
      'an event',
      '  - at: 1h\n    expect: { without: [marginCallIsued] }\n',
      'story.yaml:5: There is no event `marginCallIsued`.',
    ],
    ['a time before', '  - at: 1h\n  - at: 59m\n', 'story.yaml:5: Time does not run backwards'],
  ])('%s that is not there is refused before anything is done', async (_, text, message) => {
    await expect(failuresOf(steps(text))).rejects.toThrow(message);
  });
});

test('an answer that is older than what was done is asked for again', async () => {
  const asking =
    `story: s\ngiven: ${GIVEN}\nsteps:\n  - as: broker-a\n    query: account\n    input: { id: alice ` +
    `}\n    expect:\n      answer: { status: HEALTHY }\n`;
  const [scenario] = readScenarios(STORY, read(asking));
  if (!scenario) throw new Error('no scenario');
  const { api, close } = await openScenarioHouse(store, scenario.start);
  let behind = 3;
  const slow: ScenarioApi = {
    ...api,
    async execute(as, document, variables) {
      if (!document.startsWith('query account') || behind === 0) return api.execute(as, document, variables);
      behind -= 1;
      return { data: { account: null, freshness: { fresh: false } }, errors: [] };
    },
  };
  try {
    expect((await play(scenario, slow)).failures).toEqual([]);
    expect(behind).toBe(0);
  } finally {
    await close();
  }
});

describe('X-1 DS-1 a house that lies', () => {
  /** Plays a true story against a house whose answers to its auditor are tampered with. */
  async function playedAgainst(tamper: (text: string) => string): Promise<string[]> {
    const [scenario] = readScenarios(STORY, read(calling('"13300.00"')));
    if (!scenario) throw new Error('no scenario');
    const { api, close } = await openScenarioHouse(store, scenario.start);
    const lying: ScenarioApi = {
      ...api,
      async execute(as, document, variables) {
        const answer = await api.execute(as, document, variables);
        return as === 'auditor' ? (JSON.parse(tamper(JSON.stringify(answer))) as ApiAnswer) : answer;
      },
    };
    try {
      const { failures } = await play(scenario, lying);
      return failures.map(({ step, path, expected, came }) =>
        `${step} ${path}: ${expected} / ${came}`.replace(/[0-9a-f]{64}/g, '…'),
      );
    } finally {
      await close();
    }
  }

  test('the truth passes', async () => {
    expect(await playedAgainst((text) => text)).toEqual([]);
  });

  test('a sum that is not zero is found', async () => {
    const lie = (text: string) =>
      text.replace(
        '"holds":true,"currencies":[{"currency":"BTC","difference":"0.00000000"',
        '"holds":false,"currencies":[{"currency":"BTC","difference":"0.00000001"',
      );
    expect(await playedAgainst(lie)).toEqual(['null proof: every BTC accounted for / a difference of 0.00000001 BTC']);
  });

  test('a state that the journal does not lead to is found', async () => {
    const lie = (text: string) =>
      text.replace(/"digest":\{"seq":"(\d+)","digest":"[0-9a-f]{8}/, '"digest":{"seq":"$1","digest":"00000000');
    expect(await playedAgainst(lie)).toEqual(['null proof: digest … when every command is executed again / …']);
  });

  test('an event that its command does not cause is found, and the hash does not fit either', async () => {
    const lie = (text: string) => text.replace(/(CollateralDeposited[^{]*?amount\\":\\")2500000/, '$12500001');
    expect(await playedAgainst(lie)).toEqual([
      expect.stringMatching(/^null proof: hash … of the last entry/),
      expect.stringMatching(
        /^null proof: digest … when every command is executed again \/ Entry \d+ gives other events/,
      ),
    ]);
  });
});

describe('files', () => {
  test.each(SCENARIOS)('%s is written as the runner would write it', (path) => {
    expect(textOf(readScenarios(path, (name) => readFileSync(name, 'utf8')))).toBe(readFileSync(path, 'utf8'));
  });

  test('the command says what came of each file, and with update writes what came into it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'novate-scenarios-'));
    try {
      const file = (name: string, text: string): string => {
        writeFileSync(join(folder, name), text);
        return join(folder, name);
      };
      mkdirSync(join(folder, 'empty'));
      const wrong = file('wrong.yaml', calling('"1.00"'));
      const files = [
        file('right.yaml', calling('"13300.00"')),
        wrong,
        file('broken.yaml', 'story: ['),
        join(folder, 'missing.yaml'),
      ];

      const lines: string[] = [];
      const write = (line: string): void => void lines.push(line);
      expect(await runScenarioFiles(files, { update: false, write })).toEqual({ passed: 1, failed: 3 });
      const text = lines.join('\n');
      expect(text).toContain(
        `${wrong}:9  step 1  events.marginCallIssued.amount\n  expected  1.00\n  came      13300.00`,
      );
      expect(text).toContain(`${join(folder, 'broken.yaml')}:1: `);
      expect(text).toContain('missing.yaml');
      expect(lines.at(-1)).toBe('1 passed, 3 failed');
      expect(readFileSync(wrong, 'utf8')).toBe(calling('"1.00"'));

      expect(await runScenarioFiles([wrong], { update: true, write })).toEqual({ passed: 1, failed: 0 });
      expect(readFileSync(wrong, 'utf8')).toBe(calling('"13300.00"'));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);
});
