/** Source files to mutate, and the database tests of the area, both as parts of their paths. */
export interface Area {
  readonly sources: readonly string[]
  readonly tests: readonly string[]
}

export const areas: Readonly<Record<string, Area>> = {
  fold: {
    sources: [
      'shared/src/domain/{correction,effective-events,end-order,event-order,evolve-*,fold-*,order-attributes}.ts',
      'server/src/projection/*.ts',
    ],
    tests: [
      'pipeline/arrival-order',
      'pipeline/rebuilt-equals-live',
      'pipeline/giant-order',
      'pipeline/pending-rebuild',
      'http/corrections',
    ],
  },
  times: {
    sources: ['shared/src/domain/{attributes-of-visit,holds,stage-visit,visit-clock,visit-times}.ts'],
    tests: ['pipeline/rebuilt-equals-live'],
  },
  limits: {
    sources: ['shared/src/domain/{process-history,stage-state,target-rule,visit-sla,visit-status}.ts'],
    tests: ['http/rules-over-time', 'pipeline/time-alone'],
  },
  calendars: { sources: ['shared/src/domain/time/*.ts'], tests: ['http/calendars'] },
  rules: {
    sources: ['server/src/rules/*.ts'],
    tests: [
      'http/rules-over-time',
      'pipeline/site-process',
      'pipeline/rules-of-two-servers',
      'http/calendars',
      'http/translations',
      'http/edit-versions',
    ],
  },
  engine: { sources: ['server/src/engine/*.ts'], tests: ['pipeline/time-alone', 'http/heatmap', 'http/orders'] },
  boards: {
    sources: ['server/src/boards/*.ts'],
    tests: [
      'pipeline/board-deltas',
      'rights/department',
      'pipeline/time-alone',
      'http/heatmap',
      'pipeline/clock-steps',
    ],
  },
  live: {
    sources: ['server/src/live/**/*.ts'],
    tests: ['live/board-sockets', 'live/live-queries', 'live/revocation', 'live/bad-packets', 'pipeline/recording'],
  },
  ingest: {
    sources: ['server/src/ingest/**/*.ts'],
    tests: ['http/events-in', 'pipeline/ingest', 'pipeline/bulk-commit', 'pipeline/undone-import', 'http/bad-requests'],
  },
  log: {
    sources: ['server/src/log/*.ts'],
    tests: ['pipeline/ingest', 'pipeline/arrival-order', 'pipeline/log-consumers', 'pipeline/two-servers'],
  },
  access: { sources: ['server/src/access/**/*.ts'], tests: ['http/access', 'rights/', 'http/changes'] },
  identity: { sources: ['server/src/identity/**/*.ts'], tests: ['identity/'] },
  screens: { sources: ['server/src/screens/*.ts'], tests: ['screens/'] },
  client: { sources: ['client/src/live/*.ts', 'client/src/api/*.ts'], tests: [] },
}
