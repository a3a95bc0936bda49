/** Where a scalar is specified: on a page that is written from its description and these examples. */

/** What enters as JSON, and how it comes out again. */
type Example = readonly [taken: string, shown: string];

export interface Examples {
  readonly taken: readonly Example[];
  /** JSON values that are refused with BAD_USER_INPUT. */
  readonly refused: readonly string[];
}

interface Specified {
  readonly specifiedByURL: string;
  readonly extensions: { readonly examples: Examples };
}

export const PAGE = 'docs/scalars.md';

export const specified = (name: string, taken: readonly Example[], refused: readonly string[]): Specified => ({
  specifiedByURL: `${PAGE}#${name.toLowerCase()}`,
  extensions: { examples: { taken, refused } },
});
