import type { LocalText } from './local-text.ts'

/**
 * A way between two stages of a process that the order of its stages does not say. Forwards it is a branch, by which
 * orders may pass over the stages in between; backwards it is a return, by which orders may come again.
 */
export interface ProcessPath {
  /** Stage codes, of two different stages. */
  readonly from: string
  readonly to: string
  /** What people call it, such as "rework after a failed inspection". */
  readonly name?: LocalText
  /** So often one order may return; undefined: any number of times. A branch has none. */
  readonly maxTimes?: number
}
