import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'

export type NoticeKind = 'unauthorized' | 'unknownBoard' | 'unknownSite' | 'badRecording'

/**
 * The refusals that replace the whole screen. A revoked right hides the numbers at once; after any other refusal the
 * last picture stays visible and shows its age.
 */
export function noticeFor(refusal: ProblemCode | undefined, hasBoard: boolean): NoticeKind | undefined {
  if (refusal === 'unauthorized' || refusal === 'forbidden') return 'unauthorized'
  if (hasBoard) return undefined
  if (refusal === 'unknown_board') return 'unknownBoard'
  // The parameters of a recording are the only request data of a wall that can be invalid.
  if (refusal === 'bad_request' || refusal === 'invalid_field') return 'badRecording'
  return refusal === 'not_found' ? 'unknownSite' : undefined
}
