const storageKey = 'stagewatch-scan-sound'

export function isSoundOn(): boolean {
  try {
    return localStorage.getItem(storageKey) === 'on'
  } catch {
    return false
  }
}

export function setSound(isOn: boolean): void {
  try {
    localStorage.setItem(storageKey, isOn ? 'on' : 'off')
  } catch {
    // A browser that stores nothing is silent next time.
  }
}

let audio: AudioContext | undefined

/** For a hand in a glove and an eye on the work: a short buzz, and a tone where somebody wants one. */
export function feedback(kind: 'found' | 'done' | 'refused'): void {
  navigator.vibrate?.(kind === 'refused' ? [80, 60, 80] : 60)
  if (!isSoundOn()) return
  audio ??= new AudioContext()
  const tone = audio.createOscillator()
  const volume = audio.createGain()
  tone.frequency.value = kind === 'refused' ? 220 : kind === 'found' ? 660 : 880
  volume.gain.value = 0.1
  tone.connect(volume).connect(audio.destination)
  tone.start()
  tone.stop(audio.currentTime + 0.12)
}
