declare global {
  interface ImportMetaEnv {
    /** Set when the pages are built for the npm package or an image. */
    readonly VITE_STAGEWATCH_COMMAND?: string
  }
}

/** What a user types before the name of a command; in a clone of the repository, pnpm runs commands. */
export const stagewatchCommand = import.meta.env.VITE_STAGEWATCH_COMMAND ?? 'npx pnpm@12 stagewatch'

export interface FirstEventCommands {
  readonly key: string
  readonly event: string
}

/**
 * Commands that bring a user's first order onto a wall.
 * @param at when it entered the stage, epoch ms
 * @param apiKey a placeholder by default
 * @param settings see `commandSettings` of `StartInfo`
 */
export function firstEventCommands(
  origin: string,
  site: string,
  at: number,
  { apiKey = 'KEY', settings = '' }: { readonly apiKey?: string; readonly settings?: string | undefined } = {},
): FirstEventCommands {
  const event = {
    source: 'first',
    id: '1',
    type: 'stage.entered',
    order: 'SO-1',
    stage: 'packing',
    occurredAt: new Date(at).toISOString().replace(/\.\d+/, ''),
  }
  return {
    key: `${settings}${stagewatchCommand} key create --name first --scope ingest,read --site ${site}`,
    event: [
      `curl ${origin}/api/v1/events \\`,
      `  -H 'Authorization: Bearer ${apiKey}' \\`,
      `  -H 'Content-Type: application/json' \\`,
      `  -d '${JSON.stringify(event)}'`,
    ].join('\n'),
  }
}

/** Imports a file of order events and derives the stages from it. */
export function importCommand(site: string): string {
  return `${stagewatchCommand} import orders.csv --discover --site ${site}`
}
