import type { CalendarList } from '@stagewatch/shared/contract/calendar-settings.ts'
import type { ProcessDefinition, StageDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { createContext, useContext } from 'react'
import type { DraftAction } from './draft-edits.ts'

/** What of the process is looked at closely. */
export interface Selection {
  readonly stage?: string | undefined
  /** Its place among the paths of the process. */
  readonly path?: number | undefined
}

/** What every part of the page of a process works on. */
export interface ProcessEditing {
  /** When the process was read, epoch ms by the server's clock. */
  readonly asOf: number
  readonly live: ProcessDefinition
  readonly definition: ProcessDefinition
  /** Undefined: the person may look only. */
  readonly dispatch: ((action: DraftAction) => void) | undefined
  /** Of the site. */
  readonly calendars: CalendarList['calendars']
  /** Names of departments that are known from elsewhere. */
  readonly departments: readonly string[]
  readonly selected: Selection
  readonly select: (selection: Selection) => void
}

export const ProcessContext = createContext<ProcessEditing | undefined>(undefined)

export function useProcess(): ProcessEditing {
  const editing = useContext(ProcessContext)
  if (editing === undefined) throw new Error('only parts of the page of a process ask for it')
  return editing
}

/** The stage as it is live; undefined: it is new. */
export function useLiveStage(code: string): StageDefinition | undefined {
  return useProcess().live.stages.find((stage) => stage.code === code)
}
