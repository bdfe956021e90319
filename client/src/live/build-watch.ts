import { reloadOnce } from './reload-once.ts'

/** Screens of a plant that reload together would all stand empty together. */
const spreadMs = 60_000
/** As the build names the script of the wall; a server in development names none. */
const wallScript = /^wall-.+\.js$/

/** Loads the page anew, once, when the server has come to serve another build of it. */
export class BuildWatch {
  readonly #own: string
  #planned: string | undefined

  /** @param own name of the script that runs. */
  constructor(own: string) {
    this.#own = own
  }

  hear(build: string): void {
    if (build === this.#own || build === this.#planned || !wallScript.test(build) || !wallScript.test(this.#own)) return
    this.#planned = build
    setTimeout(() => void this.#reload(build), Math.random() * spreadMs)
  }

  async #reload(build: string): Promise<void> {
    // What did not work now is tried again with a later pulse.
    if (this.#planned === build && !(await reloadOnce(`build ${build}`))) this.#planned = undefined
  }
}
