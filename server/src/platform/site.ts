import type { LocalText } from '@stagewatch/shared/domain/local-text.ts'

/** A plant or a company; data of different sites never mixes. */
export interface Site {
  readonly code: string
  readonly name: LocalText
  /** IANA time zone that defines "today" on its screens. */
  readonly timeZone: string
  readonly sample: boolean
}

/** The site that a fresh installation starts with. */
export const mainSite = 'main'
/** The site of the fictional sample factory. */
export const sampleSite = 'sample'
/** Code of the process that orders belong to until one is defined. */
export const firstProcess = 'default'
