import type { actorKinds } from '@stagewatch/shared/contract/changes.ts'

/** Who did something: a person by e-mail address, a key or a screen by name. */
export interface Actor {
  readonly kind: (typeof actorKinds)[number]
  readonly name: string
}

/** The part of a caller that is recorded. */
export function actorOf({ kind, name }: Actor): Actor {
  return { kind, name }
}

/** The program itself. */
export const serverActor: Actor = { kind: 'server', name: 'server' }
