const weights = [400, 500, 600, 700] as const
const patienceMs = 3000

/**
 * Resolves when the faces needed for `sample` are loaded, or after three seconds without them. The Chinese face is
 * split into files by character, so the sample must contain the characters to be shown.
 */
export async function loadFonts(sample: string): Promise<void> {
  const faces = ['Barlow', 'Noto Sans SC Variable']
  const loads = faces.flatMap((face) =>
    weights.map((weight) => document.fonts.load(`${weight} 24px '${face}'`, sample)),
  )
  await Promise.race([Promise.allSettled(loads), new Promise((resolve) => setTimeout(resolve, patienceMs))])
}

/**
 * Loads all remaining font files. Otherwise a name first shown during an outage would need a file that only the server
 * has, and the browser does not retry a failed face until the page is reloaded.
 */
export async function loadEveryFont(): Promise<void> {
  await Promise.allSettled(Array.from(document.fonts, (face) => face.load()))
}
