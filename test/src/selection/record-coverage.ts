import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect } from 'vitest'
import { addSpans, endPage, recorderOfWorker } from './coverage-recorder.ts'
import { recordingFolder, root } from './recording.ts'
import type { RecordedFile } from './recording.ts'

/**
 * A setup file of vitest: records which parts of the product each test file executes, in its own process and in the
 * pages that it opens. What servers and commands in other processes execute is not recorded.
 */
const productFolders = ['client', 'db', 'server', 'shared'].map((name) => `${pathToFileURL(root).href}/${name}/src/`)
/** How vitest has run each module: as the body of a function, whose head is `startOffset` characters long. */
const { moduleExecutionInfo: modules } = Reflect.get(globalThis, '__vitest_worker__') as {
  readonly moduleExecutionInfo: ReadonlyMap<string, { readonly startOffset: number }>
}
// Before the test file is loaded, so that what its modules run then is recorded too.
const { session, pages, executed } = await recorderOfWorker()
let startedAtMs = 0

beforeAll(() => {
  startedAtMs = performance.now()
})

afterAll(async () => {
  const seconds = (performance.now() - startedAtMs) / 1000
  await Promise.all([...pages].map((page) => endPage(page)))
  const { result } = await session.post('Profiler.takePreciseCoverage')
  for (const script of result) {
    if (productFolders.some((folder) => script.url.startsWith(folder)) && !script.url.includes('.test.')) {
      const wrapperLength = modules.get(fileURLToPath(script.url))?.startOffset ?? 0
      addSpans(executed, script.url.slice(pathToFileURL(root).href.length + 1), script.functions, wrapperLength)
    }
  }
  // oxlint-disable-next-line vitest/no-standalone-expect -- it knows the test file, and nothing is expected
  const file = expect.getState().testPath?.slice(root.length + 1) ?? ''
  const recorded: RecordedFile = { file, seconds, executed: Object.fromEntries(executed) }
  await mkdir(recordingFolder, { recursive: true })
  await writeFile(join(recordingFolder, `${file.replaceAll('/', '+')}.json`), JSON.stringify(recorded))
})
