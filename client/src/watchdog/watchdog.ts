import { pageIsServed } from '../live/page-reload.ts'
import { openInPlace, pageSessionStorage } from '../live/page-storage.ts'
import { isHopeless, recentReloads, isStuck } from './reload-decision.ts'

// A separate script that shares nothing with the wall: it must work if the wall's script fails or does not load.

const checkIntervalMs = 1_000
const tryAgainAfterMs = 10_000
const place = 'stagewatch.watchdog'

const openedAt = performance.now()
let signs = { openedAt, frameAt: openedAt, turnAt: openedAt, beatAt: undefined as number | undefined }
let lastBeat: string | undefined
let triedAt = Number.NEGATIVE_INFINITY
let trying = false

function onFrame(): void {
  signs = { ...signs, frameAt: performance.now() }
  // Once per second is enough; requesting every frame would keep the panel busy.
  setTimeout(() => requestAnimationFrame(onFrame), checkIntervalMs)
}

function look(): void {
  const now = performance.now()
  const beat = document.documentElement.dataset['beat']
  if (beat !== lastBeat) signs = { ...signs, beatAt: now }
  lastBeat = beat
  const stuck = isStuck(signs, now)
  signs = { ...signs, turnAt: now }
  if (stuck && document.visibilityState === 'visible' && !trying && now - triedAt > tryAgainAfterMs) {
    triedAt = now
    trying = true
    void startAnew().finally(() => (trying = false))
  }
}

/** Pages are not painted while they are hidden. */
function forgive(): void {
  const now = performance.now()
  signs = { openedAt: now, frameAt: now, turnAt: now, beatAt: undefined }
}

async function startAnew(): Promise<void> {
  if (!(await pageIsServed())) return
  const reloads = recentReloads(pageSessionStorage.get(place), Date.now())
  if (isHopeless(reloads)) {
    pageSessionStorage.remove(place)
    openInPlace(`/fallback.html${location.search}`)
    return
  }
  pageSessionStorage.set(place, [...reloads, Date.now()].join(' '))
  location.reload()
}

requestAnimationFrame(onFrame)
setInterval(look, checkIntervalMs)
document.addEventListener('visibilitychange', forgive)
