import type { ProcessDraft } from '@stagewatch/shared/contract/process-draft.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useReducer, useState } from 'react'
import { isApiError } from '../../api/request.ts'
import { useMe } from '../../api/session.ts'
import { draftQuery, saveDraft } from './api.ts'
import { draftReducer, type DraftAction } from './draft-edits.ts'

/** Delay after the last edit, so that related edits are saved together. */
const debounceMs = 800
const retryMs = 5_000

interface DraftEditorOptions {
  /** The live process, and the version of its history. */
  readonly live: ProcessDefinition
  readonly liveVersion: string | null
  /** The draft on the server. Null: there is none. */
  readonly draft: ProcessDraft | null
}

/** The last known state of the server. */
interface Known {
  readonly definition: ProcessDefinition
  /** Undefined: there was no draft. */
  readonly version: string | undefined
  /** Version of the process that the draft was made from. */
  readonly base: string | null
}

export interface DraftEditor {
  /** The edited process, saved or not. */
  readonly definition: ProcessDefinition
  /** Version of the draft on the server. Undefined: there is none. */
  readonly version: string | undefined
  readonly dispatch: (action: DraftAction) => void
  readonly canUndo: boolean
  readonly canRedo: boolean
  /** `waiting`: unsaved edits will be saved soon. */
  readonly state: 'saved' | 'waiting' | 'saving' | 'failed' | 'conflict'
  readonly error: Error | null
  /** A version that somebody else has saved in the meantime. */
  readonly conflict: DraftConflict | undefined
  /** Whether the process was released or changed since the draft was made. */
  readonly isOutdated: boolean
  /** Rebases the draft on the live process. */
  readonly takeOverLive: () => void
}

interface DraftConflict {
  readonly before: ProcessDefinition
  readonly current: ProcessDefinition
  readonly takeTheirs: () => void
  readonly keepMine: () => void
}

/** The draft of a process, saved automatically a moment after each edit. */
export function useDraftEditor({ live, liveVersion, draft: loaded }: DraftEditorOptions): DraftEditor {
  const { site } = useMe()
  const queries = useQueryClient()
  const [known, setKnown] = useState(() => knownOf(loaded, live, liveVersion))
  const [draft, dispatch] = useReducer(draftReducer, { definition: known.definition, past: [], future: [] })
  const [state, setState] = useState<'idle' | 'saving' | 'failed' | 'conflict'>('idle')
  const [error, setError] = useState<Error | null>(null)
  const [theirs, setTheirs] = useState<ProcessDraft | null>(null)
  const [isRebased, setRebased] = useState(false)
  const { definition, past, future } = draft
  const isDirty = definition !== known.definition || isRebased

  const load = (next: Known): void => {
    setKnown(next)
    setState('idle')
    dispatch({ kind: 'load', definition: next.definition })
  }

  const save = useEffectEvent(async (edited: ProcessDefinition): Promise<void> => {
    const query = draftQuery(site, live.code)
    setState('saving')
    // A response in flight contains the state before this change.
    await queries.cancelQueries({ queryKey: query.queryKey })
    try {
      const base = isRebased ? liveVersion : known.base
      const answer = await saveDraft(site, { definition: edited, base }, known.version)
      queries.setQueryData(query.queryKey, answer)
      setKnown({ definition: edited, version: answer.draft?.version, base })
      setRebased(false)
      setError(null)
      setState('idle')
    } catch (caught) {
      if (!isApiError(caught, 'conflict')) {
        setError(caught instanceof Error ? caught : new Error(String(caught)))
        setState('failed')
        return
      }
      const answer = await queries.query({ ...query, staleTime: 0 }).catch(() => undefined)
      setError(null)
      setTheirs(answer?.draft ?? null)
      setState(answer === undefined ? 'failed' : 'conflict')
    }
  })

  useEffect(() => {
    if (!isDirty || state === 'saving' || state === 'conflict') return undefined
    const timer = setTimeout(() => void save(definition), state === 'failed' ? retryMs : debounceMs)
    return () => clearTimeout(timer)
  }, [isDirty, definition, state])

  const flush = useEffectEvent(() => {
    if (isDirty && state !== 'conflict' && state !== 'saving') void save(definition)
  })
  useEffect(() => () => flush(), [])

  // A version saved by somebody else is shown at once, unless there are unsaved edits; saving those reports a conflict.
  const heard = `${loaded?.version ?? ''} ${liveVersion}`
  const [seen, setSeen] = useState(heard)
  if (heard !== seen) {
    setSeen(heard)
    const remote = knownOf(loaded, live, liveVersion)
    const isNews = remote.version !== known.version || (remote.version === undefined && remote.base !== known.base)
    if (isNews && !isDirty && state === 'idle') load(remote)
  }

  const theirState = knownOf(theirs, live, liveVersion)
  return {
    definition,
    version: known.version,
    dispatch,
    canUndo: past.length > 0,
    canRedo: future.length > 0,
    state: state === 'idle' ? (isDirty ? 'waiting' : 'saved') : state,
    error,
    conflict:
      state !== 'conflict'
        ? undefined
        : {
            before: known.definition,
            current: theirState.definition,
            takeTheirs: () => load(theirState),
            keepMine: () => {
              setKnown(theirState)
              setState('idle')
            },
          },
    isOutdated: known.version !== undefined && known.base !== liveVersion,
    takeOverLive: () => setRebased(true),
  }
}

function knownOf(draft: ProcessDraft | null, live: ProcessDefinition, liveVersion: string | null): Known {
  return draft === null
    ? { definition: live, version: undefined, base: liveVersion }
    : { definition: draft.definition, version: draft.version, base: draft.base }
}
