const toneHz = 880
const lengthS = 0.6
const loudness = 0.2
/** A tone that comes later warns of nothing. */
const tooLateMs = 1_000

let audio: AudioContext | undefined
let isWaiting = false

/**
 * One soft tone. A browser opens only a few sound contexts at a time and never closes one that may not sound, so there
 * is one for the life of the page; while the browser lets no page sound by itself, it stays silent.
 */
export async function chime(): Promise<void> {
  if (isWaiting) return
  isWaiting = true
  const askedAt = performance.now()
  try {
    audio ??= new AudioContext()
    // Where a page may not sound by itself this waits for the first touch, which may come hours later.
    await audio.resume()
    if (performance.now() - askedAt < tooLateMs) play(audio)
  } catch {
    // A device without sound shows the breach all the same.
  } finally {
    isWaiting = false
  }
}

function play(context: AudioContext): void {
  const tone = context.createOscillator()
  const volume = context.createGain()
  tone.frequency.value = toneHz
  volume.gain.setValueAtTime(loudness, context.currentTime)
  volume.gain.exponentialRampToValueAtTime(0.001, context.currentTime + lengthS)
  tone.connect(volume).connect(context.destination)
  tone.addEventListener('ended', () => volume.disconnect())
  tone.start()
  tone.stop(context.currentTime + lengthS)
}
