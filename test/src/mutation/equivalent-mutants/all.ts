import type { EquivalentMutant } from '../find-mutants.ts'
import { ofDomain } from './domain.ts'
import { ofIngest } from './ingest.ts'
import { ofServer } from './server.ts'

export const equivalentMutants: readonly EquivalentMutant[] = [...ofDomain, ...ofIngest, ...ofServer]
