/** Waits for what a house serves before its rows are there. */

/** Resolves when the read models of the house at this address follow its journal. */
export async function rowsFollow(url: string): Promise<void> {
  for (;;) {
    const { readModels } = (await (await fetch(new URL('/readyz', url))).json()) as {
      readModels: { following: boolean };
    };
    if (readModels.following) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
