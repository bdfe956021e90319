import { BinaryBitmap, Code128Reader, HybridBinarizer, QRCodeReader, RGBLuminanceSource } from '@zxing/library'

/** Reads the codes in a camera picture. @returns their texts. */
export type DetectCodes = (video: HTMLVideoElement) => Promise<readonly string[]>

/** Larger pictures take longer and are not read more reliably. */
const maxWidth = 800

/** In pure JavaScript, because the content security policy forbids WebAssembly. */
export function zxingDetector(): DetectCodes {
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d', { willReadFrequently: true })
  return async (video) => {
    const { videoWidth, videoHeight } = video
    if (context === null || videoWidth === 0) return []
    canvas.width = Math.min(maxWidth, videoWidth)
    canvas.height = Math.round((canvas.width * videoHeight) / videoWidth)
    context.drawImage(video, 0, 0, canvas.width, canvas.height)
    return codesOf(context.getImageData(0, 0, canvas.width, canvas.height))
  }
}

/** The texts of the codes in a picture, at most one of each kind. */
export function codesOf({ data, width, height }: Pick<ImageData, 'data' | 'width' | 'height'>): string[] {
  const bitmap = new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(greyOf(data), width, height)))
  return [new QRCodeReader(), new Code128Reader()].flatMap((reader) => {
    try {
      return [reader.decode(bitmap).getText()]
    } catch {
      // The picture has no code of this kind.
      return []
    }
  })
}

function greyOf(pixels: Uint8ClampedArray): Uint8ClampedArray {
  const grey = new Uint8ClampedArray(pixels.length / 4)
  for (let at = 0; at < grey.length; at++) {
    const [red = 0, green = 0, blue = 0] = pixels.subarray(at * 4, at * 4 + 3)
    grey[at] = (red + 2 * green + blue) / 4
  }
  return grey
}
