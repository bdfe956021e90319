import { expect } from 'vitest'
import { test } from '../harness/browser-test.ts'
import { startServer } from '../harness/start-server.ts'

test('the reference of the API opens without asking any other server', async ({ browser }) => {
  const server = await startServer()
  try {
    const page = await browser.newPage()
    const asked: string[] = []
    const complaints: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).origin))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    await page.goto(`${server.url}/docs`, { waitUntil: 'networkidle' })
    await page.getByText('Order events in, stage durations out.').first().waitFor()
    expect([...new Set(asked)]).toEqual([server.url])
    expect(complaints).toEqual([])
  } finally {
    await server.close()
  }
})
