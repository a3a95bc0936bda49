/**
 * Lists as Relay connections: pages of 1 to 100 in a stable order, with opaque cursors and the entry they are as of.
 */

import { ArgsType, Int, ObjectType } from 'type-graphql';
import { Reached } from '../access/policy';
import { ABSENT, Flag, Of, OPTIONAL, Place, Whole } from '../schema/fields';
import { AsOf } from './asOf';

@Reached()
@ObjectType({ description: 'The place of a page in its list.' })
export class PageInfo {
  @Flag('Whether there is more after this page.')
  hasNextPage!: boolean;

  @Flag('Whether there is more before this page.')
  hasPreviousPage!: boolean;

  @Place('Cursor of the first item of the page. Null if the page is empty.', OPTIONAL)
  startCursor!: string | null;

  @Place('Cursor of the last item of the page. Null if the page is empty.', OPTIONAL)
  endCursor!: string | null;
}

@ArgsType()
export class PageArgs {
  @Whole('How many items to list from the start, 1 to 100. Exactly one of `first` and `last` is required.', ABSENT)
  first!: number | null;

  @Place('Only items after this cursor.', ABSENT)
  after!: string | null;

  @Whole('How many items to list from the end, 1 to 100.', ABSENT)
  last!: number | null;

  @Place('Only items before this cursor.', ABSENT)
  before!: string | null;
}

export interface Edge<Node> {
  readonly cursor: string;
  readonly node: Node;
}

export interface Connection<Node> {
  readonly edges: readonly Edge<Node>[];
  readonly nodes: readonly Node[];
  readonly pageInfo: PageInfo;
  readonly asOf: AsOf;
  readonly count: () => Promise<number>;
}

export type Constructor<T> = new () => T;

/** The connection type of a node type: `AccountConnection` and `AccountEdge` for `Account`. */
export function connectionOf<Node extends object>(
  name: string,
  node: Constructor<Node>,
  plural: string,
): Constructor<Connection<Node>> {
  @Reached()
  @ObjectType(`${name}Edge`, { description: `An item of a page of ${plural}.` })
  class NodeEdge {
    @Place('The cursor of the item in its list.')
    cursor!: string;

    @Of(() => node, 'The item. Null, with an error at its place, if it cannot be shown.', OPTIONAL)
    node!: Node;
  }

  @Reached()
  @ObjectType(`${name}Connection`, { description: `A page of ${plural}.` })
  class NodeConnection {
    @Of(() => [NodeEdge], 'The items of the page with their cursors.')
    edges!: readonly NodeEdge[];

    @Of(() => [node], 'The items of the page. An item that cannot be shown is null, with an error at its place.', {
      nullable: 'items',
    })
    nodes!: readonly Node[];

    @Of(() => PageInfo, 'The place of the page in its list.')
    pageInfo!: PageInfo;

    @Of(() => AsOf, 'The journal entry that the page is as of.')
    asOf!: AsOf;

    @Of(() => Int, 'The number of items in the whole list that the caller may see.', { complexity: 10 })
    totalCount(): Promise<number> {
      return this.count();
    }

    count!: () => Promise<number>;
  }
  items.set(NodeConnection, name);
  return NodeConnection;
}

const items = new WeakMap<object, string>();

/** The name of what a connection is of. */
export const itemOf = (connection: object): string => items.get(connection) ?? '';
