const toneHz = 880
const lengthS = 0.6
const loudness = 0.2

/** One soft tone. A browser that lets no page sound by itself stays silent. */
export function chime(): void {
  const audio = new AudioContext()
  const tone = audio.createOscillator()
  const volume = audio.createGain()
  tone.frequency.value = toneHz
  volume.gain.setValueAtTime(loudness, audio.currentTime)
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + lengthS)
  tone.connect(volume).connect(audio.destination)
  tone.addEventListener('ended', () => void audio.close())
  tone.start()
  tone.stop(audio.currentTime + lengthS)
}
