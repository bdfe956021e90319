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
    // Without storage, the sound is off after the next load.
  }
}

let audio: AudioContext | undefined

/** Feedback for users with gloves who are not looking at the screen: a short vibration, and a tone if it is enabled. */
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
