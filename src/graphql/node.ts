/** Any object by its id. */

import { Ctx, ID, Query, Resolver } from 'type-graphql';
import { Access, ROLES } from './access/policy';
import { badInput } from './error/problem';
import type { Context } from './reading/context';
import { readNode } from './reading/identity';
import { Node } from './reading/node';
import { LARGEST_PAGE } from './reading/page';
import { Takes } from './schema/fields';

@Resolver()
export class NodeQueries {
  @Access(...ROLES)
  @Query(() => Node, {
    nullable: true,
    description: 'An object by its `nodeId`. Null if there is none that the caller may see.',
  })
  node(
    @Takes('id', () => ID, 'The `nodeId` of the object.') id: string,
    @Ctx() context: Context,
  ): Promise<object | null> {
    return readNode(context, id);
  }

  @Access(...ROLES)
  @Query(() => [Node], {
    nullable: 'items',
    description:
      'Objects by their `nodeId`, in the order of the list. Null for each one that does not exist or that the ' +
      'caller may not see.',
  })
  nodes(
    @Takes('ids', () => [ID], 'The `nodeId` of each object, 1 to 100 of them.') ids: string[],
    @Ctx() context: Context,
  ): Promise<(object | null)[]> {
    if (ids.length < 1 || ids.length > LARGEST_PAGE) throw badInput(`\`ids\` takes 1 to ${LARGEST_PAGE} ids.`);
    return Promise.all(ids.map((id) => readNode(context, id)));
  }
}
