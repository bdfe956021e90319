import { useQuery } from '@tanstack/react-query'
import { cleanup, fireEvent, screen } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { ApiError } from '../api/request.ts'
import { QueryBoundary } from './query-boundary.tsx'
import { renderDesk } from './testing/render-desk.tsx'

afterEach(cleanup)

/** Returns the given results one after the other. */
function inOrder(...answers: (() => Promise<string>)[]): () => Promise<string> {
  return () => answers.shift()?.() ?? Promise.reject(new Error('asked too often'))
}

/** A list loaded by `read`, with a button that reloads it. */
function List({ read }: { readonly read: () => Promise<string> }) {
  const query = useQuery({ queryKey: ['list'], queryFn: read })
  return (
    <>
      <button type="button" onClick={() => void query.refetch()}>
        Read again
      </button>
      <QueryBoundary query={query}>{(text) => <p>{text}</p>}</QueryBoundary>
    </>
  )
}

describe('a part of a page with data from the server', () => {
  it('shows a loading state, and then only the data', async () => {
    const read = Promise.withResolvers<string>()
    await renderDesk(<List read={() => read.promise} />)
    expect(screen.getByRole('status').textContent).toBe('Loading')
    read.resolve('three orders')
    await screen.findByText('three orders')
    expect(screen.queryByRole('status')).toBeNull()
  })

  it('shows the error with its request id, and retries on request', async () => {
    const refused = new ApiError({ status: 404, code: 'not_found', requestId: '7f3a9c21d04e8b65' })
    const read = inOrder(
      () => Promise.reject(refused),
      () => Promise.resolve('three orders'),
    )
    await renderDesk(<List read={read} />)
    const alert = await screen.findByRole('alert')
    expect(alert.textContent).toContain('7f3a9c21d04e8b65')
    expect(screen.queryByText('three orders')).toBeNull()
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
    await screen.findByText('three orders')
    expect(screen.queryByRole('alert')).toBeNull()
  })

  it('keeps the data when a refetch fails, and says as of when it is', async () => {
    const read = inOrder(
      () => Promise.resolve('three orders'),
      () => Promise.reject(new TypeError('no network')),
    )
    await renderDesk(<List read={read} />)
    await screen.findByText('three orders')
    expect(screen.queryByRole('alert')).toBeNull()
    fireEvent.click(screen.getByRole('button', { name: 'Read again' }))
    await screen.findByText(/^Data from .*\d\d:\d\d\. It could not be refreshed since\.$/)
    expect(screen.getByText('three orders').isConnected).toBe(true)
    // The page says that the server is unreachable.
    expect(screen.queryByRole('alert')).toBeNull()
  })
})
