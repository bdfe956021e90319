const toneHz = 880
const lengthS = 0.6
const loudness = 0.2
/** A tone that plays later than this is no longer useful. */
const tooLateMs = 1_000

let audio: AudioContext | undefined
let isWaiting = false

/**
 * Plays one soft tone. A browser allows only a few audio contexts at a time and never closes one that may not play, so
 * there is one for the lifetime of the page. It stays silent until the browser lets the page play sound.
 */
export async function chime(): Promise<void> {
  if (isWaiting) return
  isWaiting = true
  const askedAt = performance.now()
  try {
    audio ??= new AudioContext()
    // If autoplay is blocked, this waits for the first user gesture, which may come hours later.
    await audio.resume()
    if (performance.now() - askedAt < tooLateMs) play(audio)
  } catch {
    // A device without sound still shows the breach.
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
