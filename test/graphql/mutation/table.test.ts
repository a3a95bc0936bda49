/** Tables of mutations: what follows from a row, and what does not compile. */

import 'reflect-metadata';
import { printType } from 'graphql';
import { buildSchemaSync, InputType, Query, Resolver } from 'type-graphql';
import { Keyed } from '../../../src/graphql/mutation/keyed';
import { Payload, PayloadType } from '../../../src/graphql/mutation/payload';
import { mutation, mutations } from '../../../src/graphql/mutation/table';
import { Id, Text } from '../../../src/graphql/schema/fields';

@InputType()
class Fitting extends Keyed {
  @Id('The proposal.')
  proposal!: string;

  @Text('Why.')
  reason!: string;
}

@InputType()
class Short extends Keyed {
  @Id('The proposal.')
  proposal!: string;
}

@InputType()
class Long extends Fitting {
  @Text('What the command knows nothing of.')
  mood!: string;
}

@Resolver()
class Something {
  @Query(() => String)
  something(): string {
    return '';
  }
}

@PayloadType('What came of it.')
class Answer extends Payload {}

const does = 'Turns a proposal down.';

test('a row gives the mutation: the name of its command, one argument, the payload, the roles', () => {
  const table = mutations({ RejectProposal: mutation(['ADMIN'], Fitting, 'The proposal.', Answer, { does }) });
  const schema = buildSchemaSync({ resolvers: [Something, table], validate: false });
  const type = schema.getMutationType();
  expect(type && printType(type)).toBe(
    [
      'type Mutation {',
      '  """Turns a proposal down."""',
      '  rejectProposal(',
      '    """The proposal."""',
      '    input: Fitting!',
      '  ): Answer!',
      '}',
    ].join('\n'),
  );
  expect(type?.getFields()['rejectProposal']?.extensions).toEqual(expect.objectContaining({ access: ['ADMIN'] }));
});

test('an input that lacks a field of its command, or has one more, does not compile', () => {
  // @ts-expect-error The command has a reason.
  const short = () => mutations({ RejectProposal: mutation(['ADMIN'], Short, 'The proposal.', Answer, { does }) });
  // @ts-expect-error The command has no mood.
  const long = () => mutations({ RejectProposal: mutation(['ADMIN'], Long, 'The proposal.', Answer, { does }) });
  // @ts-expect-error There is no such command.
  const unknown = () => mutations({ RejectEverything: mutation(['ADMIN'], Fitting, 'The proposal.', Answer, { does }) });
  expect([short, long, unknown]).toHaveLength(3);
});
