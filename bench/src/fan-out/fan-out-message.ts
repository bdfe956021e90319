/** Messages from the bench to the pushing process. */
export type ToServer =
  | { readonly do: 'push'; readonly rounds: number }
  /** The clients have received this many rounds since the start. */
  | { readonly do: 'received'; readonly rounds: number }

/** Messages from the pushing process to the bench. */
export type FromServer =
  | { readonly is: 'listening'; readonly port: number }
  | { readonly is: 'pushed'; readonly elapsedMs: number; readonly cpuMs: number }

/** Messages from the process of the clients to the bench. */
export type FromClients = { readonly is: 'connected' } | { readonly is: 'received'; readonly rounds: number }
