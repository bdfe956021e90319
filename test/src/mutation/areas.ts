/** Where changes are made, and which tests with a database are the area's own: parts of their paths. */
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
    tests: ['pipeline/arrival-order', 'pipeline/rebuilt-equals-live', 'pipeline/giant-order'],
  },
  times: {
    sources: ['shared/src/domain/{arrived-at,attributes-of-visit,hold-time,stage-visit,visit-clock,visit-times}.ts'],
    tests: ['pipeline/rebuilt-equals-live'],
  },
  limits: {
    sources: ['shared/src/domain/{process-history,stage-state,target-rule,visit-sla,visit-status}.ts'],
    tests: ['http/rules-over-time', 'pipeline/time-alone'],
  },
  calendars: { sources: ['shared/src/domain/time/*.ts'], tests: ['http/calendars'] },
  rules: { sources: ['server/src/rules/*.ts'], tests: ['http/rules-over-time', 'pipeline/site-process'] },
  engine: { sources: ['server/src/engine/*.ts'], tests: ['pipeline/time-alone', 'http/heatmap'] },
  boards: { sources: ['server/src/boards/*.ts'], tests: ['pipeline/board-deltas', 'rights/department'] },
  live: { sources: ['server/src/live/**/*.ts'], tests: ['live/', 'pipeline/recording'] },
  ingest: { sources: ['server/src/ingest/**/*.ts'], tests: ['http/events-in', 'pipeline/ingest'] },
  log: {
    sources: ['server/src/log/*.ts'],
    tests: ['pipeline/ingest', 'pipeline/arrival-order', 'pipeline/log-consumers'],
  },
  access: { sources: ['server/src/access/**/*.ts'], tests: ['http/access', 'rights/', 'server/src/access'] },
  identity: { sources: ['server/src/identity/**/*.ts'], tests: ['identity/'] },
  screens: { sources: ['server/src/screens/*.ts'], tests: ['screens/'] },
  client: { sources: ['client/src/live/*.ts', 'client/src/api/*.ts'], tests: [] },
}
