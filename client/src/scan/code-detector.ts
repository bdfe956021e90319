import type { DetectCodes } from './zxing-detector.ts'

const formats = ['qr_code', 'code_128'] as const

interface NativeDetector {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>
}

interface NativeDetectorClass {
  new (options: { readonly formats: readonly string[] }): NativeDetector
  getSupportedFormats(): Promise<readonly string[]>
}

/**
 * The browser's own detector if it supports these codes, or else one that is loaded on demand. @throws if loading
 * fails.
 */
export async function codeDetector(): Promise<DetectCodes> {
  const native = (globalThis as { readonly BarcodeDetector?: NativeDetectorClass }).BarcodeDetector
  const known = (await native?.getSupportedFormats().catch(() => [])) ?? []
  if (native === undefined || !formats.every((format) => known.includes(format))) {
    return (await import('./zxing-detector.ts')).zxingDetector()
  }
  const detector = new native({ formats })
  return async (video) => (await detector.detect(video)).map(({ rawValue }) => rawValue)
}
