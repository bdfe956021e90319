import '../engine/polyfills.ts'
import '../live/jitless-zod.ts'
import '../theme/dark-tokens.css'
import './fallback.css'
import { kpis } from '@stagewatch/shared/contract/board.ts'
import { z } from 'zod'
import { hidePointer } from '../live/hide-pointer.ts'
import { pageIsServed } from '../live/page-reload.ts'
import { lastingStorage, openInPlace } from '../live/page-storage.ts'
import { readScreenCredentials } from '../live/screen-credentials.ts'
import { readWallAddress } from '../live/wall-address.ts'
import { oldDataText, shownAge, sixNumbers, staleDataAge } from './six-numbers.ts'
import { isApiError, request } from '../api/request.ts'
import { serverTime } from '../api/server-time.ts'
import { locales } from '@stagewatch/shared/domain/locales.ts'
import { loadFallbackTexts, type FallbackTexts } from './six-numbers.ts'

// Shows only the six KPIs, for a device that cannot run the wall itself.

const textFiles = import.meta.glob<object>('../locales/*/{common,fallback,wall}.json', { import: 'default' })
const refreshEveryMs = 10_000
const backToWallAfterMs = 600_000

const address = readWallAddress(new URL(location.href), navigator.language)
const credentials = readScreenCredentials()
const language = credentials?.self.settings.language ?? address.language
const openedAt = performance.now()
let receivedAt: number | undefined
/** Age of the numbers on arrival, if the server cannot read its database. Undefined when it can. */
let staleMs: number | undefined
let isAway = false
let lastMovedOn: number | undefined

const kpisResponse = kpis.extend({ dataAsOf: z.int().optional(), lastMovedOn: z.int().optional() })

hidePointer(document.documentElement, credentials !== undefined)
document.documentElement.lang = locales[language].tag

async function start(): Promise<void> {
  const texts = await loadFallbackTexts(language, textFiles)
  void refresh(texts)
  showAge(texts)
  setInterval(() => void refresh(texts), refreshEveryMs)
  setInterval(() => showAge(texts), 1_000)
}

async function refresh(texts: FallbackTexts): Promise<void> {
  const site = credentials?.self.site ?? address.site
  const query = new URLSearchParams({ board: address.boardId, ...(site !== undefined && { site }) })
  const token = credentials?.token ?? lastingStorage.get(`stagewatch.key ${address.site ?? ''}`) ?? undefined
  try {
    const numbers = await request({ path: `/api/v1/kpis?${query}`, response: kpisResponse, token })
    receivedAt = performance.now()
    staleMs = staleDataAge(numbers.dataAsOf, serverTime(Date.now()))
    isAway = false
    lastMovedOn = numbers.lastMovedOn
    show('numbers', sixNumbers(numbers, texts, language))
  } catch (error) {
    isAway = isApiError(error, 'not_ready')
  }
  showAge(texts)
}

function showAge(texts: FallbackTexts): void {
  const receivedMs = receivedAt === undefined ? undefined : performance.now() - receivedAt
  const { text, isStale } = shownAge({ receivedMs, staleMs, isAway }, texts)
  const old = oldDataText(lastMovedOn, serverTime(Date.now()), texts, language)
  show('age', [...(old === undefined ? [] : [[old]]), [texts.note, text]])
  document.documentElement.classList.toggle('stale', isStale)
}

function show(place: string, lines: readonly (readonly string[])[]): void {
  const paragraphs = lines.map((words) => {
    const line = document.createElement('p')
    line.append(
      ...words.map((word) => {
        const part = document.createElement('span')
        part.textContent = word
        return part
      }),
    )
    return line
  })
  document.querySelector(`#${place}`)?.replaceChildren(...paragraphs)
}

async function goBack(): Promise<void> {
  if (performance.now() - openedAt < backToWallAfterMs || !(await pageIsServed())) return
  openInPlace(`/wall${location.search}`)
}

void start()
setInterval(() => void goBack(), refreshEveryMs)
