/** What the bench tells the pushing process. */
export type ToServer =
  | { readonly do: 'push'; readonly rounds: number }
  /** The clients have all of so many rounds, counted from the start. */
  | { readonly do: 'received'; readonly rounds: number }

/** What the pushing process tells the bench. */
export type FromServer =
  | { readonly is: 'listening'; readonly port: number }
  | { readonly is: 'pushed'; readonly elapsedMs: number; readonly cpuMs: number }

/** What the process of the clients tells the bench. */
export type FromClients = { readonly is: 'connected' } | { readonly is: 'received'; readonly rounds: number }
