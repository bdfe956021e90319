import type { LocalText } from '@stagewatch/shared/domain/local-text.ts'

/** A plant or a company; nothing crosses sites. */
export interface Site {
  readonly code: string
  readonly name: LocalText
  /** IANA zone of "today" on its screens. */
  readonly timeZone: string
  readonly sample: boolean
}

/** The site that a fresh installation has. */
export const mainSite = 'main'
/** The site in which the fictional factory lives. */
export const sampleSite = 'sample'
/** Code of the process that orders belong to until somebody defines one. */
export const firstProcess = 'default'
