import '../live/jitless-zod.ts'
import '../theme/dark-tokens.css'
import './fallback.css'
import { kpis } from '@stagewatch/shared/contract/board.ts'
import { pageIsServed } from '../live/page-is-served.ts'
import { readScreenPass } from '../live/screen-pass.ts'
import { readWallAddress } from '../live/wall-address.ts'
import { sixNumbers } from './six-numbers.ts'
import { fallbackTexts } from './fallback-texts.ts'

// The six numbers and nothing else, for a device on which the wall itself does not run.

const askEveryMs = 10_000
const backToWallAfterMs = 600_000

const address = readWallAddress(new URL(location.href), navigator.language)
const pass = readScreenPass()
const language = pass?.self.settings.language ?? address.language
const texts = fallbackTexts(language)
const openedAt = performance.now()
let heardAt: number | undefined

document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'

async function ask(): Promise<void> {
  const site = pass?.self.site ?? address.site
  const query = new URLSearchParams({ board: address.boardId, ...(site !== undefined && { site }) })
  const token = pass?.token ?? localStorage.getItem(`stagewatch.key ${address.site ?? ''}`)
  try {
    const answer = await fetch(`/api/v1/kpis?${query}`, {
      ...(token !== null && { headers: { authorization: `Bearer ${token}` } }),
    })
    const numbers = kpis.safeParse(await answer.json())
    if (!answer.ok || !numbers.success) return
    heardAt = performance.now()
    show('numbers', sixNumbers(numbers.data, texts, language))
    showAge()
  } catch {
    // The age under the numbers says that nothing has come.
  }
}

function showAge(): void {
  const ageS = heardAt === undefined ? undefined : Math.floor((performance.now() - heardAt) / 1000)
  show('age', [[texts.note, ageS === undefined ? texts.none : texts.age.replace('{{seconds}}', String(ageS))]])
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
  location.replace(`/wall${location.search}`)
}

void ask()
showAge()
setInterval(() => void ask(), askEveryMs)
setInterval(showAge, 1_000)
setInterval(() => void goBack(), askEveryMs)
