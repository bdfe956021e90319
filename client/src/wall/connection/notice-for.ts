import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'

export type NoticeKind = 'unauthorized' | 'unknownBoard' | 'unknownSite'

/**
 * Which refusals take the whole screen. A right that is gone hides the numbers at once; everything else leaves the
 * last picture to grow old in front of everybody.
 */
export function noticeFor(refusal: ProblemCode | undefined, hasBoard: boolean): NoticeKind | undefined {
  if (refusal === 'unauthorized' || refusal === 'forbidden') return 'unauthorized'
  if (hasBoard) return undefined
  if (refusal === 'unknown_board') return 'unknownBoard'
  return refusal === 'not_found' ? 'unknownSite' : undefined
}
