import type { actorKinds } from '@stagewatch/shared/contract/changes.ts'

/** Who did something: of a person the e-mail address, of a key or a screen its name. */
export interface Actor {
  readonly kind: (typeof actorKinds)[number]
  readonly name: string
}

/** Of what is known of a caller, as much as is recorded. */
export function actorOf({ kind, name }: Actor): Actor {
  return { kind, name }
}

/** The program itself. */
export const serverActor: Actor = { kind: 'server', name: 'server' }
