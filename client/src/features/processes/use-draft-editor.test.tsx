import type { ProcessDraft } from '@stagewatch/shared/contract/process-draft.ts'
import { actionsOf } from '@stagewatch/shared/domain/access/action.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { useQuery } from '@tanstack/react-query'
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MeContext } from '../../api/session.ts'
import { renderDesk } from '../../components/testing/render-desk.tsx'
import { draftQuery } from './api.ts'
import { DraftNotes } from './draft-notes.tsx'
import { useDraftEditor } from './use-draft-editor.ts'

const live: ProcessDefinition = {
  code: 'standard',
  name: { zh: '标准', en: 'Standard' },
  stages: [{ code: 'qc', name: { zh: '质检', en: 'QC' }, targetMs: 6, warnAtRatio: 0.8, toleranceRatio: 0.1 }],
  acceptsNewStages: false,
  goals: {},
}
const limited = (overdueCeiling: number): ProcessDefinition => ({ ...live, goals: { overdueCeiling } })

/** A server with one draft that rejects writes based on an older version. */
class DraftServer {
  draft: ProcessDraft | null = null
  readonly saved: { readonly body: unknown; readonly version: string | undefined }[] = []

  save(definition: ProcessDefinition, base: string | null): void {
    const version = `d${(this.draft === null ? 0 : Number(this.draft.version.slice(1))) + 1}`
    this.draft = { definition, base, version, savedAt: 0, savedBy: { kind: 'person', name: 'Bo' } }
  }

  readonly fetch = (_: string, init: RequestInit): Promise<Response> => {
    if (init.method === 'PUT') {
      const body = JSON.parse(init.body as string) as { definition: ProcessDefinition; base: string | null }
      const version = new Headers(init.headers).get('if-match')?.replaceAll('"', '')
      this.saved.push({ body, version })
      if (version !== this.draft?.version) {
        return Promise.resolve(Response.json({ code: 'conflict', message: '', requestId: 'r' }, { status: 409 }))
      }
      this.save(body.definition, body.base)
    }
    return Promise.resolve(Response.json({ draft: this.draft }))
  }
}

let server: DraftServer

function Editor() {
  const { data } = useQuery(draftQuery('east', 'standard'))
  return data === undefined ? null : <Loaded draft={data.draft} />
}

function Loaded({ draft }: { readonly draft: ProcessDraft | null }) {
  const editor = useDraftEditor({ live, liveVersion: 'p1', draft })
  const set = (overdueCeiling: number) => () =>
    editor.dispatch({ kind: 'process', change: { goals: { overdueCeiling } } })
  return (
    <>
      <output>{`${editor.definition.goals.overdueCeiling ?? 'none'} ${editor.state}`}</output>
      <button type="button" onClick={set(8)}>
        8
      </button>
      <button type="button" onClick={set(9)}>
        9
      </button>
      <DraftNotes editor={editor} asOf={0} />
    </>
  )
}

async function open(): Promise<void> {
  const actions = [...actionsOf('administrator', undefined)]
  const privacy = { customers: 'shown', amounts: 'shown', people: 'shown' } as const
  await renderDesk(
    <MeContext value={{ kind: 'person', name: 'Ada', site: 'east', actions, privacy, sites: [] }}>
      <Editor />
    </MeContext>,
  )
  await screen.findByRole('status')
}

const shows = (text: string) =>
  waitFor(() => expect(screen.getByRole('status').textContent).toBe(text), { timeout: 5_000 })

beforeEach(() => {
  server = new DraftServer()
  vi.stubGlobal('fetch', server.fetch)
})

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

describe('the draft of a process', () => {
  it('saves once for consecutive edits, based on its own last save', async () => {
    await open()
    fireEvent.click(screen.getByText('8'))
    fireEvent.click(screen.getByText('9'))
    await shows('9 saved')
    expect(server.saved).toEqual([{ body: { definition: limited(9), base: 'p1' }, version: undefined }])
    fireEvent.click(screen.getByText('8'))
    await shows('8 saved')
    expect(server.saved[1]).toEqual({ body: { definition: limited(8), base: 'p1' }, version: 'd1' })
  })

  it('shows both versions after a conflict, and saves nothing before one is chosen', async () => {
    await open()
    server.save(limited(5), 'p1')
    fireEvent.click(screen.getByText('9'))
    await shows('9 conflict')
    const row = screen.getByRole('row', { name: /5.*9/ })
    expect(row.isConnected).toBe(true)
    expect(server.draft?.definition).toEqual(limited(5))
    fireEvent.click(screen.getByRole('button', { name: 'Overwrite with mine' }))
    await shows('9 saved')
    expect(server.draft?.definition).toEqual(limited(9))
  })

  it('takes over the other version for those who discard their own', async () => {
    await open()
    server.save(limited(5), 'p1')
    fireEvent.click(screen.getByText('9'))
    await shows('9 conflict')
    fireEvent.click(screen.getByRole('button', { name: 'Discard my changes' }))
    await shows('5 saved')
    expect(server.saved).toHaveLength(1)
  })

  it('of an outdated process is rebased only on request', async () => {
    server.save(limited(5), 'p0')
    await open()
    expect(screen.getByRole('alert').textContent).toContain('has changed since')
    fireEvent.click(screen.getByRole('button', { name: 'Keep my draft on top of it' }))
    await waitFor(() => expect(server.draft).toMatchObject({ base: 'p1', definition: limited(5) }), { timeout: 5_000 })
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull())
  })
})
