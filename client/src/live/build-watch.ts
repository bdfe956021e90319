import { reloadOnce } from './page-reload.ts'

/** If all screens of a plant reloaded together, all would be blank at the same time. */
const spreadMs = 60_000
/** Name pattern of the wall's script in a build; a development server reports none. */
const wallScript = /^wall-.+\.js$/

/** Reloads the page, once per reason, when the server starts to serve another build of it. */
export class BuildWatch {
  readonly #own: string
  readonly #load: (reason: string) => Promise<boolean>
  readonly #planned = new Set<string>()

  /**
   * @param own name of the running script.
   * @param load returns false if the page could not be reloaded now.
   */
  constructor(own: string, load: (reason: string) => Promise<boolean> = reloadOnce) {
    this.#own = own
    this.#load = load
  }

  noteBuild(build: string): void {
    if (build !== this.#own && wallScript.test(build) && wallScript.test(this.#own)) this.#plan(`build ${build}`)
  }

  /** Called when the server uses a newer protocol than this page supports. */
  noteProtocol(protocol: number): void {
    this.#plan(`protocol ${protocol}`)
  }

  #plan(reason: string): void {
    if (this.#planned.has(reason)) return
    this.#planned.add(reason)
    setTimeout(() => void this.#reload(reason), Math.random() * spreadMs)
  }

  async #reload(reason: string): Promise<void> {
    // A failed reload is retried at a later heartbeat.
    if (!(await this.#load(reason))) this.#planned.delete(reason)
  }
}
