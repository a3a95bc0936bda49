/** GraphQL over HTTP, as any client would speak it. */

export interface Api {
  readonly url: string;
  readonly secret: string;
}

interface Answer<Data> {
  readonly data?: Data;
  readonly errors?: readonly unknown[];
}

export async function ask<Data>(
  { url, secret }: Api,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<Data> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as Answer<Data>;
  if (errors || !data) throw new Error(`${response.status} ${JSON.stringify(errors)?.slice(0, 500)}`);
  return data;
}

let keys = 0;

interface Accepted {
  readonly outcome: string;
  readonly rejections?: readonly { readonly code: string; readonly message: string }[];
}

/** Sends a mutation by its name and insists that it is accepted. */
export async function mutate(api: Api, name: string, fields: Readonly<Record<string, unknown>>): Promise<void> {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  const input = { idempotencyKey: `setup/${process.pid}/${keys++}`, ...fields };
  const lists = ['submitTrades', 'depositCollateralBatch'].includes(name);
  const selection = lists ? 'outcome' : 'outcome rejections { code message }';
  const { answer } = await ask<{ answer: Accepted }>(
    api,
    `mutation ($input: ${type}!) { answer: ${name}(input: $input) { ${selection} } }`,
    {
      input,
    },
  );
  if (answer.outcome !== 'DONE' && answer.outcome !== 'PROPOSED')
    throw new Error(`${name} was refused: ${JSON.stringify(answer.rejections)}`);
}

/** Does the work for every item, so many at a time. */
export async function eachOf<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const rest = items[Symbol.iterator]();
  const hand = async (): Promise<void> => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, hand));
}

/** A list cut into lists of a length. */
export const chunksOf = <Item>(items: readonly Item[], length: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / length) }, (_, i) => items.slice(i * length, (i + 1) * length));
