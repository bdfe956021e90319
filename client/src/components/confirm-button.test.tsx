import { cleanup, fireEvent, screen } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Health } from '../api/health.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { ConfirmButton } from './confirm-button.tsx'
import { renderDesk } from './testing/render-desk.tsx'

afterEach(cleanup)

async function renderRevoke(options: { readonly language?: Language; readonly health?: Health } = {}) {
  const onConfirm = vi.fn<() => void>()
  const question = 'The screen goes blank.'
  await renderDesk(
    <ConfirmButton label="Revoke" about="Hall 2" question={question} busy={false} onConfirm={onConfirm} />,
    options,
  )
  fireEvent.click(screen.getByRole('button', { name: 'Revoke: Hall 2' }))
  return { onConfirm, question }
}

describe('a button for an irreversible action', () => {
  it('asks for confirmation before it acts', async () => {
    const { onConfirm, question } = await renderRevoke()
    expect(screen.getByRole('group', { name: question }).isConnected).toBe(true)
    expect(onConfirm).not.toHaveBeenCalled()
    fireEvent.click(screen.getByRole('button', { name: 'Revoke' }))
    expect(onConfirm).toHaveBeenCalledOnce()
  })

  it('focuses the harmless answer, and restores the focus', async () => {
    const { onConfirm } = await renderRevoke()
    const cancel = screen.getByRole('button', { name: 'Cancel' })
    expect(document.activeElement).toBe(cancel)
    fireEvent.click(cancel)
    expect(screen.queryByRole('group')).toBeNull()
    expect(screen.getByRole('button', { name: 'Revoke: Hall 2' }).isConnected).toBe(true)
    expect(onConfirm).not.toHaveBeenCalled()
  })

  it('cannot be confirmed while the server does not respond, and says why', async () => {
    const { onConfirm } = await renderRevoke({ health: 'unreachable' })
    const sure = screen.getByRole('button', { name: 'Revoke' })
    expect(sure.title).toBe('Not available while the server does not respond')
    fireEvent.click(sure)
    expect(onConfirm).not.toHaveBeenCalled()
  })

  it('speaks the language of the page', async () => {
    await renderRevoke({ language: 'zh' })
    expect(screen.getByRole('button', { name: '取消' }).isConnected).toBe(true)
  })
})
