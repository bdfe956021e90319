import { lockDataDirectory } from '@stagewatch/db/data-directory-lock.ts'
import { expect, test } from 'vitest'
import { runCommand } from './run-command.ts'
import { withData } from './testing/command-data.ts'
import { testTerminal } from './testing/test-terminal.ts'

const folder = await withData()

async function migrate() {
  const terminal = testTerminal()
  const code = await runCommand(['migrate', '--json'], terminal)
  return { code, printed: terminal.printed.join(''), noted: terminal.noted }
}

test('a data directory is migrated, and never beside the server that has it open', async () => {
  expect(await migrate()).toEqual({ code: 0, printed: '{"applied":[]}', noted: [] })

  const lock = await lockDataDirectory(folder)
  try {
    expect((await migrate()).code).toBe(1)
    await lock.announce('http://127.0.0.1:4000')
    expect(await migrate()).toEqual({
      code: 0,
      printed: '{"applied":[]}',
      noted: ['the server on http://127.0.0.1:4000 has migrated the database when it started'],
    })
  } finally {
    await lock.release()
  }
})
