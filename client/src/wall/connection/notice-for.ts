import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'

export type NoticeKind = 'unauthorized' | 'unknownBoard' | 'unknownSite' | 'badRecording'

/**
 * Which refusals take the whole screen. A right that is gone hides the numbers at once; everything else leaves the
 * last picture to grow old in front of everybody.
 */
export function noticeFor(refusal: ProblemCode | undefined, hasBoard: boolean): NoticeKind | undefined {
  if (refusal === 'unauthorized' || refusal === 'forbidden') return 'unauthorized'
  if (hasBoard) return undefined
  if (refusal === 'unknown_board') return 'unknownBoard'
  // Of what a wall asks for, only a recording can be wrong in itself.
  if (refusal === 'bad_request' || refusal === 'invalid_field') return 'badRecording'
  return refusal === 'not_found' ? 'unknownSite' : undefined
}
