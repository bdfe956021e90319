import type { LocalText } from './local-text.ts'

/**
 * A path between two stages of a process that its order of stages does not contain. A forward path is a branch, by
 * which orders may skip the stages in between; a backward path is a return, by which orders may repeat stages.
 */
export interface ProcessPath {
  /** Codes of two different stages. */
  readonly from: string
  readonly to: string
  /** Display name, such as "rework after a failed inspection". */
  readonly name?: LocalText
  /** How often one order may return. Undefined: unlimited. A branch has none. */
  readonly maxTimes?: number
}
