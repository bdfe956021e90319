import { reloadOnce } from './page-reload.ts'

/** Screens of a plant that reload together would all stand empty together. */
const spreadMs = 60_000
/** As the build names the script of the wall; a server in development names none. */
const wallScript = /^wall-.+\.js$/

/** Loads the page anew, once for each reason, when the server has come to serve another build of it. */
export class BuildWatch {
  readonly #own: string
  readonly #load: (reason: string) => Promise<boolean>
  readonly #planned = new Set<string>()

  /**
   * @param own name of the script that runs.
   * @param load false: it could not be done now.
   */
  constructor(own: string, load: (reason: string) => Promise<boolean> = reloadOnce) {
    this.#own = own
    this.#load = load
  }

  hear(build: string): void {
    if (build !== this.#own && wallScript.test(build) && wallScript.test(this.#own)) this.#plan(`build ${build}`)
  }

  /** The server says something in a newer protocol than this page knows. */
  hearNewerProtocol(protocol: number): void {
    this.#plan(`protocol ${protocol}`)
  }

  #plan(reason: string): void {
    if (this.#planned.has(reason)) return
    this.#planned.add(reason)
    setTimeout(() => void this.#reload(reason), Math.random() * spreadMs)
  }

  async #reload(reason: string): Promise<void> {
    // What did not work now is tried again with a later heartbeat.
    if (!(await this.#load(reason))) this.#planned.delete(reason)
  }
}
