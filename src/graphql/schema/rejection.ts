/** What the house refuses, as data: a stable code, what it means, what was required and what was there. */

import { ObjectType } from 'type-graphql';
import {
  type RejectionCode as Code,
  type Rejection as CoreRejection,
  isRetriable,
  meaningOf,
  REJECTIONS,
} from '../../core/message/rejection';
import { Reached } from '../access/policy';
import { docsOf } from '../error/format';
import { enumOf } from './enums';
import { Flag, Of, Text } from './fields';

const CODES = Object.keys(REJECTIONS) as Code[];
const MEANINGS = Object.fromEntries(CODES.map((code) => [code, meaningOf(code)])) as Readonly<Record<Code, string>>;

export const RejectionCode = enumOf<Code>('RejectionCode', 'Why the house refused a command. Codes are never renamed or reused.', MEANINGS);

@Reached()
@ObjectType({ description: 'A fact about a rejection.' })
export class RejectionDetail {
  @Text('The name of the fact, such as `free` or `account`.')
  name!: string;

  @Text('The value: an id, a code, or a decimal in the scale of its currency.')
  value!: string;
}

@Reached()
@ObjectType({ description: "The house's refusal of a command. Nothing was changed." })
export class Rejection {
  @Of(() => RejectionCode, 'The code. A command that breaks several rules gets the first code in their order.')
  code!: string;

  @Text('What the code means.')
  message!: string;

  @Of(() => [RejectionDetail], 'The facts of this case.')
  details!: RejectionDetail[];

  @Flag('Whether the same command may succeed later.')
  retriable!: boolean;

  @Text('The address of the page that describes the code.')
  docs!: string;
}

export const rejectionShown = ({ code, details }: CoreRejection): Rejection => ({
  code,
  message: meaningOf(code),
  details: Object.entries(details).map(([name, value]) => ({ name, value })),
  retriable: isRetriable(code),
  docs: docsOf(code),
});
