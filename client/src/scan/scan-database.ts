import { orderProgress, type OrderProgress } from '@stagewatch/shared/contract/order-progress.ts'
import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { Person, Report } from './reports.ts'
import type { Contact } from './tap-time.ts'

/** The orders opened last can be opened without a network. */
const maxRecentOrders = 20

export interface RecentOrder {
  readonly site: string
  readonly order: string
  /** Epoch ms by the device's clock. The newest is shown first. */
  readonly openedAt: number
  /** The server's last answer. Undefined if there was none. */
  readonly progress?: OrderProgress | undefined
}

interface Schema extends DBSchema {
  /** In the order in which they were tapped. */
  reports: { key: number; value: Report; indexes: { id: string } }
  orders: { key: [string, string]; value: RecentOrder }
  /** The last signed-in person, and the last contact with the server. */
  state: { key: 'person' | 'contact'; value: Person | Contact }
}

/** Data that the device keeps across page loads. */
export class ScanDatabase {
  readonly #database: IDBPDatabase<Schema>

  private constructor(database: IDBPDatabase<Schema>) {
    this.#database = database
  }

  /** @throws DOMException in a browser without storage. */
  static async open(): Promise<ScanDatabase> {
    const database = await openDB<Schema>('stagewatch-scan', 1, {
      upgrade(created) {
        created.createObjectStore('reports', { autoIncrement: true }).createIndex('id', 'id', { unique: true })
        created.createObjectStore('orders', { keyPath: ['site', 'order'] })
        created.createObjectStore('state')
      },
    })
    return new ScanDatabase(database)
  }

  reports(): Promise<Report[]> {
    return this.#database.getAll('reports')
  }

  async addReport(report: Report): Promise<void> {
    await this.#database.add('reports', report)
  }

  /** Replaces a report in place. If another tab has deleted it, it stays deleted. */
  async changeReport(report: Report): Promise<void> {
    const tx = this.#database.transaction('reports', 'readwrite')
    const key = await tx.store.index('id').getKey(report.id)
    if (key !== undefined) await tx.store.put(report, key)
    await tx.done
  }

  async removeReport(id: string): Promise<void> {
    const tx = this.#database.transaction('reports', 'readwrite')
    const key = await tx.store.index('id').getKey(id)
    if (key !== undefined) await tx.store.delete(key)
    await tx.done
  }

  async person(): Promise<Person | undefined> {
    return (await this.#database.get('state', 'person')) as Person | undefined
  }

  async contact(): Promise<Contact | undefined> {
    return (await this.#database.get('state', 'contact')) as Contact | undefined
  }

  async keep(key: 'person' | 'contact', value: Person | Contact): Promise<void> {
    await this.#database.put('state', value, key)
  }

  /** Newest first. */
  async recentOrders(): Promise<RecentOrder[]> {
    const orders = await this.#database.getAll('orders')
    return orders.toSorted((a, b) => b.openedAt - a.openedAt)
  }

  /** The server's last answer for an order. Undefined if there is none, or if it has the format of another version. */
  async order(site: string, order: string): Promise<OrderProgress | undefined> {
    const kept = await this.#database.get('orders', [site, order])
    return orderProgress.safeParse(kept?.progress).data
  }

  /** Stores an order and keeps only the orders opened last. */
  async keepOrder(recent: RecentOrder): Promise<void> {
    const known = await this.#database.get('orders', [recent.site, recent.order])
    await this.#database.put('orders', { ...recent, progress: recent.progress ?? known?.progress })
    for (const old of (await this.recentOrders()).slice(maxRecentOrders))
      await this.#database.delete('orders', [old.site, old.order])
  }
}
