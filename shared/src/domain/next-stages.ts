import type { ProcessDefinition, StageDefinition } from './process-definition.ts'

/** A possible next stage of an order. */
export interface NextStage {
  readonly stage: StageDefinition
  /** The path leads back to an earlier stage. */
  readonly isReturn: boolean
}

/**
 * The possible next stages: the following stage in the order of the process, then the branches and finally the returns
 * that start at `from`. Empty after the last stage, and for a stage that the process no longer has.
 * @param from Undefined: the order has been in no stage yet.
 */
export function nextStages({ stages, paths = [] }: ProcessDefinition, from: string | undefined): NextStage[] {
  const place = from === undefined ? -1 : stages.findIndex(({ code }) => code === from)
  if (from !== undefined && place < 0) return []
  const following = stages[place + 1]
  const others = paths.flatMap((path) => {
    const to = path.from === from ? stages.findIndex(({ code }) => code === path.to) : -1
    const stage = stages[to]
    return stage === undefined || stage === following ? [] : [{ stage, isReturn: to < place }]
  })
  const known = [...(following === undefined ? [] : [{ stage: following, isReturn: false }]), ...others]
  return known.toSorted((a, b) => Number(a.isReturn) - Number(b.isReturn))
}

/**
 * The next stage if none is specified. Undefined: there is none, because the stage is the last. `choice`: several paths
 * lead forwards, so the user has to choose.
 */
export function usualNextStage(
  process: ProcessDefinition,
  from: string | undefined,
): StageDefinition | undefined | 'choice' {
  const [first, second] = nextStages(process, from).filter(({ isReturn }) => !isReturn)
  return second === undefined ? first?.stage : 'choice'
}
