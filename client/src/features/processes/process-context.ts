import type { CalendarList } from '@stagewatch/shared/contract/calendar-settings.ts'
import type { ProcessDefinition, StageDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { createContext, useContext } from 'react'
import type { DraftAction } from './draft-edits.ts'

/** The chosen part of the process. */
export interface Selection {
  readonly stage?: string | undefined
  /** Index among the paths of the process. */
  readonly path?: number | undefined
}

/** State shared by all parts of the process page. */
export interface ProcessEditing {
  /** When the process was loaded, epoch ms by the server's clock. */
  readonly asOf: number
  readonly live: ProcessDefinition
  readonly definition: ProcessDefinition
  /** Undefined: the user has read access only. */
  readonly dispatch: ((action: DraftAction) => void) | undefined
  /** All calendars of the site. */
  readonly calendars: CalendarList['calendars']
  /** Names of departments that already exist elsewhere. */
  readonly departments: readonly string[]
  /** The name of a department, given its text in events. */
  readonly nameOfDepartment: (text: string) => string
  readonly selected: Selection
  readonly select: (selection: Selection) => void
}

export const ProcessContext = createContext<ProcessEditing | undefined>(undefined)

export function useProcess(): ProcessEditing {
  const editing = useContext(ProcessContext)
  if (editing === undefined) throw new Error('only parts of the page of a process ask for it')
  return editing
}

/** The live version of the stage. Undefined: the stage is new. */
export function useLiveStage(code: string): StageDefinition | undefined {
  return useProcess().live.stages.find((stage) => stage.code === code)
}
