import { Session } from 'node:inspector/promises'
import type { Profiler } from 'node:inspector/promises'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { Span } from './recording.ts'

interface Recorder {
  readonly session: Session
  /** The open pages of which parts are recorded, and what closed ones have executed. */
  readonly pages: Set<Page>
  readonly executed: Map<string, Span[]>
}

const worker = globalThis as { stagewatchCoverage?: Promise<Recorder> }

/** The recorder of the test file, which has a worker of its own. */
export function recorderOfWorker(): Promise<Recorder> {
  worker.stagewatchCoverage ??= startRecorder()
  return worker.stagewatchCoverage
}

async function startRecorder(): Promise<Recorder> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  return { session, pages: new Set(), executed: new Map() }
}

/** Records what all pages of the browser execute from now on, if this run records. */
export function recordPages(browser: Browser): void {
  if (worker.stagewatchCoverage === undefined) return
  const openContext = browser.newContext.bind(browser)
  browser.newContext = async (options) => {
    const context = await openContext(options)
    recordContext(context)
    return context
  }
}

function recordContext(context: BrowserContext): void {
  const open = context.newPage.bind(context)
  const close = context.close.bind(context)
  context.newPage = async () => beginPage(await open())
  context.close = async (options) => {
    await Promise.all(context.pages().map((page) => endPage(page)))
    await close(options)
  }
}

async function beginPage(page: Page): Promise<Page> {
  const { pages } = await recorderOfWorker()
  pages.add(page)
  await page.coverage.startJSCoverage({ resetOnNavigation: false })
  const close = page.close.bind(page)
  page.close = async (options) => {
    await endPage(page)
    await close(options)
  }
  return page
}

export async function endPage(page: Page): Promise<void> {
  const { pages, executed } = await recorderOfWorker()
  if (!pages.delete(page)) return
  // A page that has crashed or was closed with its browser has nothing to tell.
  const entries = await page.coverage.stopJSCoverage().catch(() => [])
  for (const { url, functions } of entries) {
    const { pathname } = new URL(url)
    if (pathname.startsWith('/assets/')) addSpans(executed, pathname, functions)
  }
}

/**
 * Adds the executed spans: the innermost range that contains a character says how often it was executed.
 * @param start the offset of the ranges at which the script begins.
 */
export function addSpans(
  executed: Map<string, Span[]>,
  script: string,
  functions: readonly Pick<Profiler.FunctionCoverage, 'ranges'>[],
  start = 0,
): void {
  const ranges = functions
    .flatMap((one) => one.ranges)
    .toSorted((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset)
  const spans = executed.get(script) ?? []
  const open: { readonly end: number; readonly count: number }[] = []
  let at = 0
  /** Closes the ranges that end before `to`, and adds what is executed until there. */
  const advance = (to: number): void => {
    for (let innermost = open.at(-1); innermost !== undefined && at < to; innermost = open.at(-1)) {
      const end = Math.min(innermost.end, to)
      if (end > Math.max(at, start) && innermost.count > 0) spans.push([Math.max(at, start) - start, end - start])
      at = Math.max(at, end)
      if (innermost.end <= to) open.pop()
    }
    at = to
  }
  for (const { startOffset, endOffset, count } of ranges) {
    advance(startOffset)
    open.push({ end: endOffset, count })
  }
  advance(Infinity)
  if (spans.length > 0) executed.set(script, spans)
}
