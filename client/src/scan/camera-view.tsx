import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { useText } from '../locales/use-text.ts'
import { codeDetector } from './code-detector.ts'

/** Interval between scans of the picture; a shorter one only heats up the phone. */
const scanIntervalMs = 150

type CameraState = 'starting' | 'aim' | 'refused' | 'none' | 'busy' | 'insecure'

interface CameraViewProps {
  readonly onCode: (text: string) => void
  readonly onClose: () => void
}

/** Shows the camera picture until a code is detected. */
export function CameraView({ onCode, onClose }: CameraViewProps) {
  const { t } = useText()
  const video = useRef<HTMLVideoElement>(null)
  const [state, setState] = useState<CameraState>('starting')
  const found = useEffectEvent(onCode)
  useEffect(() => {
    const place = video.current
    if (place === null) return undefined
    const camera = new Camera(place, (text) => found(text))
    void camera.open().then(setState)
    return () => camera.close()
  }, [])
  return (
    <section className="camera">
      <div className="camera__picture" data-state={state}>
        <video ref={video} muted playsInline aria-hidden />
      </div>
      <p className="camera__state" role="status">
        {t(`scan.cameraState.${state}`)}
      </p>
      <button type="button" className="button" onClick={onClose}>
        {t('scan.closeCamera')}
      </button>
    </section>
  )
}

class Camera {
  readonly #video: HTMLVideoElement
  readonly #onCode: (text: string) => void
  #stream: MediaStream | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #isClosed = false

  constructor(video: HTMLVideoElement, onCode: (text: string) => void) {
    this.#video = video
    this.#onCode = onCode
  }

  async open(): Promise<CameraState> {
    const devices = navigator.mediaDevices as MediaDevices | undefined
    if (devices === undefined) return 'insecure'
    try {
      const wanted = { facingMode: 'environment', width: { ideal: 1280 } }
      const [stream, detect] = await Promise.all([devices.getUserMedia({ video: wanted }), codeDetector()])
      this.#stream = stream
      if (this.#isClosed) this.close()
      this.#video.srcObject = stream
      await this.#video.play()
      const look = async (): Promise<void> => {
        const [text] = await detect(this.#video).catch(() => [])
        if (this.#isClosed) return
        if (text === undefined) this.#timer = setTimeout(() => void look(), scanIntervalMs)
        else this.#onCode(text)
      }
      void look()
      return 'aim'
    } catch (error) {
      return stateOf(error)
    }
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
    for (const track of this.#stream?.getTracks() ?? []) track.stop()
  }
}

function stateOf(error: unknown): CameraState {
  const name = error instanceof DOMException ? error.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused'
  return name === 'NotFoundError' || name === 'OverconstrainedError' ? 'none' : 'busy'
}
