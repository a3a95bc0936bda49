/** The part of the load generator that the benchmark uses; the package brings no types. */

declare module 'autocannon' {
  interface Client {
    setHeaders(headers: Readonly<Record<string, string>>): void;
  }

  interface Request {
    method?: 'POST';
    body?: string;
    setupRequest?(request: Request): Request;
  }

  interface Options {
    readonly url: string;
    readonly connections: number;
    readonly duration: number; // seconds
    readonly timeout?: number; // seconds
    readonly requests: readonly Request[];
    readonly setupClient?: (client: Client) => void;
    readonly verifyBody?: (body: string) => boolean;
  }

  interface Result {
    readonly '2xx': number;
    readonly non2xx: number;
    readonly mismatches: number;
    readonly errors: number;
    readonly duration: number; // seconds
    readonly latency: { readonly p50: number; readonly p99: number }; // ms
  }

  function autocannon(options: Options): Promise<Result>;
  export = autocannon;
}
