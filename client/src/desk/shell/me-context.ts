import { createContext, useContext } from 'react'
import type { Me } from '@stagewatch/shared/contract/me.ts'

export const MeContext = createContext<Me | undefined>(undefined)

/** Who is signed in; only pages inside the shell ask. */
export function useMe(): Me {
  const me = useContext(MeContext)
  if (me === undefined) throw new Error('nobody is signed in outside of the shell')
  return me
}
