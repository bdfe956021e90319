import { ofDomain } from './domain.ts'
import { ofIngest } from './ingest.ts'
import { ofServer } from './server.ts'

/** A change that does not alter the program's behaviour, so no test can detect it. */
export interface EquivalentMutant {
  readonly file: string
  /** The trimmed source line. */
  readonly line: string
  /** The change as printed by the run. */
  readonly change: string
  readonly reason: string
}

export const equivalentMutants: readonly EquivalentMutant[] = [...ofDomain, ...ofIngest, ...ofServer]
