/** Patterns of the source files to mutate in each area. */
export const areas: Readonly<Record<string, readonly string[]>> = {
  fold: [
    'shared/src/domain/{correction,effective-events,end-order,event-order,evolve-*,fold-*,order-attributes}.ts',
    'server/src/projection/*.ts',
  ],
  times: ['shared/src/domain/{attributes-of-visit,holds,stage-visit,visit-clock,visit-times}.ts'],
  limits: ['shared/src/domain/{process-history,stage-state,target-rule,visit-sla,visit-status}.ts'],
  calendars: ['shared/src/domain/time/*.ts'],
  rules: ['server/src/rules/*.ts'],
  engine: ['server/src/engine/*.ts'],
  boards: ['server/src/boards/*.ts'],
  live: ['server/src/live/**/*.ts'],
  ingest: ['server/src/ingest/**/*.ts'],
  log: ['server/src/log/*.ts'],
  access: ['server/src/access/**/*.ts'],
  identity: ['server/src/identity/**/*.ts'],
  screens: ['server/src/screens/*.ts'],
  client: ['client/src/live/*.ts', 'client/src/api/*.ts'],
}
