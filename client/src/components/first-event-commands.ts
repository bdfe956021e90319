export interface FirstEventCommands {
  readonly key: string
  readonly event: string
}

/**
 * Commands that bring a user's first order onto a wall.
 * @param at when it entered the stage, epoch ms
 * @param apiKey a placeholder by default
 */
export function firstEventCommands(origin: string, site: string, at: number, apiKey = 'KEY'): FirstEventCommands {
  const event = {
    source: 'first',
    id: '1',
    type: 'stage.entered',
    order: 'SO-1',
    stage: 'packing',
    occurredAt: new Date(at).toISOString().replace(/\.\d+/, ''),
  }
  return {
    key: `npx pnpm@12 stagewatch key create --name first --scope ingest,read --site ${site}`,
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
  return `npx pnpm@12 stagewatch import orders.csv --discover --site ${site}`
}
