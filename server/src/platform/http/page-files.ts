import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import type { Database } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { pageFiles } from '@stagewatch/db/versions-schema.ts'
import { and, eq, inArray, lt, notInArray, sql } from 'drizzle-orm'

/** Fonts and pictures stay the same between versions, and a page works without them. */
const shared = /\.(?:js|css)$/
const mediaTypes: Readonly<Record<string, string>> = {
  js: 'application/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
}

/** No file of a page is near this size. */
const maxFileBytes = 4 * 1024 * 1024
/** Some versions, each of which has a few hundred files. */
const maxFiles = 5_000
const keptDays = 30
/** Requests for unknown names cause at most one query in this time. */
const namesReusedForMs = 2_000
/** Files of other versions that are kept in memory. */
const maxCached = 50

/**
 * Scripts and styles of the pages of all versions that run on a PostgreSQL database. Without them, a page of one
 * version could not load a script from an instance of another version, and with several instances behind a load
 * balancer, both directions occur during an upgrade.
 */
export class PageFiles {
  readonly #database: Database
  readonly #folder: string
  #names: { readonly at: number; readonly known: Promise<ReadonlySet<string>> } | undefined
  readonly #contents = new Map<string, Promise<Buffer | undefined>>()

  /** @param folder of the files of this version; it need not exist. */
  constructor(database: Database, folder: string) {
    this.#database = database
    this.#folder = folder
  }

  /** Stores the files of this version for the other instances. An embedded database has no other instance. */
  async share(): Promise<void> {
    if (this.#database.kind !== 'postgresql' || !existsSync(this.#folder)) return
    const on = drizzleOn(this.#database)
    const own = (await readdir(this.#folder)).filter((name) => shared.test(name))
    const present = await on
      .update(pageFiles)
      .set({ servedAt: sql`now()` })
      .where(inArray(pageFiles.name, own))
      .returning({ name: pageFiles.name })
    const known = new Set(present.map(({ name }) => name))
    for (const name of own.filter((each) => !known.has(each))) {
      const content = await promisify(gzip)(await readFile(join(this.#folder, name)))
      if (content.length > maxFileBytes) continue
      const encoded = sql`decode(${content.toString('base64')}, 'base64')`
      await on.insert(pageFiles).values({ name, content: encoded }).onConflictDoNothing()
    }
  }

  /** Deletes the files of versions that have not run for a while; has to be called regularly. */
  async deleteOld(): Promise<void> {
    if (this.#database.kind !== 'postgresql' || !existsSync(this.#folder)) return
    const on = drizzleOn(this.#database)
    const own = (await readdir(this.#folder)).filter((name) => shared.test(name))
    await on
      .update(pageFiles)
      .set({ servedAt: sql`now()` })
      .where(inArray(pageFiles.name, own))
    await on
      .delete(pageFiles)
      .where(
        and(
          lt(pageFiles.servedAt, sql`now() - make_interval(days => ${keptDays})`),
          own.length === 0 ? undefined : notInArray(pageFiles.name, own),
        ),
      )
  }

  /** @returns the content of a file that another version has; undefined if there is none of this name. */
  async find(name: string): Promise<{ readonly type: string; readonly content: Buffer } | undefined> {
    const type = mediaTypes[shared.exec(name)?.[0].slice(1) ?? '']
    if (type === undefined || !(await this.#knownNames()).has(name)) return undefined
    let content = this.#contents.get(name)
    if (content === undefined) {
      content = this.#read(name)
      this.#contents.set(name, content)
      void content.catch(() => this.#contents.delete(name))
      const [oldest] = this.#contents.keys()
      if (this.#contents.size > maxCached && oldest !== undefined) this.#contents.delete(oldest)
    }
    const found = await content
    return found && { type, content: found }
  }

  #knownNames(): Promise<ReadonlySet<string>> {
    const at = performance.now()
    if (this.#names === undefined || at - this.#names.at > namesReusedForMs) {
      const known = drizzleOn(this.#database)
        .select({ name: pageFiles.name })
        .from(pageFiles)
        .limit(maxFiles)
        .then((rows) => new Set(rows.map(({ name }) => name)))
      this.#names = { at, known }
      void known.catch(() => (this.#names = undefined))
    }
    return this.#names.known
  }

  async #read(name: string): Promise<Buffer | undefined> {
    const [row] = await drizzleOn(this.#database)
      .select({ content: sql<string>`encode(${pageFiles.content}, 'base64')` })
      .from(pageFiles)
      .where(eq(pageFiles.name, name))
    return row && promisify(gunzip)(Buffer.from(row.content, 'base64'))
  }
}
