export interface FirstEventCommands {
  readonly key: string
  readonly event: string
}

/** What somebody types to see their first order on a wall; `at` in epoch ms is when it entered the stage. */
export function firstEventCommands(origin: string, site: string, at: number): FirstEventCommands {
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
      `  -H 'Authorization: Bearer KEY' \\`,
      `  -H 'Content-Type: application/json' \\`,
      `  -d '${JSON.stringify(event)}'`,
    ].join('\n'),
  }
}
