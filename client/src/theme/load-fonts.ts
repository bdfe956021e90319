const weights = [400, 500, 600, 700] as const
const patienceMs = 3000

/**
 * Resolves when the faces that `sample` needs are there, or after three seconds without them. The Chinese face is
 * cut into files by character, so the sample must hold the characters that will be shown.
 */
export async function loadFonts(sample: string): Promise<void> {
  const faces = ['Barlow', 'Noto Sans SC Variable']
  const loads = faces.flatMap((face) =>
    weights.map((weight) => document.fonts.load(`${weight} 24px '${face}'`, sample)),
  )
  await Promise.race([Promise.allSettled(loads), new Promise((resolve) => setTimeout(resolve, patienceMs))])
}

/**
 * Fetches every file that is left. A name that is first shown during a cut would need one that only the server has,
 * and a face that has failed once is not tried again before the page starts afresh.
 */
export async function loadEveryFont(): Promise<void> {
  await Promise.allSettled(Array.from(document.fonts, (face) => face.load()))
}
