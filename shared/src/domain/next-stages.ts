import type { ProcessDefinition, StageDefinition } from './process-definition.ts'

/** A stage to which an order may go on. */
export interface NextStage {
  readonly stage: StageDefinition
  /** The way leads back to an earlier stage. */
  readonly isReturn: boolean
}

/**
 * Where an order may go on from a stage: the stage behind it in the order of the process, then the branches and at last
 * the returns that start there. Empty behind the last stage, and for a stage that the process does not have any more.
 * @param from undefined: the order has been in no stage yet.
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
 * The stage that an order goes on to where nobody says which; undefined: it goes on to none, since the stage is the last.
 * `choice`: several ways lead forwards, and somebody has to say.
 */
export function usualNextStage(
  process: ProcessDefinition,
  from: string | undefined,
): StageDefinition | undefined | 'choice' {
  const [first, second] = nextStages(process, from).filter(({ isReturn }) => !isReturn)
  return second === undefined ? first?.stage : 'choice'
}
